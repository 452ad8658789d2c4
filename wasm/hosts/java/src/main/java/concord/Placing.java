package concord;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What the manifest says of the columns of a batch; wasm/ABI.md has what it means. */
record Placing(
        int columns, int columnsEvents, int columnsOut, int recordOut, int events, int fields, List<Fact> facts, List<Integer> outputs, List<Outputs> answers) {

    /** A fact, the integers that it may be, and the bytes of each. */
    record Fact(String name, Schema.Type type, long from, long to, int bytes) {}

    /** The output of all of an answer and of each part of it, and how the former is read. */
    record Outputs(String name, Schema.Type type, Long whole, Map<String, Long> parts) {}

    static Placing read(Map<String, Object> layout) {
        List<Map<String, Object>> facts = Json.list(layout.get("facts"));
        List<Map<String, Object>> outputs = Json.list(layout.get("outputs"));
        List<Map<String, Object>> answers = Json.list(layout.get("answers"));
        List<String> verdicts = Json.list(layout.get("verdicts"));
        return new Placing(
                number(layout, "columns"),
                number(layout, "columns_events"),
                number(layout, "columns_out"),
                number(layout, "record_out"),
                Json.list(layout.get("events")).size(),
                Json.list(layout.get("event_field_bytes")).size(),
                facts.stream().map(of -> new Fact(Answers.text(of, "name"), Schema.type(of), integer(of, "from"), integer(of, "to"), number(of, "bytes"))).toList(),
                outputs.stream().map(of -> number(of, "bytes")).toList(),
                answers.stream().map(of -> outputs(of, verdicts)).toList());
    }

    /** The same, where it can be so at all: what a damaged manifest says may lie anywhere. */
    Placing held() {
        boolean whole = List.of(columns, columnsEvents, columnsOut, recordOut).stream().allMatch(size -> size > 0 && size < 1 << 24)
                && Stream.concat(outputs.stream(), facts.stream().map(Fact::bytes)).allMatch(SIZES::contains)
                && answers.stream().flatMap(of -> Stream.concat(Stream.of(of.whole()), of.parts().values().stream())).allMatch(at -> at >= 0 && at < outputs.size());
        if (!whole) {
            throw new IllegalArgumentException("it does not say where columns lie");
        }
        return this;
    }

    private static final Set<Integer> SIZES = Set.of(1, 2, 4, 8);

    private static Outputs outputs(Map<String, Object> of, List<String> verdicts) {
        String name = Answers.text(of, "name");
        if (of.get("verdict") == null) {
            return new Outputs(name, Schema.type(of), (Long) of.get("output"), Map.of());
        }
        Map<String, Long> parts = new HashMap<>();
        parts.put("from", (Long) of.get("trigger"));
        parts.put("due", (Long) of.get("due"));
        parts.put("done", (Long) of.get("done"));
        return new Outputs(name, new Schema.Type("enum", null, null, verdicts), (Long) of.get("verdict"), parts);
    }

    private static int number(Map<String, Object> of, String name) {
        return ((Long) of.get(name)).intValue();
    }

    private static long integer(Map<String, Object> of, String name) {
        return Long.parseLong(of.get(name).toString());
    }
}
