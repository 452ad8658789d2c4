import concord.Ask;
import concord.Options;
import concord.Rules;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A folder of rules that reloads while it is in use, a table of patients, metrics and a decision log: {@code java -cp 'lib/*' Ward.java FOLDER}. */
public final class Ward {
    public static void main(String[] arguments) throws Exception {
        Options options = Options.NONE
                .allowDraft()
                .onCall(call -> System.err.println(call.packageName() + " " + call.outcome() + " " + call.took()))
                .onDecision((decision, hash) -> System.err.println(hash + " " + decision.json().length()));
        try (Rules rules = Rules.open(
                Path.of(arguments[0]), options, (before, after) -> {}, (file, why) -> System.err.println(file + ": " + why.getMessage()))) {
            rules.watch(Duration.ofSeconds(2));
            Map<String, List<Object>> table = rules.rule("clinical.news2")
                    .evaluateTable(
                            Map.of("respiration_rate", List.of(25, 14, 18), "spo2", Arrays.asList(91, 97, null), "scale",
                                    List.of("scale_1", "scale_1", "scale_1"), "on_oxygen", List.of(true, false, false), "systolic",
                                    List.of(90, 125, 118), "pulse", List.of(131, 72, 88), "consciousness", List.of("voice", "alert", "alert"),
                                    "temperature", List.of(35.0, 36.8, 37.1)),
                            List.of("total", "risk"), Ask.PLAINLY);
            for (int row = 0; row < table.get("total").size(); row++) {
                System.out.println("patient " + row + ": "
                        + (table.get("total.kind").get(row).equals("unknown")
                                ? table.get("total.from").get(row) + " to " + table.get("total.to").get(row)
                                : table.get("total").get(row) + ", " + table.get("risk").get(row)));
            }
        }
    }
}
