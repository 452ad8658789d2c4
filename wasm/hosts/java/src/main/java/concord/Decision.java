package concord;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * A rule's answers to one case, and what is needed to judge it again.
 *
 * @param packageName the package
 * @param version its version
 * @param status draft or approved
 * @param unverified whether a figure of the rule is marked as unverified
 * @param fingerprint of the logic
 * @param asOf the instant judged at, or null
 * @param settings the member's settings in force, as a case has them
 * @param answers by name, in the order of the rule
 * @param sha256 the hash of the module
 * @param member the member whose settings were asked for, or null
 * @param notApplied those of its settings that are not approved on the day
 * @param json the record as the module wrote it, to the byte
 */
public record Decision(
        String packageName,
        String version,
        String status,
        boolean unverified,
        String fingerprint,
        String asOf,
        Map<String, Object> settings,
        Map<String, Answer> answers,
        String sha256,
        String member,
        List<Info.Differs> notApplied,
        String json) {

    /** One answer; a name that the rule does not have is an error, and never an empty answer. */
    public Answer answer(String name) {
        Answer answer = answers.get(name);
        if (answer == null) {
            throw new NoSuchElementException(packageName + " has no answer " + name);
        }
        return answer;
    }

    static Decision read(byte[] text, String sha256, String member, List<Info.Differs> notApplied) {
        Map<String, Object> of = Json.object(Json.read(text));
        Map<String, Answer> answers = new LinkedHashMap<>();
        Json.object(of.get("answers")).forEach((name, answer) -> answers.put(name, Answers.read(Json.object(answer))));
        return new Decision(
                Answers.text(of, "package"),
                Answers.text(of, "version"),
                Answers.text(of, "status"),
                (Boolean) of.get("unverified"),
                Answers.text(of, "fingerprint"),
                Answers.text(of, "as_of"),
                Collections.unmodifiableMap(Json.object(of.get("settings"))),
                Collections.unmodifiableMap(answers),
                sha256,
                member,
                notApplied,
                new String(text, StandardCharsets.UTF_8));
    }
}
