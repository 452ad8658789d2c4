package concord;

/** The deadline passed, or there is no room. */
public final class LimitReached extends ConcordException {
    private static final long serialVersionUID = 1;
    private final String limit;

    LimitReached(String limit, Throwable cause) {
        super("a limit was reached: " + limit, cause);
        this.limit = limit;
    }

    /** deadline or room. */
    public String limit() {
        return limit;
    }
}
