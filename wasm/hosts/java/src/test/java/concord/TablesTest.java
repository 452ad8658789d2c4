package concord;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tables of all the rules of rules/, in the folder that CONCORD_MODULES names: what comes out of batches is what comes out of their rows one by one. */
class TablesTest {
    @Test
    void batchesAnswerAsCasesDo() throws IOException {
        String folder = System.getenv("CONCORD_MODULES");
        try (Stream<Path> files = Files.list(Path.of(folder))) {
            for (Path vectors : files.filter(path -> path.toString().endsWith(".vectors.json")).sorted().toList()) {
                tried(vectors);
            }
        }
    }

    private static void tried(Path vectors) throws IOException {
        Path module = Path.of(vectors.toString().replace(".vectors.json", ".wasm"));
        Options drafts = Options.NONE.allowDraft();
        Rule rule = Rule.load(module, drafts);
        // Where decisions are logged, each row is asked about as a case.
        Rule oneByOne = Rule.load(module, drafts.onDecision((decision, hash) -> {}));
        Map<String, List<Object>> columns = columns(vectors, rule);
        List<String> wanted = everything(rule);
        same(rule, oneByOne, columns, wanted);
        columns.values().forEach(column -> {
            for (int row = 0; row < column.size(); row += 3) {
                column.set(row, null);
            }
        });
        same(rule, oneByOne, columns, wanted);
        int number = 0;
        for (List<Object> column : columns.values()) {
            if (number < column.size()) {
                column.set(number, "<0.5");
            }
            number++;
        }
        same(rule, oneByOne, columns, wanted);
    }

    private static void same(Rule rule, Rule oneByOne, Map<String, List<Object>> columns, List<String> want) {
        assertEquals(asked(oneByOne, columns, want), asked(rule, columns, want), () -> rule.info().packageName() + " " + want);
    }

    private static Object asked(Rule rule, Map<String, List<Object>> columns, List<String> want) {
        try {
            return rule.evaluateTable(columns, want, Ask.PLAINLY);
        } catch (CaseRefused refused) {
            return refused.faults();
        }
    }

    /** The facts of the cases with which a module is tried, and the instants at which they are judged where all have one. */
    private static Map<String, List<Object>> columns(Path vectors, Rule rule) throws IOException {
        List<Map<String, Object>> read = Json.list(Json.object(Json.read(Files.readAllBytes(vectors))).get("cases"));
        List<Map<String, Object>> cases = read.stream().map(of -> Json.object(of.get("case"))).toList();
        List<String> names = new ArrayList<>(rule.schema().facts().stream().map(Schema.Field::name).toList());
        if (!cases.isEmpty() && cases.stream().allMatch(of -> of.containsKey("as_of"))) {
            names.add("as_of");
        }
        Map<String, List<Object>> columns = new LinkedHashMap<>();
        names.forEach(name -> {
            List<Object> column = new ArrayList<>();
            cases.forEach(of -> column.add(of.get(name)));
            columns.put(name, column);
        });
        return columns;
    }

    /** All that can be wanted of a rule, but for codes, which batches do not give here. */
    private static List<String> everything(Rule rule) {
        List<String> names = new ArrayList<>();
        for (Schema.Given given : rule.schema().answers()) {
            if (given.type() != null && !Values.shows(given.type())) {
                continue;
            }
            names.add(given.name());
            if (given.type() == null) {
                Stream.of("from", "due", "done").forEach(part -> names.add(given.name() + "." + part));
            }
        }
        return names;
    }
}
