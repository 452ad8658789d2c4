package concord;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Answers every case of the corpus in this host: {@code Corpus FAULTY.json FOLDER…}. The page of the hosts says what it prints. */
public final class Corpus {
    private final MessageDigest records = MessageDigest.getInstance("SHA-256");
    private int passed;
    private int failed;

    private Corpus() throws Exception {}

    public static void main(String[] arguments) throws Exception {
        Corpus corpus = new Corpus();
        for (String folder : Arrays.asList(arguments).subList(1, arguments.length)) {
            for (String module : modules(Path.of(folder))) {
                corpus.vectors(Path.of(folder), module);
            }
        }
        corpus.faulty(Path.of(arguments[0]), Path.of(arguments[1]));
        System.out.println(corpus.passed + " passed, " + corpus.failed + " failed");
        System.out.println("records " + HexFormat.of().formatHex(corpus.records.digest()));
        System.exit(corpus.passed > 0 && corpus.failed == 0 ? 0 : 1);
    }

    private static List<String> modules(Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, "*.vectors.json")) {
            stream.forEach(path -> names.add(path.getFileName().toString().replace(".vectors.json", "")));
        }
        names.sort(Comparator.naturalOrder());
        return names;
    }

    private void that(boolean holds, String what, Object found) {
        if (holds) {
            passed++;
        } else if (failed++ < 20) {
            System.err.println(what + ": " + found);
        }
    }

    private void vectors(Path folder, String module) throws Exception {
        Rule rule = Rule.load(folder.resolve(module + ".wasm"), Options.NONE.allowDraft());
        Map<String, Object> file = Json.object(Json.read(Files.readAllBytes(folder.resolve(module + ".vectors.json"))));
        for (Map<String, Object> vector : Json.<Map<String, Object>>list(file.get("cases"))) {
            Ask ask = Ask.PLAINLY.explain().settings(Json.object(vector.get("settings")));
            String what = module + ": " + vector.get("name");
            try {
                Decision decision = rule.evaluate(Json.object(vector.get("case")), ask);
                records.update((decision.json() + "\n").getBytes(StandardCharsets.UTF_8));
                Map<String, Object> found = new LinkedHashMap<>();
                decision.answers().forEach((name, answer) -> found.put(name, plain(answer)));
                that(exact(found).equals(exact(vector.get("answers"))), what, "other answers");
            } catch (RuntimeException error) {
                that(false, what, error);
            }
        }
    }

    /** An answer as a record has it. */
    static Map<String, Object> plain(Answer answer) {
        Map<String, Object> of = new LinkedHashMap<>();
        if (answer instanceof Value value) {
            of.put("kind", "value");
            of.put("value", value.value());
        } else if (answer instanceof None) {
            of.put("kind", "none");
            of.put("value", null);
        } else if (answer instanceof Unknown unknown) {
            Map<String, Object> possible = new LinkedHashMap<>();
            put(possible, "from", unknown.possible().from());
            put(possible, "to", unknown.possible().to());
            put(possible, "values", unknown.possible().values());
            possible.put("or_none", unknown.possible().orNone());
            of.put("kind", "unknown");
            of.put("possible", possible);
            of.put("needs", needs(unknown.needs()));
        } else if (answer instanceof Verdict verdict) {
            of.put("kind", "verdict");
            of.put("verdict", verdict.verdict());
            put(of, "possible", verdict.possible());
            put(of, "needs", verdict.needs() == null ? null : needs(verdict.needs()));
            put(of, "from", verdict.from());
            put(of, "due", verdict.due());
            put(of, "due_on", verdict.dueOn());
            put(of, "done", verdict.done());
            put(of, "late_by", verdict.lateBy());
            put(of, "late_by_days", verdict.lateByDays());
            put(of, "late_by_working_days", verdict.lateByWorkingDays());
            put(of, "excuse", verdict.excuse());
        }
        of.put("text", answer.words().text());
        put(of, "because", answer.words().because());
        put(of, "source", answer.words().source());
        return of;
    }

    private static List<Map<String, Object>> needs(List<Need> needs) {
        List<Map<String, Object>> plain = new ArrayList<>();
        for (Need need : needs) {
            Map<String, Object> of = new LinkedHashMap<>();
            of.put("kind", need.kind());
            put(of, "fact", need.fact());
            put(of, "event", need.event());
            put(of, "field", need.field());
            put(of, "parameter", need.parameter());
            put(of, "answer", need.answer());
            put(of, "until", need.until());
            of.put("text", need.text());
            plain.add(of);
        }
        return plain;
    }

    private static void put(Map<String, Object> of, String name, Object value) {
        if (value != null) {
            of.put(name, value);
        }
    }

    /** Values that are equal where they are the same as JSON, numbers exactly. */
    private static Object exact(Object of) {
        if (of instanceof Number number) {
            return new BigDecimal(number.toString()).stripTrailingZeros();
        }
        if (of instanceof Map<?, ?> map) {
            Map<Object, Object> same = new HashMap<>();
            map.forEach((name, value) -> same.put(name, exact(value)));
            return same;
        }
        return of instanceof List<?> list ? list.stream().map(Corpus::exact).toList() : of == null ? "null" : of;
    }

    private void faulty(Path path, Path folder) throws Exception {
        Map<String, Rule> rules = new HashMap<>();
        for (Map<String, Object> of : Json.<Map<String, Object>>list(Json.object(Json.read(Files.readAllBytes(path))).get("cases"))) {
            String module = (String) of.get("module");
            if (!rules.containsKey(module)) {
                rules.put(module, Rule.load(folder.resolve(module + ".wasm"), Options.NONE.allowDraft()));
            }
            byte[] text = of.containsKey("bytes")
                    ? HexFormat.of().parseHex((String) of.get("bytes"))
                    : ((String) of.get("case")).getBytes(StandardCharsets.UTF_8);
            Ask ask = of.containsKey("settings") ? Ask.PLAINLY.settings((String) of.get("settings")) : Ask.PLAINLY;
            if (of.containsKey("member")) {
                ask = ask.member((String) of.get("member"));
            }
            Object found = "answers";
            try {
                Decision decision = rules.get(module).evaluate(text, ask);
                if (of.containsKey("record") && decision.json().contains((String) of.get("record"))) {
                    found = Map.of("not_applied", (long) decision.notApplied().size());
                }
            } catch (CaseRefused refused) {
                found = Map.of("refused", refused.faults());
            } catch (SettingRefused refused) {
                found = Map.of("setting_refused", refused.faults());
            } catch (ClaimBroken broken) {
                found = Map.of("broken", broken.claim());
            }
            that(found.equals(wanted(of)), (String) of.get("name"), found);
        }
    }

    private static Map<String, Object> wanted(Map<String, Object> of) {
        for (String how : List.of("refused", "setting_refused")) {
            if (of.containsKey(how)) {
                return Map.of(how, Answers.faults(Json.write(Map.of("refused", of.get(how)))));
            }
        }
        String how = of.containsKey("record") ? "not_applied" : "broken";
        return Map.of(how, of.get(how));
    }
}
