package concord;

import java.util.List;

/**
 * Something is missing.
 *
 * @param possible what it may still be
 * @param needs what would settle it
 * @param words in words
 */
public record Unknown(Possible possible, List<Need> needs, Words words) implements Answer {}
