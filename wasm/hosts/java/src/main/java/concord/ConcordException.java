package concord;

/** Why there is no answer. No message repeats a value of the case. */
public abstract sealed class ConcordException extends RuntimeException
        permits CaseRefused, SettingRefused, RuleRefused, ClaimBroken, LimitReached {
    private static final long serialVersionUID = 1;

    ConcordException(String message, Throwable cause) {
        super(message, cause);
    }
}
