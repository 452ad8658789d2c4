package concord;

import java.util.List;

/** A setting is outside the contract, or there is no such parameter or member. */
public final class SettingRefused extends ConcordException {
    private static final long serialVersionUID = 1;
    private final transient List<Fault> faults;

    SettingRefused(List<Fault> faults) {
        super("a setting is refused: " + faults, null);
        this.faults = List.copyOf(faults);
    }

    /** What is wrong. */
    public List<Fault> faults() {
        return faults;
    }
}
