package concord;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import run.endive.runtime.WasmInterruptedException;

/** A rule that {@code concord build} has made: one file, NAME.wasm. Any number of threads may use it at once; there is nothing to close. */
public final class Rule {
    private final byte[] module;
    private final Info info;
    private final Schema schema;
    private final Placing placing;
    private final Pool pool;
    private final Options options;

    Rule(byte[] module, Info info, Schema schema, Placing placing, Pool pool, Options options) {
        this.module = module;
        this.info = info;
        this.schema = schema;
        this.placing = placing;
        this.pool = pool;
        this.options = options;
    }

    /** Loads a rule from a file. Where its manifest lies beside it, it must be the one that the manifest names. */
    public static Rule load(Path path, Options options) throws IOException {
        return Loader.load(path, options);
    }

    /** Loads a rule from the bytes of its module. */
    public static Rule load(byte[] module, Options options) {
        return Loader.load(module, options);
    }

    /** Whose answers they are. */
    public Info info() {
        return info;
    }

    /** What a case may hold, and an answer may be. */
    public Schema schema() {
        return schema;
    }

    /** The module, from which {@link #load(byte[], Options)} makes the rule again elsewhere. */
    public byte[] bytes() {
        return module.clone();
    }

    /** How many instances are kept that no call is using. */
    int idle() {
        return pool.idle();
    }

    /** Answers a case: facts by name, "as_of", and "events", a list of maps. */
    public Decision evaluate(Map<String, ?> of, Ask ask) {
        return evaluate(Json.write(of), ask);
    }

    /** Answers a case, the text of a JSON object. */
    public Decision evaluate(String json, Ask ask) {
        return evaluate(Json.bytes(json), ask);
    }

    /** Answers a case, the text of a JSON object in UTF-8. */
    public Decision evaluate(byte[] json, Ask ask) {
        long begun = System.nanoTime();
        byte[] text = ask.text(json);
        Decision decision = null;
        ConcordException why = null;
        try {
            decision = judge(text, ask);
            return decision;
        } catch (ConcordException error) {
            why = error;
            throw error;
        } finally {
            if (options.onCall != null && (decision != null || why != null)) {
                tell(1, decision == null ? 0 : (int) decision.answers().values().stream().filter(answer -> !answer.isKnown()).count(), why, begun);
            }
            if (decision != null) {
                log(decision, text);
            }
        }
    }

    /** Answers a row of a table as a case; the decision log is told of it where that is asked for. */
    Decision evaluateRow(Map<String, ?> of, Ask ask, boolean logged) {
        byte[] text = ask.text(Json.write(of));
        Decision decision = judge(text, ask);
        if (logged) {
            log(decision, text);
        }
        return decision;
    }

    /** Tells metrics how a call went. */
    void tell(int cases, int unknown, ConcordException why, long begun) {
        if (options.onCall != null) {
            options.onCall.accept(call(cases, unknown, why, Duration.ofNanos(System.nanoTime() - begun)));
        }
    }

    private void log(Decision decision, byte[] text) {
        if (options.onDecision != null) {
            options.onDecision.accept(decision, Loader.hash(text));
        }
    }

    /** What is wrong with a case: nothing where it can be answered. */
    public List<Fault> check(Map<String, ?> of, Ask ask) {
        return check(Json.write(of), ask);
    }

    /** What is wrong with a case, the text of a JSON object in UTF-8: nothing where it can be answered. */
    public List<Fault> check(byte[] json, Ask ask) {
        try {
            judge(ask.text(json), ask);
            return List.of();
        } catch (CaseRefused refused) {
            return refused.faults();
        }
    }

    /** Answers many cases without events; {@link Table} has what comes out. */
    public Map<String, List<Object>> evaluateTable(Map<String, ? extends List<?>> columns, List<String> want, Ask ask) {
        return new Table(this, columns, want).evaluate(ask);
    }

    private Decision judge(byte[] text, Ask ask) {
        return RuleRefused.orStopped(() -> {
            if (ask.member == null) {
                return decide(text, new Members.InForce(new String(ask.given(), StandardCharsets.UTF_8), List.of()), ask);
            }
            return byTheDay(text, own(ask), ask);
        });
    }

    private Decision decide(byte[] text, Members.InForce inForce, Ask ask) {
        byte[] record = withInstance(inForce.json(), ask, used -> used.evaluate(text, ask.explain));
        return Decision.read(record, info.sha256(), ask.member, inForce.notApplied());
    }

    /** What a member has set. What the call sets itself, the module says, which refuses it twice. */
    private Members own(Ask ask) {
        if (ask.settings == null) {
            return Members.of(info, ask, settings -> false);
        }
        withInstance(new String(ask.settings, StandardCharsets.UTF_8), ask, used -> null);
        return Members.of(info, ask, settings -> {
            try {
                return withInstance(settings, ask, used -> false);
            } catch (SettingRefused refused) {
                return refused.faults().stream().anyMatch(fault -> fault.code().equals("D05"));
            }
        });
    }

    /**
     * The decision with what is in force on the day of a case, which its first decision says. Where the case reaches what the rule claims to be impossible, the module
     * says no day: then it is asked in every way that there may be.
     */
    private Decision byTheDay(byte[] text, Members own, Ask ask) {
        ConcordException last = null;
        for (Members.InForce way : own.ways()) {
            try {
                Decision decision = decide(text, way, ask);
                Members.InForce right = own.at(decision.asOf());
                return right.equals(way) ? decision : decide(text, right, ask);
            } catch (ClaimBroken | SettingRefused error) {
                last = error;
            }
        }
        throw last;
    }

    /** The settings in force for a call about many cases, judged at one instant. */
    private String settings(Ask ask) {
        if (ask.member == null) {
            return new String(ask.given(), StandardCharsets.UTF_8);
        }
        Members own = own(ask);
        try {
            return own.at(byTheDay(ask.text("{}".getBytes(StandardCharsets.UTF_8)), own, ask).asOf()).json();
        } catch (CaseRefused refused) {
            return own.at(null).json(); // what is wrong with the instant is said of the cases
        }
    }

    /**
     * Has an instance do something, with the settings of a call in force. A call that somebody else interrupts is made again in a thread that nobody else knows of, and
     * the thread is interrupted when it has ended: nothing that was asked for took too long.
     */
    private <T> T withInstance(String settings, Ask ask, Function<Running, T> does) {
        long begun = System.nanoTime();
        try {
            return withinTime(settings, ask.deadline, does);
        } catch (WasmInterruptedException other) {
            Duration left = ask.deadline == null ? null : ask.deadline.minusNanos(System.nanoTime() - begun);
            FutureTask<T> again = new FutureTask<>(() -> withinTime(settings, left, does));
            Thread thread = new Thread(again, "concord, after an interruption");
            thread.setDaemon(true);
            thread.start();
            try {
                return uninterrupted(again);
            } finally {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static <T> T uninterrupted(FutureTask<T> task) {
        while (true) {
            try {
                return task.get();
            } catch (InterruptedException again) {
                // it waits on; the thread is interrupted when the call has ended
            } catch (ExecutionException error) {
                if (error.getCause() instanceof RuntimeException why) {
                    throw why;
                }
                throw (Error) error.getCause();
            }
        }
    }

    /** The same once. An instance that was stopped, or ran out of room or of time, is let go. */
    private <T> T withinTime(String settings, Duration deadline, Function<Running, T> does) {
        if (deadline != null && (deadline.isZero() || deadline.isNegative())) {
            throw new LimitReached("deadline", null);
        }
        Running used = pool.take(settings);
        Watch watch = new Watch(deadline);
        try {
            used.configure(settings);
            T found = does.apply(used);
            pool.give(used);
            return found;
        } catch (CaseRefused | SettingRefused | ClaimBroken error) {
            pool.give(used);
            throw error;
        } catch (LimitReached error) {
            if (error.getCause() instanceof WasmInterruptedException other && !watch.rang()) {
                Thread.interrupted();
                throw other;
            }
            throw error;
        } finally {
            watch.end();
        }
    }

    /** The same for a case of which only the instant is known. */
    <T> T withInstance(Ask ask, Function<Running, T> does) {
        return RuleRefused.orStopped(() -> withInstance(settings(ask), ask, does));
    }

    /** Where columns and outputs of batches stand. */
    Placing placing() {
        return placing;
    }

    /** Whether every decision is told. */
    boolean isLogged() {
        return options.onDecision != null;
    }

    /** Whether a case must say at which instant it is judged. */
    boolean wantsAnInstant() {
        try {
            judge("{}".getBytes(StandardCharsets.UTF_8), Ask.PLAINLY);
            return false;
        } catch (ClaimBroken broken) {
            return false;
        } catch (CaseRefused refused) {
            return true;
        }
    }

    private Call call(int cases, int unknown, ConcordException why, Duration took) {
        String outcome = "answered";
        List<Fault> faults = List.of();
        if (why instanceof CaseRefused refused) {
            outcome = "refused";
            faults = refused.faults();
        } else if (why instanceof SettingRefused refused) {
            outcome = "setting_refused";
            faults = refused.faults();
        } else if (why instanceof ClaimBroken) {
            outcome = "claim_broken";
        } else if (why instanceof LimitReached) {
            outcome = "limit";
        } else if (why != null) {
            outcome = "stopped";
        }
        List<String> codes = faults.stream().map(Fault::code).toList();
        return new Call(info.packageName(), info.version(), info.fingerprint(), outcome, took, codes, unknown, cases);
    }
}
