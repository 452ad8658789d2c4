package concord;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Instances, one for each call that is under way at a time. */
final class Pool {
    /** By how many pages a case may have grown the memory of an instance that is kept. */
    private static final int GROWN = 64;
    /** So many that are idle are kept. */
    private static final int KEPT = 64;

    private final Supplier<Running> start;
    private final int usual;
    private final List<Running> idle = new ArrayList<>();

    Pool(Supplier<Running> start, Running first) {
        this.start = start;
        usual = first.memory.pages();
        idle.add(first);
    }

    /** An instance, one with these settings if there is one. */
    Running take(String settings) {
        synchronized (this) {
            int last = idle.size() - 1;
            for (int place = last; place >= 0; place--) {
                if (idle.get(place).settings.equals(settings)) {
                    return idle.remove(place);
                }
            }
            if (last >= 0) {
                return idle.remove(last);
            }
        }
        return start.get();
    }

    /** Takes one back whose call has ended. One that was stopped is let go instead. */
    void give(Running used) {
        if (used.memory.pages() <= usual + GROWN) {
            synchronized (this) {
                if (idle.size() < KEPT) {
                    idle.add(used);
                }
            }
        }
    }

    synchronized int idle() {
        return idle.size();
    }
}
