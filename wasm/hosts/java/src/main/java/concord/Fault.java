package concord;

/**
 * One thing that is wrong with a case or a setting.
 *
 * @param code what {@code concord explain} explains, such as D08
 * @param at where, as a JSON pointer
 * @param expected what belongs there, or null where there is nothing to say
 */
public record Fault(String code, String at, String expected) {
    @Override
    public String toString() {
        return code + (at.isEmpty() ? "" : " at " + at) + (expected == null ? "" : ": expected " + expected);
    }
}
