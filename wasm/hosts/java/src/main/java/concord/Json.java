package concord;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON with exact numbers: a {@link Long}, {@link BigInteger} or {@link BigDecimal}, digit by digit as it stands. */
final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();
    /** What stands for a value that JSON has none for: the module takes it nowhere, and says what belongs in its place. */
    private static final String NOTHING = "[[]]";
    /** Places of a number that are written out; with more of them, it has an exponent. */
    private static final int LONGEST = 400;
    private static final char MARK = '\ufffd';

    private Json() {}

    static Object read(byte[] text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            parser.nextToken();
            Object read = value(parser);
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("something stands after the value");
            }
            return read;
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> object(Object of) {
        return (Map<String, Object>) of;
    }

    @SuppressWarnings("unchecked")
    static <T> List<T> list(Object of) {
        return (List<T>) of;
    }

    private static Object value(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new IllegalArgumentException("there is no value");
        }
        switch (token) {
            case START_OBJECT -> {
                Map<String, Object> object = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    object.put(name, value(parser));
                }
                return object;
            }
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser));
                }
                return list;
            }
            case VALUE_NUMBER_INT -> {
                BigInteger number = parser.getBigIntegerValue();
                return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
            }
            case VALUE_NUMBER_FLOAT -> {
                return parser.getDecimalValue();
            }
            case VALUE_TRUE, VALUE_FALSE -> {
                return token == JsonToken.VALUE_TRUE;
            }
            case VALUE_NULL -> {
                return null;
            }
            default -> {
                return parser.getText();
            }
        }
    }

    /** A text in UTF-8. Half of a character has none, and makes a text of it that is none either, as the module says. */
    static byte[] bytes(String text) {
        return whole(text).equals(text) ? text.getBytes(StandardCharsets.UTF_8) : new byte[] {-1};
    }

    /** A text, with a mark in the place of each half of a character. */
    private static String whole(String text) {
        StringBuilder whole = null;
        for (int at = 0; at < text.length(); at++) {
            boolean half = Character.isSurrogate(text.charAt(at));
            if (half && at + 1 < text.length() && Character.isSurrogatePair(text.charAt(at), text.charAt(at + 1))) {
                at++;
            } else if (half) {
                whole = whole == null ? new StringBuilder(text) : whole;
                whole.setCharAt(at, MARK);
            }
        }
        return whole == null ? text : whole.toString();
    }

    static byte[] write(Object of) {
        StringBuilder text = new StringBuilder();
        append(text, of);
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void append(StringBuilder text, Object of) {
        if (of == null || of instanceof Boolean) {
            text.append(of);
        } else if (of instanceof Number number) {
            text.append(digits(number));
        } else if (of instanceof Map<?, ?> map) {
            String before = "{";
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                quote(text.append(before), whole(String.valueOf(entry.getKey())));
                append(text.append(':'), entry.getValue());
                before = ",";
            }
            text.append(map.isEmpty() ? "{}" : "}");
        } else if (of instanceof Iterable<?> list) {
            String before = "[";
            for (Object entry : list) {
                append(text.append(before), entry);
                before = ",";
            }
            text.append(before.equals("[") ? "[]" : "]");
        } else {
            String words = words(of);
            if (whole(words).equals(words)) {
                quote(text, words);
            } else {
                text.append(NOTHING);
            }
        }
    }

    /** The shortest text that is the number; of what is none, such as NaN, that stands in its place. */
    private static String digits(Number number) {
        if (number instanceof Double || number instanceof Float) {
            if (!Double.isFinite(number.doubleValue())) {
                return NOTHING;
            }
            return new BigDecimal(number.toString()).stripTrailingZeros().toPlainString();
        }
        // Written out, a number of few digits and a large exponent would take all the memory there is.
        return number instanceof BigDecimal decimal && Math.abs((long) decimal.scale()) <= LONGEST ? decimal.toPlainString() : number.toString();
    }

    /** Texts, choices, and Java's own instants, dates, times of day and lengths of time. */
    private static String words(Object of) {
        if (of instanceof CharSequence || of instanceof Enum<?> || of instanceof Instant || of instanceof LocalDate || of instanceof LocalTime
                || of instanceof Duration) {
            return of.toString();
        }
        if (of instanceof OffsetDateTime at) {
            return at.toInstant().toString();
        }
        if (of instanceof ZonedDateTime at) {
            return at.toInstant().toString();
        }
        throw new IllegalArgumentException("a case has nothing that is a " + of.getClass().getName());
    }

    static void quote(StringBuilder text, String of) {
        text.append('"');
        for (int at = 0; at < of.length(); at++) {
            char c = of.charAt(at);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }
}
