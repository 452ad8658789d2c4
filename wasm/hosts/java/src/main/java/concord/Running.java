package concord;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import run.endive.runtime.ExportFunction;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.runtime.WasmInterruptedException;
import run.endive.wasm.WasmEngineException;

/** An instance of a module: one thread at a time, one member's settings. */
final class Running {
    private static final int ANSWERED = 0;
    private static final int REFUSED = 1;
    private static final int BROKEN = 2;

    final Memory memory;
    private final ExportFunction alloc;
    private final ExportFunction reset;
    private final ExportFunction evaluate;
    private final ExportFunction explain;
    private final ExportFunction configure;
    private final ExportFunction out;
    private final ExportFunction outBytes;
    private final ExportFunction selfTest;
    private final ExportFunction describe;
    private final ExportFunction describeBytes;
    private final ExportFunction batch;

    /** Those in force, as JSON. */
    String settings = "{}";

    Running(Instance instance) {
        memory = instance.memory();
        alloc = instance.export("alloc");
        reset = instance.export("reset");
        evaluate = instance.export("evaluate_json");
        explain = instance.export("explain_json");
        configure = instance.export("configure_json");
        out = instance.export("json_out");
        outBytes = instance.export("json_out_bytes");
        selfTest = instance.export("self_test");
        describe = instance.export("describe");
        describeBytes = instance.export("describe_bytes");
        batch = instance.export("evaluate_batch");
    }

    byte[] describe() {
        return text(describe, describeBytes);
    }

    int selfTest() {
        return call(selfTest);
    }

    /** Answers a case: the record. */
    byte[] evaluate(byte[] text, boolean why) {
        byte[] said = new byte[1];
        byte[] found = ask(why ? explain : evaluate, text, said);
        switch (said[0]) {
            case ANSWERED:
                return found;
            case REFUSED:
                throw new CaseRefused(Answers.faults(found));
            default:
                throw new ClaimBroken(Answers.text(Json.object(Json.read(found)), "broken"));
        }
    }

    /** Answers row after row, as many at a time as the block has; the rows that no column can hold. */
    List<Integer> batches(Block block, int rows, Cells cells) {
        List<Integer> left = new ArrayList<>();
        call(reset);
        int at = call(alloc, block.bytes + 8);
        if (at <= 0) {
            throw new LimitReached("room", null);
        }
        int base = (at + 7) & ~7;
        for (int start = 0; start < rows; start += block.rows) {
            int count = Math.min(block.rows, rows - start);
            memory.write(base, block.fill(base, start, count, left));
            int records = call(batch, count, base, base + block.outputs);
            if (records < 0) {
                throw new LimitReached("room", null);
            }
            block.take(memory.readBytes(base, block.bytes), start, count, records, cells);
        }
        return left;
    }

    /** Puts settings in force, and no others. */
    void configure(String wanted) {
        if (wanted.equals(settings)) {
            return;
        }
        byte[] said = new byte[1];
        byte[] found = ask(configure, wanted.getBytes(StandardCharsets.UTF_8), said);
        if (said[0] != ANSWERED) {
            throw new SettingRefused(Answers.faults(found));
        }
        settings = wanted;
    }

    /** Gives a text to a function: what came out, and the status. */
    private byte[] ask(ExportFunction function, byte[] text, byte[] status) {
        call(reset);
        int at = call(alloc, text.length);
        if (at <= 0) {
            throw new LimitReached("room", null);
        }
        memory.write(at, text);
        int said = call(function, at, text.length);
        if (said < ANSWERED || said > BROKEN) {
            throw new LimitReached("room", null);
        }
        status[0] = (byte) said;
        return text(out, outBytes);
    }

    private byte[] text(ExportFunction at, ExportFunction bytes) {
        try {
            return memory.readBytes(call(at), call(bytes));
        } catch (IndexOutOfBoundsException | WasmEngineException error) {
            throw RuleRefused.stopped(error);
        }
    }

    private static int call(ExportFunction function, long... arguments) {
        try {
            return (int) function.apply(arguments)[0];
        } catch (WasmInterruptedException error) {
            throw new LimitReached("deadline", error);
        } catch (WasmEngineException error) {
            throw RuleRefused.stopped(error);
        } catch (OutOfMemoryError error) {
            throw new LimitReached("room", error);
        }
    }
}
