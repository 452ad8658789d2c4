package concord;

import java.util.List;
import java.util.Map;

/**
 * Whose answers they are.
 *
 * @param packageName the package
 * @param version its version
 * @param title its title
 * @param owner who answers for it
 * @param status draft or approved
 * @param unverified whether a figure of it is marked as unverified
 * @param fingerprint of the logic
 * @param sha256 of the module
 * @param sources the publications that it states
 * @param members the members, and what each has set otherwise than the group
 */
public record Info(
        String packageName,
        String version,
        String title,
        String owner,
        String status,
        boolean unverified,
        String fingerprint,
        String sha256,
        List<String> sources,
        List<Member> members) {

    /**
     * An organisation.
     *
     * @param code its code
     * @param title its name, where it has set something, or null
     * @param tier its tier in the network, likewise
     * @param differs what it has set otherwise
     */
    public record Member(String code, String title, String tier, List<Differs> differs) {}

    /**
     * What a member has set otherwise than the group.
     *
     * @param parameter which
     * @param group the group's value, in words
     * @param member the member's, in words
     * @param value the member's, as settings take it
     * @param because why
     * @param approvedBy who approved it
     * @param approvedOn the first day on which it holds
     * @param until the last, or null
     */
    public record Differs(String parameter, String group, String member, Object value, String because, String approvedBy, String approvedOn, String until) {}

    /** The same of a module with this hash. */
    Info of(String sha256) {
        return new Info(packageName, version, title, owner, status, unverified, fingerprint, sha256, sources, members);
    }

    static Info read(Map<String, Object> of, String sha256) {
        return new Info(
                Answers.text(of, "package"),
                Answers.text(of, "version"),
                Answers.text(of, "title"),
                Answers.text(of, "owner"),
                Answers.text(of, "status"),
                (Boolean) of.get("unverified"),
                Answers.text(of, "fingerprint"),
                sha256,
                Json.list(of.get("sources")),
                Json.<Map<String, Object>>list(of.get("members")).stream().map(Info::member).toList());
    }

    private static Member member(Map<String, Object> of) {
        List<Differs> differs = Json.<Map<String, Object>>list(of.get("differs")).stream()
                .map(one -> new Differs(
                        Answers.text(one, "parameter"),
                        Answers.text(one, "group"),
                        Answers.text(one, "member"),
                        one.get("value"),
                        Answers.text(one, "because"),
                        Answers.text(one, "approved_by"),
                        Answers.text(one, "approved_on"),
                        Answers.text(one, "until")))
                .toList();
        return new Member(Answers.text(of, "code"), Answers.text(of, "title"), Answers.text(of, "tier"), differs);
    }
}
