import concord.Ask;
import concord.Options;
import concord.Rule;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** What a case and a row cost on this machine: {@code java -cp 'lib/*' Speed.java news2.wasm}. */
public final class Speed {
    private static final int CASES = 5_000;
    private static final int ROWS = 100_000;
    private static final byte[] TEXT = ("{\"respiration_rate\":25,\"spo2\":91,\"scale\":\"scale_1\",\"on_oxygen\":true,\"systolic\":90,\"pulse\":131,"
                    + "\"consciousness\":\"voice\",\"temperature\":35.0}")
            .getBytes(StandardCharsets.UTF_8);

    public static void main(String[] arguments) throws Exception {
        Rule news2 = Rule.load(Path.of(arguments[0]), Options.NONE.allowDraft());
        System.out.println("case " + best(CASES, () -> {
            for (int count = 0; count < CASES; count++) {
                news2.evaluate(TEXT, Ask.PLAINLY);
            }
        }) + " ns");
        Map<String, List<?>> columns = table();
        System.out.println("row " + best(ROWS, () -> news2.evaluateTable(columns, List.of("total", "risk"), Ask.PLAINLY)) + " ns");
    }

    /** The least time that one of so many takes, in nanoseconds. */
    private static long best(int many, Runnable ask) {
        long least = Long.MAX_VALUE;
        for (int turn = 0; turn < 5; turn++) {
            long begun = spent();
            ask.run();
            least = Math.min(least, spent() - begun);
        }
        return least / many;
    }

    /** The time of processors, those of the compiler and of the collector among them. */
    private static long spent() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    /** Rows of observations, all there. */
    private static Map<String, List<?>> table() {
        Map<String, List<?>> columns = new LinkedHashMap<>();
        columns.put("respiration_rate", column(row -> 8 + row * 7919L % 23));
        columns.put("spo2", column(row -> 85 + row * 7919L % 16));
        columns.put("scale", column(row -> row % 2 == 0 ? "scale_1" : "scale_2"));
        columns.put("on_oxygen", column(row -> row % 2 == 0));
        columns.put("systolic", column(row -> 80 + row * 7919L % 151));
        columns.put("pulse", column(row -> 30 + row * 7919L % 121));
        String[] awake = {"alert", "new_confusion", "voice", "pain", "unresponsive"};
        columns.put("consciousness", column(row -> awake[row % awake.length]));
        columns.put("temperature", column(row -> (340 + row * 7919L % 61) / 10.0));
        return columns;
    }

    private static List<Object> column(IntFunction<Object> of) {
        List<Object> column = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            column.add(of.apply(row));
        }
        return column;
    }
}
