package concord;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** How a case is asked about. Each method gives a new one and leaves the old as it was. */
public final class Ask {
    /** With nothing said. */
    public static final Ask PLAINLY = new Ask(null, null, null, false, null);

    /** What some programs write before a text in UTF-8. */
    private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    final String asOf;
    final byte[] settings;
    final String member;
    final boolean explain;
    final Duration deadline;

    private Ask(String asOf, byte[] settings, String member, boolean explain, Duration deadline) {
        this.asOf = asOf;
        this.settings = settings;
        this.member = member;
        this.explain = explain;
        this.deadline = deadline;
    }

    /** The instant to judge at, for a case that does not say it: to the millisecond, what is finer is cut off. */
    public Ask asOf(Instant instant) {
        return new Ask(instant.truncatedTo(ChronoUnit.MILLIS).toString(), settings, member, explain, deadline);
    }

    /** A member's settings by name, in force for this call and no others. */
    public Ask settings(Map<String, ?> of) {
        return new Ask(asOf, Json.write(of), member, explain, deadline);
    }

    /** The same as the text of a JSON object. */
    public Ask settings(String json) {
        return new Ask(asOf, Json.bytes(json), member, explain, deadline);
    }

    /** A member's code: its settings of the manifest are in force, as far as their approval holds on the day of as_of in London. */
    public Ask member(String code) {
        return new Ask(asOf, settings, code, explain, deadline);
    }

    /** Has each answer say why. */
    public Ask explain() {
        return new Ask(asOf, settings, member, true, deadline);
    }

    /** After how long the answer is of no use; where nothing is left, there is none. */
    public Ask deadline(Duration most) {
        return new Ask(asOf, settings, member, explain, most);
    }

    /** A case with the instant. */
    byte[] text(byte[] of) {
        return asOf == null ? of : withFirst(of, List.of("\"as_of\":\"" + asOf + "\""));
    }

    /** The settings of the call itself. */
    byte[] given() {
        return settings == null ? "{}".getBytes(StandardCharsets.UTF_8) : settings;
    }

    /** An object with these entries put before whatever else it says, so that the module sees what is given twice. What is no object stays as it is. */
    static byte[] withFirst(byte[] of, List<String> entries) {
        int open = of.length >= MARK.length && Arrays.equals(of, 0, MARK.length, MARK, 0, MARK.length) ? MARK.length : 0;
        while (open < of.length && blank(of[open])) {
            open++;
        }
        if (entries.isEmpty() || open == of.length || of[open] != '{') {
            return of;
        }
        int next = open + 1;
        while (next < of.length && blank(of[next])) {
            next++;
        }
        String comma = next < of.length && of[next] == '}' ? "" : ",";
        byte[] said = (String.join(",", entries) + comma).getBytes(StandardCharsets.UTF_8);
        byte[] text = new byte[of.length + said.length];
        System.arraycopy(of, 0, text, 0, open + 1);
        System.arraycopy(said, 0, text, open + 1, said.length);
        System.arraycopy(of, open + 1, text, open + 1 + said.length, of.length - open - 1);
        return text;
    }

    private static boolean blank(byte of) {
        return of == ' ' || of == '\t' || of == '\r' || of == '\n';
    }
}
