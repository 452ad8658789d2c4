package concord;

import java.util.List;

/**
 * What people read of an answer.
 *
 * @param text the answer in words
 * @param because why it is so, a sentence each; null unless it was asked for
 * @param source the citation; null unless it was asked for and the rule has one
 */
public record Words(String text, List<String> because, String source) {}
