import concord.Ask;
import concord.Options;
import concord.Rule;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** What a case and a row cost on this machine, in time of its processors: {@code java -cp 'lib/*' Speed.java news2.wasm}. */
public final class Speed {
    private static final int CASES = 20_000;
    private static final String TEXT = "{\"respiration_rate\":25,\"spo2\":91,\"scale\":\"scale_1\",\"on_oxygen\":true,\"systolic\":90,\"pulse\":131,"
            + "\"consciousness\":\"voice\",\"temperature\":35.0}";

    private static double spent() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e3;
    }

    public static void main(String[] arguments) throws Exception {
        Rule rule = Rule.load(Path.of(arguments[0]), Options.NONE.allowDraft());
        double begun = 0;
        for (int turn = 0; turn < 2; turn++) { // once to get warm
            begun = spent();
            for (int place = 0; place < CASES; place++) {
                rule.evaluate(TEXT, Ask.PLAINLY);
            }
        }
        System.out.printf("a case %.1f µs%n", (spent() - begun) / CASES);
        Map<String, List<Object>> columns = Map.of(
                "respiration_rate", Collections.nCopies(CASES, 12), "spo2", Collections.nCopies(CASES, 97), "scale", Collections.nCopies(CASES, "scale_1"),
                "on_oxygen", Collections.nCopies(CASES, false));
        begun = spent();
        rule.evaluateTable(columns, List.of("total", "risk"), Ask.PLAINLY);
        System.out.printf("a row %.1f µs%n", (spent() - begun) / CASES);
    }
}
