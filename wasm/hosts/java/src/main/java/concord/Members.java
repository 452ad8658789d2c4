package concord;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a member has set, and a call does not set itself: settings of the manifest, those whose approval holds. On which day a case is judged, and what a call sets
 * itself, only the module says: whoever read either a second time would sometimes read it otherwise.
 */
final class Members {
    private static final ZoneId LONDON = ZoneId.of("Europe/London");

    private final byte[] given;
    private final List<Info.Differs> differs;

    private Members(byte[] given, List<Info.Differs> differs) {
        this.given = given;
        this.differs = differs;
    }

    /** Of settings in force: their text, and those of the member that are not. */
    record InForce(String json, List<Info.Differs> notApplied) {}

    /** Of the member of a call; sets says whether the call sets again what is put before its settings. */
    static Members of(Info info, Ask ask, Predicate<String> sets) {
        Info.Member member = info.members().stream()
                .filter(one -> one.code().equals(ask.member))
                .findAny()
                .orElseThrow(() -> {
                    List<String> known = info.members().stream().map(Info.Member::code).toList();
                    String expected = known.isEmpty() ? "no member: the rule knows none" : "one of " + String.join(", ", known);
                    return new SettingRefused(List.of(new Fault("member", "", expected)));
                });
        byte[] given = ask.given();
        List<Info.Differs> own = member.differs().stream().filter(one -> !sets.test(before(given, List.of(one)))).toList();
        return new Members(given, own);
    }

    private static String before(byte[] given, List<Info.Differs> those) {
        List<String> entries = new ArrayList<>();
        for (Info.Differs one : those) {
            StringBuilder entry = new StringBuilder();
            Json.quote(entry, one.parameter());
            entries.add(entry.append(':').append(new String(Json.write(one.value()), StandardCharsets.UTF_8)).toString());
        }
        return new String(Ask.withFirst(given, entries), StandardCharsets.UTF_8);
    }

    /** What may be in force, on one day or another: all of it first, and at last none. */
    Set<InForce> ways() {
        Set<InForce> ways = new LinkedHashSet<>(List.of(inForce(one -> true)));
        for (Info.Differs one : differs) {
            ways.add(on(LocalDate.parse(one.approvedOn())));
            ways.add(on(one.until() == null ? null : LocalDate.parse(one.until())));
        }
        ways.add(on(null));
        return ways;
    }

    /** What is in force at the instant of a decision; without one nothing is. */
    InForce at(String asOf) {
        return on(asOf == null ? null : Instant.parse(asOf).atZone(LONDON).toLocalDate());
    }

    private InForce on(LocalDate day) {
        return inForce(one -> day != null && !day.isBefore(LocalDate.parse(one.approvedOn()))
                && (one.until() == null || !day.isAfter(LocalDate.parse(one.until()))));
    }

    private InForce inForce(Predicate<Info.Differs> holds) {
        return new InForce(before(given, differs.stream().filter(holds).toList()), differs.stream().filter(holds.negate()).toList());
    }
}
