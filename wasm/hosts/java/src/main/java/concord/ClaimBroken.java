package concord;

/** The case reaches what the rule claims to be impossible. */
public final class ClaimBroken extends ConcordException {
    private static final long serialVersionUID = 1;
    private final String claim;

    ClaimBroken(String claim) {
        super("the case breaks a claim of the rule: " + claim, null);
        this.claim = claim;
    }

    /** The claim, in words. */
    public String claim() {
        return claim;
    }
}
