package concord;

import java.util.List;

/**
 * A verdict on an obligation. What is not known or does not apply is null; instants are in UTC.
 *
 * @param verdict not applicable, excused, met, late, missed, open or unknown
 * @param possible the verdicts that are still possible, where it is unknown
 * @param needs what would settle it, where it is unknown
 * @param from since when the time runs
 * @param due when it is due
 * @param dueOn the day in London on which it is due, where it is due by a day
 * @param done when it was done
 * @param lateBy how late it is, as ISO 8601
 * @param lateByDays how many calendar days late, where it is due by a day
 * @param lateByWorkingDays how many working days late, where the deadline counts those
 * @param excuse the reason that excuses it
 * @param words in words
 */
public record Verdict(
        String verdict,
        List<String> possible,
        List<Need> needs,
        String from,
        String due,
        String dueOn,
        String done,
        String lateBy,
        Long lateByDays,
        Long lateByWorkingDays,
        String excuse,
        Words words)
        implements Answer {}
