package concord;

/**
 * Something that is missing. What does not apply is null.
 *
 * @param kind fact, field, time, events, parameter or decision
 * @param fact the fact
 * @param event the kind of event
 * @param field the field of the event
 * @param parameter the parameter
 * @param answer the obligation that is still open
 * @param until until when it is
 * @param text in words
 */
public record Need(String kind, String fact, String event, String field, String parameter, String answer, String until, String text) {}
