package concord;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Interrupts a thread whose call takes too long: the engine looks for it at each turn of a loop. An interruption that the thread had before the call, which means
 * something to its owner and nothing to the call, waits until the end of the watch.
 */
final class Watch {
    private static final ScheduledExecutorService CLOCK = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "concord deadlines");
        thread.setDaemon(true);
        return thread;
    });

    private static final Duration FOREVER = Duration.ofDays(36_500);

    private final Thread watched = Thread.currentThread();
    private final boolean interrupted = Thread.interrupted();
    private final ScheduledFuture<?> bell;
    private boolean over;
    private boolean rang;

    Watch(Duration most) {
        bell = most == null || most.compareTo(FOREVER) > 0 ? null : CLOCK.schedule(this::ring, most.toNanos(), TimeUnit.NANOSECONDS);
    }

    private synchronized void ring() {
        if (!over) {
            rang = true;
            watched.interrupt();
        }
    }

    /** Whether it interrupted the call. */
    synchronized boolean rang() {
        return rang;
    }

    /** Ends the watch; an interruption of ours goes with it, and no other. */
    synchronized void end() {
        over = true;
        if (bell != null) {
            bell.cancel(false);
        }
        if (rang) {
            Thread.interrupted();
        }
        if (interrupted) {
            watched.interrupt();
        }
    }
}
