package concord;

import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** How a rule is loaded. Each method gives new options and leaves the old as they were. */
public final class Options {
    /** Drafts are refused, and golden cases answered first. */
    public static final Options NONE = new Options(null, null, false, true, null, null);

    final String sha256;
    final String fingerprint;
    final boolean allowDraft;
    final boolean verify;
    final Consumer<Call> onCall;
    final BiConsumer<Decision, String> onDecision;

    private Options(
            String sha256, String fingerprint, boolean allowDraft, boolean verify, Consumer<Call> onCall, BiConsumer<Decision, String> onDecision) {
        this.sha256 = sha256;
        this.fingerprint = fingerprint;
        this.allowDraft = allowDraft;
        this.verify = verify;
        this.onCall = onCall;
        this.onDecision = onDecision;
    }

    /** The hash that the file must have, in hexadecimal digits. */
    public Options sha256(String hash) {
        return new Options(hash.toLowerCase(Locale.ROOT), fingerprint, allowDraft, verify, onCall, onDecision);
    }

    /** The fingerprint that its logic must have. */
    public Options fingerprint(String hash) {
        return new Options(sha256, hash.toLowerCase(Locale.ROOT), allowDraft, verify, onCall, onDecision);
    }

    /** Lets a rule answer that nobody has approved. */
    public Options allowDraft() {
        return new Options(sha256, fingerprint, true, verify, onCall, onDecision);
    }

    /** Takes a module that has not answered its golden cases first. */
    public Options withoutVerifying() {
        return new Options(sha256, fingerprint, allowDraft, false, onCall, onDecision);
    }

    /** Is told of every call, for metrics: nothing of the patient. */
    public Options onCall(Consumer<Call> tell) {
        return new Options(sha256, fingerprint, allowDraft, verify, tell, onDecision);
    }

    /** Is told of every answer, for the decision log, and of the SHA-256 of the case's text as it went in. */
    public Options onDecision(BiConsumer<Decision, String> tell) {
        return new Options(sha256, fingerprint, allowDraft, verify, onCall, tell);
    }
}
