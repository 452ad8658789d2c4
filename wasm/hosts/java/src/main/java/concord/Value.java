package concord;

/**
 * It is known.
 *
 * @param value a Boolean, Long or BigDecimal (exact, as it was written), or a String: a choice, a code, an instant, a date or a length of time
 * @param words in words
 */
public record Value(Object value, Words words) implements Answer {}
