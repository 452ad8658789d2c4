package concord;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
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
        Rule rule = Rule.load(module, Options.NONE.allowDraft());
        Map<String, List<Object>> columns = columns(vectors, rule);
        List<String> wanted = everything(rule);
        same(rule, columns, wanted);
        columns.values().forEach(column -> {
            for (int row = 0; row < column.size(); row += 3) {
                column.set(row, null);
            }
        });
        same(rule, columns, wanted);
        int number = 0;
        for (List<Object> column : columns.values()) {
            if (number < column.size()) {
                column.set(number, "<0.5");
            }
            number++;
        }
        same(rule, columns, wanted);
    }

    private static void same(Rule rule, Map<String, List<Object>> columns, List<String> want) {
        assertEquals(
                said(() -> oneByOne(rule, columns, want)),
                said(() -> rule.evaluateTable(columns, want, Ask.PLAINLY)),
                () -> rule.info().packageName() + " " + want);
    }

    /** What comes of it, or what is refused. */
    private static Object said(Supplier<Object> call) {
        try {
            return call.get();
        } catch (CaseRefused refused) {
            return refused.faults();
        }
    }

    /** What comes out where each row is asked about as a case. */
    private static Map<String, List<Object>> oneByOne(Rule rule, Map<String, List<Object>> columns, List<String> want) {
        int rows = columns.values().iterator().next().size();
        Cells cells = new Cells(rule, want, rows);
        List<Fault> faults = new ArrayList<>();
        for (int row = 0; row < rows && faults.size() <= 50; row++) {
            Map<String, Object> of = new LinkedHashMap<>();
            for (Map.Entry<String, List<Object>> column : columns.entrySet()) {
                of.put(column.getKey(), column.getValue().get(row));
            }
            if (!rule.schema().events().isEmpty()) {
                of.put("not_supplied", rule.schema().events().stream().map(Schema.Event::name).toList());
            }
            try {
                cells.decided(row, rule.evaluate(of, Ask.PLAINLY));
            } catch (ClaimBroken broken) {
                cells.broken(row);
            } catch (CaseRefused refused) {
                for (Fault fault : refused.faults()) {
                    faults.add(new Fault(fault.code(), "/" + row + fault.at(), fault.expected()));
                }
            }
        }
        if (faults.size() > 50) {
            faults.subList(50, faults.size()).clear();
            faults.add(new Fault("D19", "", null));
        }
        if (!faults.isEmpty()) {
            throw new CaseRefused(faults);
        }
        return cells.columns();
    }

    private static Rule kinds() throws IOException {
        return Rule.load(Path.of(System.getenv("CONCORD_MODULES"), "kinds", "kinds.wasm"), Options.NONE.allowDraft());
    }

    private static Map<String, Object> corpus() throws IOException {
        return Json.object(Json.read(Files.readAllBytes(Path.of("../corpus/rows.json"))));
    }

    /** Holds a row between two others to the case with its value. */
    private static void holdsAsACase(Rule rule, String fact, Object good, Object value) {
        boolean instant = fact.equals("as_of");
        List<String> want = List.of(instant ? "now" : "of_" + fact);
        Ask ask = instant ? Ask.PLAINLY : Ask.PLAINLY.asOf(Instant.parse("2026-06-01T12:00:00Z"));
        Map<String, Object> of = new LinkedHashMap<>(Map.of("not_supplied", List.of("Come")));
        of.put(fact, value);
        Object one = said(() -> {
            Cells cells = new Cells(rule, want, 1);
            cells.decided(0, rule.evaluate(of, ask));
            return cells.columns().values().stream().map(column -> column.get(0)).toList().toString();
        });
        Object many = said(() -> {
            Map<String, List<Object>> table = rule.evaluateTable(Map.of(fact, Arrays.asList(good, value, good)), want, ask);
            return table.values().stream().map(column -> column.get(1)).toList().toString();
        });
        String about = fact + " " + value;
        if (one instanceof List<?> faults) {
            assertEquals(faults.stream().map(fault -> placed((Fault) fault)).toList(), many, about);
        } else {
            assertEquals(one, many, about);
        }
    }

    private static Fault placed(Fault fault) {
        return new Fault(fault.code(), "/1" + fault.at(), fault.expected());
    }

    @Test
    void everyValueOfAColumnIsTakenAsInACase() throws IOException {
        Rule rule = kinds();
        Map<String, Object> good = Json.object(corpus().get("good"));
        for (Map.Entry<String, Object> values : Json.object(corpus().get("values")).entrySet()) {
            for (Object value : Json.list(values.getValue())) {
                holdsAsACase(rule, values.getKey(), good.get(values.getKey()), value);
            }
        }
        OffsetDateTime before = OffsetDateTime.parse("1899-12-31T23:30:00-01:00");
        Map<String, List<Object>> own = Map.of(
                "big", List.of(new BigDecimal("1E+25"), new BigDecimal("9E17"), 1e17, Double.NaN, Long.MAX_VALUE, new BigInteger("9007199254740993"), (short) 5),
                "small", List.of(38.4f, 38.4, 0.1 + 0.2, Float.NaN, new BigDecimal("0.1000"), 5),
                "amount", List.of(123456789012345.67, 681802249186459.0, new BigDecimal("1234567890123456.78"), 12345678.9f),
                "born", List.of(LocalDate.of(2026, 3, 29), LocalDate.of(2200, 1, 1)),
                "clock", List.of(LocalTime.of(9, 30), LocalTime.of(9, 30, 0, 500_000_000), LocalTime.of(9, 30, 0, 500)),
                "wait", List.of(Duration.ofMinutes(90), Duration.ofNanos(5), Duration.ofDays(401)),
                "seen", List.of(
                        before, before.toZonedDateTime(), before.toInstant(), Instant.parse("2200-01-01T00:00:00Z"), Instant.parse("2199-12-31T23:59:59.999Z"),
                        Instant.parse("2026-03-29T01:30:00.500000001Z"), Instant.MAX));
        own.forEach((fact, values) -> values.forEach(value -> holdsAsACase(rule, fact, good.get(fact), value)));
    }

    @Test
    void settingsAreInForceInATableAsInACase() throws IOException {
        Rule rule = kinds();
        SettingRefused nobody = assertThrows(SettingRefused.class, () -> rule.evaluate(Map.of(), Ask.PLAINLY.member("X")));
        assertEquals(List.of(new Fault("member", "", "no member: the rule knows none")), nobody.faults());
        List<String> want = rule.schema().parameters().stream().map(of -> "of_" + of.name()).toList();
        for (Object settings : Json.list(corpus().get("settings"))) {
            Ask ask = Ask.PLAINLY.asOf(Instant.parse("2026-06-01T12:00:00Z")).settings(Json.object(settings));
            assertEquals(set(() -> {
                Cells cells = new Cells(rule, want, 1);
                cells.decided(0, rule.evaluate(Map.of(), ask));
                return cells.columns();
            }), set(() -> rule.evaluateTable(Map.of("big", List.of(1)), want, ask)), () -> settings.toString());
        }
    }

    private static Object set(Supplier<Object> call) {
        try {
            return call.get();
        } catch (SettingRefused refused) {
            return refused.faults();
        }
    }

    /** The facts of the cases with which a module is tried, and the instants at which they are judged where all have one. */
    private static Map<String, List<Object>> columns(Path vectors, Rule rule) throws IOException {
        List<Map<String, Object>> read = Json.list(Json.object(Json.read(Files.readAllBytes(vectors))).get("cases"));
        List<Map<String, Object>> cases = read.stream().map(of -> Json.object(of.get("case"))).limit(60).toList();
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
