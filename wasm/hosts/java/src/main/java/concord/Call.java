package concord;

import java.time.Duration;
import java.util.List;

/**
 * What metrics are told of a call. Nothing of it is of the patient.
 *
 * @param packageName the package
 * @param version its version
 * @param fingerprint of the logic
 * @param outcome answered, refused, setting_refused, claim_broken, limit or stopped
 * @param took how long it took
 * @param codes of the faults, where a case or a setting was refused
 * @param unknown how many answers are not known; of a table, of those that were wanted
 * @param cases how many cases it was about: one, or the rows of a table
 */
public record Call(String packageName, String version, String fingerprint, String outcome, Duration took, List<String> codes, int unknown, int cases) {}
