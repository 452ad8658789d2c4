package concord;

import java.util.function.Supplier;

/** The module is not to be trusted. */
public final class RuleRefused extends ConcordException {
    private static final long serialVersionUID = 1;
    private final String code;
    private final String why;

    RuleRefused(String code, String why) {
        this(code, why, null);
    }

    RuleRefused(String code, String why, Throwable cause) {
        super("the rule is refused (" + code + "): " + why, cause);
        this.code = code;
        this.why = why;
    }

    /** The module did what its interface excludes. */
    static RuleRefused stopped(Throwable cause) {
        return new RuleRefused("stopped", String.valueOf(cause.getMessage()), cause);
    }

    /** What a module that is whole gives; of one that is damaged anything may come. */
    static <T> T orStopped(Supplier<T> does) {
        try {
            return does.get();
        } catch (ConcordException error) {
            throw error;
        } catch (RuntimeException | StackOverflowError error) {
            throw stopped(error);
        }
    }

    /** Why, in words. */
    public String why() {
        return why;
    }

    /** sha256, module, interface, json, fingerprint, draft, self_test or twice; or stopped, where it stopped in a call. */
    public String code() {
        return code;
    }
}
