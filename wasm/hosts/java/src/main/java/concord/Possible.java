package concord;

import java.util.List;
import java.util.StringJoiner;

/**
 * What an unknown answer may still be: between two values or one of some, and none where that is possible too.
 *
 * @param from the least, or null
 * @param to the greatest, or null
 * @param values the choices, or null
 * @param orNone whether it may be none
 */
public record Possible(Object from, Object to, List<Object> values, boolean orNone) {
    @Override
    public String toString() {
        StringJoiner words = new StringJoiner(" or ");
        if (from != null) {
            words.add(from + " to " + to);
        }
        if (values != null) {
            values.forEach(value -> words.add(value.toString()));
        }
        if (orNone) {
            words.add("none");
        }
        return words.toString();
    }
}
