package concord;

import java.util.List;
import java.util.Map;

/**
 * What a case may hold, and an answer may be.
 *
 * @param facts the facts
 * @param events the kinds of event
 * @param parameters what members may set, and what the standard fixes
 * @param answers the answers
 */
public record Schema(List<Field> facts, List<Event> events, List<Parameter> parameters, List<Given> answers) {

    /**
     * Of a value.
     *
     * @param kind number, yes_no, enum, duration, instant, date, time_of_day or code
     * @param places decimal places of a number, or null
     * @param unit unit of a number, or null
     * @param variants the choices, or null
     */
    public record Type(String kind, Long places, String unit, List<String> variants) {}

    /**
     * A fact, or a field of an event.
     *
     * @param name its name
     * @param type its type
     * @param from the least that it may be, an integer of the binary interface: a Long, or a String where readers of JSON would round it
     * @param to the greatest
     * @param mayBeNone whether it may be recorded as absent
     */
    public record Field(String name, Type type, Object from, Object to, boolean mayBeNone) {}

    /**
     * A kind of event.
     *
     * @param name its name
     * @param fields its fields
     */
    public record Event(String name, List<Field> fields) {}

    /**
     * A parameter.
     *
     * @param name its name
     * @param type its type
     * @param fixed whether no member may set it
     */
    public record Parameter(String name, Type type, boolean fixed) {}

    /**
     * An answer.
     *
     * @param name its name
     * @param identifier one that can stand in a program
     * @param type its type; null of an obligation, which is judged by a verdict
     */
    public record Given(String name, String identifier, Type type) {}

    static Schema read(Map<String, Object> layout) {
        return new Schema(
                fields(layout.get("facts")),
                objects(layout.get("events")).stream().map(of -> new Event(Answers.text(of, "name"), fields(of.get("fields")))).toList(),
                objects(layout.get("parameters")).stream()
                        .map(of -> new Parameter(Answers.text(of, "name"), type(of), of.get("members_may_set") == null))
                        .toList(),
                objects(layout.get("answers")).stream()
                        .map(of -> new Given(Answers.text(of, "name"), Answers.text(of, "identifier"), type(of)))
                        .toList());
    }

    private static List<Map<String, Object>> objects(Object list) {
        return Json.list(list);
    }

    private static List<Field> fields(Object list) {
        return objects(list).stream()
                .map(of -> new Field(Answers.text(of, "name"), type(of), of.get("from"), of.get("to"), Boolean.TRUE.equals(of.get("may_be_none"))))
                .toList();
    }

    static Type type(Map<String, Object> of) {
        Map<String, Object> type = Json.object(of.get("type"));
        return type == null
                ? null
                : new Type(Answers.text(type, "kind"), (Long) type.get("places"), Answers.text(type, "unit"), Json.list(type.get("variants")));
    }
}
