package concord;

/** The module is not to be trusted. */
public final class RuleRefused extends ConcordException {
    private static final long serialVersionUID = 1;
    private final String code;

    RuleRefused(String code, String why) {
        this(code, why, null);
    }

    RuleRefused(String code, String why, Throwable cause) {
        super("the rule is refused (" + code + "): " + why, cause);
        this.code = code;
    }

    /** The module did what its interface excludes. */
    static RuleRefused stopped(Throwable cause) {
        return new RuleRefused("stopped", String.valueOf(cause.getMessage()), cause);
    }

    /** sha256, module, interface, json, fingerprint, draft, self_test or twice; or stopped, where it stopped in a call. */
    public String code() {
        return code;
    }
}
