package concord;

import java.util.List;

/** The case is faulty, and was not answered. */
public final class CaseRefused extends ConcordException {
    private static final long serialVersionUID = 1;
    private final transient List<Fault> faults;

    CaseRefused(List<Fault> faults) {
        super("the case is refused: " + faults, null);
        this.faults = List.copyOf(faults);
    }

    /** What is wrong, in the order of the text. */
    public List<Fault> faults() {
        return faults;
    }
}
