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
                quote(text.append(before), entry.getKey().toString());
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
            quote(text, words(of));
        }
    }

    /** The shortest text that is the number. */
    private static String digits(Number number) {
        if (number instanceof Double || number instanceof Float) {
            if (!Double.isFinite(number.doubleValue())) {
                throw new IllegalArgumentException("a case has no number that is not finite");
            }
            return new BigDecimal(number.toString()).stripTrailingZeros().toPlainString();
        }
        return number instanceof BigDecimal decimal ? decimal.toPlainString() : number.toString();
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
