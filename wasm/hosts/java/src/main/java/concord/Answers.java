package concord;

import java.util.List;
import java.util.Map;

/** Reads answers as a module writes them. */
final class Answers {
    private Answers() {}

    static Answer read(Map<String, Object> of) {
        Words words = new Words(text(of, "text"), Json.list(of.get("because")), text(of, "source"));
        String kind = text(of, "kind");
        switch (kind) {
            case "value":
                return new Value(of.get("value"), words);
            case "none":
                return new None(words);
            case "unknown":
                Map<String, Object> possible = Json.object(of.get("possible"));
                return new Unknown(
                        new Possible(possible.get("from"), possible.get("to"), Json.list(possible.get("values")), (Boolean) possible.get("or_none")),
                        needs(of),
                        words);
            case "verdict":
                return new Verdict(
                        text(of, "verdict"),
                        Json.list(of.get("possible")),
                        of.containsKey("needs") ? needs(of) : null,
                        text(of, "from"),
                        text(of, "due"),
                        text(of, "due_on"),
                        text(of, "done"),
                        text(of, "late_by"),
                        (Long) of.get("late_by_days"),
                        (Long) of.get("late_by_working_days"),
                        text(of, "excuse"),
                        words);
            default:
                throw new IllegalArgumentException("this host knows no answer of the kind " + kind);
        }
    }

    private static List<Need> needs(Map<String, Object> of) {
        return Json.<Map<String, Object>>list(of.get("needs")).stream()
                .map(need -> new Need(
                        text(need, "kind"),
                        text(need, "fact"),
                        text(need, "event"),
                        text(need, "field"),
                        text(need, "parameter"),
                        text(need, "answer"),
                        text(need, "until"),
                        text(need, "text")))
                .toList();
    }

    static List<Fault> faults(byte[] text) {
        return Json.<Map<String, Object>>list(Json.object(Json.read(text)).get("refused")).stream()
                .map(fault -> new Fault(text(fault, "code"), text(fault, "at"), text(fault, "expected")))
                .toList();
    }

    static String text(Map<String, Object> of, String name) {
        return (String) of.get(name);
    }
}
