package concord;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import java.util.regex.Pattern;

/** Values of columns as the integers that a module has for them, and back. */
final class Values {
    static final Schema.Type INSTANT = new Schema.Type("instant", null, null, null);
    /** The first and the last instant that a case may have: with the next begins the year 2200, which ranges of a module include. */
    static final long FIRST = -2_208_988_800_000L;
    static final long LAST = 7_258_118_399_999L;

    private static final Set<String> STAND = Set.of("number", "yes_no", "enum", "date", "instant");
    private static final Set<String> SHOWN = Set.of("number", "yes_no", "enum", "date", "instant", "time_of_day", "duration");
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,3})?(Z|[+-](0\\d|1[0-4]):\\d{2})");
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss");

    private Values() {}

    /** Whether a fact of this type can stand in a column here; others are asked about as cases. */
    static boolean stands(Schema.Type type) {
        return STAND.contains(type.kind());
    }

    /** Whether answers of this type are read here. */
    static boolean shows(Schema.Type type) {
        return SHOWN.contains(type.kind());
    }

    /** The integer of a plain value, or null where it is another, which the module has to read. */
    static Long read(Schema.Type type, Object entry) {
        try {
            switch (type.kind()) {
                case "number":
                    return entry instanceof Number number ? scaled(number, type.places().intValue()) : null;
                case "yes_no":
                    return entry instanceof Boolean yes ? (Long) (yes ? 1L : 0L) : null;
                case "enum":
                    int place = entry instanceof String name ? type.variants().indexOf(name) : -1;
                    return place < 0 ? null : (Long) (long) place;
                case "date":
                    LocalDate on = entry instanceof LocalDate date ? date : entry instanceof String text && DATE.matcher(text).matches() ? LocalDate.parse(text) : null;
                    return on == null ? null : (Long) on.toEpochDay();
                default:
                    return instant(entry);
            }
        } catch (ArithmeticException | DateTimeException error) {
            return null;
        }
    }

    private static Long instant(Object entry) {
        OffsetDateTime at = entry instanceof Instant instant
                ? instant.atOffset(ZoneOffset.UTC)
                : entry instanceof OffsetDateTime here
                        ? here
                        : entry instanceof ZonedDateTime here
                                ? here.toOffsetDateTime()
                                : entry instanceof String text && TIME.matcher(text).matches() ? OffsetDateTime.parse(text) : null;
        // A day before or after those of the calendar of a case is refused where it is said, whichever day it is in UTC.
        boolean plain = at != null && at.getNano() % 1_000_000 == 0 && at.getYear() >= 1900 && at.getYear() < 2200;
        return plain ? (Long) at.toInstant().toEpochMilli() : null;
    }

    /** A number at its declared places; what has more of them is no integer. */
    private static Long scaled(Number number, int places) {
        if (places == 0 && (number instanceof Integer || number instanceof Long)) {
            return number.longValue();
        }
        if ((number instanceof Double || number instanceof Float) && !Double.isFinite(number.doubleValue())) {
            return null;
        }
        return new BigDecimal(number.toString()).movePointRight(places).longValueExact();
    }

    /** A value as answers have it. */
    static Object show(Schema.Type type, long value) {
        switch (type.kind()) {
            case "number":
                return type.places() == 0 ? (Object) value : decimal(value, type.places().intValue());
            case "yes_no":
                return value != 0;
            case "enum":
                return type.variants().get((int) value);
            case "date":
                return LocalDate.ofEpochDay(value).toString();
            case "instant":
                return SECONDS.format(Instant.ofEpochMilli(value).atOffset(ZoneOffset.UTC)) + fraction(Math.floorMod(value, 1000)) + "Z";
            case "time_of_day":
                String text = LocalTime.ofNanoOfDay(value * 1_000_000).format(DateTimeFormatter.ISO_LOCAL_TIME);
                return (value % 60_000 == 0 ? text.substring(0, 5) : text.substring(0, 8)) + fraction(Math.floorMod(value, 1000));
            default:
                return duration(value);
        }
    }

    private static String fraction(int milliseconds) {
        return milliseconds == 0 ? "" : String.format(".%03d", milliseconds);
    }

    /** At least one digit after the point, and no zeros at the end beyond that. */
    private static BigDecimal decimal(long value, int places) {
        BigDecimal exact = BigDecimal.valueOf(value, places).stripTrailingZeros();
        return exact.scale() < 1 ? exact.setScale(1) : exact;
    }

    /** ISO 8601, in hours, minutes and seconds. */
    private static String duration(long milliseconds) {
        long left = Math.abs(milliseconds);
        long hours = left / 3_600_000;
        long minutes = left / 60_000 % 60;
        long seconds = left / 1_000 % 60;
        StringBuilder text = new StringBuilder(milliseconds < 0 ? "-PT" : "PT");
        if (hours > 0) {
            text.append(hours).append('H');
        }
        if (minutes > 0) {
            text.append(minutes).append('M');
        }
        if (left % 1_000 > 0) {
            text.append(seconds).append(String.format(".%03dS", left % 1_000));
        } else if (seconds > 0 || hours + minutes == 0) {
            text.append(seconds).append('S');
        }
        return text.toString();
    }
}
