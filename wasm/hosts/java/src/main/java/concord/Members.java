package concord;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A member's settings: those of the manifest whose approval holds. */
final class Members {
    private static final ZoneId LONDON = ZoneId.of("Europe/London");
    private static final Pattern SHORT_ZONE = Pattern.compile("([+-]\\d{2}):?(\\d{2})?$");

    private Members() {}

    /** The settings of a call as JSON, and those of the member that do not hold. */
    record InForce(String json, List<Info.Differs> notApplied) {}

    static InForce of(Info info, byte[] text, Ask ask) {
        String given = ask.settings == null ? "{}" : new String(ask.settings, StandardCharsets.UTF_8);
        if (ask.member == null) {
            return new InForce(given, List.of());
        }
        Info.Member member = info.members().stream()
                .filter(one -> one.code().equals(ask.member))
                .findAny()
                .orElseThrow(() -> {
                    List<String> known = info.members().stream().map(Info.Member::code).toList();
                    return new SettingRefused(List.of(new Fault("member", "", "one of " + String.join(", ", known))));
                });
        Map<String, Object> own = new LinkedHashMap<>();
        if (ask.settings != null) {
            try {
                own.putAll(Json.object(Json.read(ask.settings)));
            } catch (RuntimeException error) {
                return new InForce(given, List.of()); // the module says what is wrong with it
            }
        }
        LocalDate day = day(text);
        List<Info.Differs> notApplied = new ArrayList<>();
        for (Info.Differs differs : member.differs()) {
            if (own.containsKey(differs.parameter())) {
                continue;
            }
            if (day != null && holds(differs, day)) {
                own.put(differs.parameter(), differs.value());
            } else {
                notApplied.add(differs);
            }
        }
        return new InForce(new String(Json.write(own), StandardCharsets.UTF_8), notApplied);
    }

    private static boolean holds(Info.Differs differs, LocalDate day) {
        return !day.isBefore(LocalDate.parse(differs.approvedOn()))
                && (differs.until() == null || !day.isAfter(LocalDate.parse(differs.until())));
    }

    /** The day in London of a case's as_of, or null where it has none that can be read: the module refuses any other. */
    private static LocalDate day(byte[] text) {
        try {
            String at = (String) Json.object(Json.read(text)).get("as_of");
            at = at.toUpperCase(Locale.ROOT).replaceFirst(" ", "T");
            Matcher zone = SHORT_ZONE.matcher(at);
            if (!at.endsWith("Z") && zone.find()) {
                at = at.substring(0, zone.start()) + zone.group(1) + ":" + (zone.group(2) == null ? "00" : zone.group(2));
            }
            return OffsetDateTime.parse(at).atZoneSameInstant(LONDON).toLocalDate();
        } catch (DateTimeException | NullPointerException | ClassCastException | java.io.UncheckedIOException | IllegalArgumentException error) {
            return null;
        }
    }
}
