package concord;

/**
 * It is known that there is none: recorded as absent, or the rule gives no value.
 *
 * @param words in words
 */
public record None(Words words) implements Answer {}
