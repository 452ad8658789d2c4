package concord;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A batch: what stands where, from the address that the module gives, what goes in, and what came out. The block of columns stands at its beginning. */
final class Block {
    /** About how many bytes a batch may take, and how many rows it has at most. */
    private static final int ROOM = 1 << 20;
    private static final int MOST_ROWS = 4096;

    /** A column that goes in: where its values stand, and which of them are there. The fact is -1 of the instants to judge at. */
    private record In(List<?> entries, Schema.Type type, long from, long to, int fact, int bytes, int values, int there) {}

    /** Something that is wanted: its output, how that is read, and where its column stands. */
    private record Out(int output, Schema.Type type, boolean part, int bytes, int low) {}

    private final Placing placing;
    private final List<In> in = new ArrayList<>();
    private final List<Out> out = new ArrayList<>();
    private final long asOf;
    private int end;
    final int rows;
    final int bytes;
    final int outputs;
    private final int status;
    private final int none;
    private final int records;

    /** Null where something goes in, or is wanted, that batches here do not have. */
    static Block of(Placing placing, Map<String, ? extends List<?>> columns, Cells cells, Ask ask) {
        if (ask.asOf != null && columns.containsKey("as_of")) {
            return null;
        }
        Long asOf = ask.asOf == null ? Long.valueOf(0) : Values.read(Values.INSTANT, ask.asOf);
        if (asOf == null || asOf < Values.FIRST || asOf > Values.LAST) {
            return null;
        }
        List<In> in = new ArrayList<>();
        columns.forEach((name, entries) -> in.add(input(placing, name, entries)));
        List<Out> out = new ArrayList<>();
        cells.wanted.forEach(one -> out.add(output(placing, one)));
        return in.contains(null) || out.contains(null) ? null : new Block(placing, in, out, asOf);
    }

    private static In input(Placing placing, String name, List<?> entries) {
        if (name.equals("as_of")) {
            return new In(entries, Values.INSTANT, Values.FIRST, Values.LAST, -1, 8, 0, 0);
        }
        for (int place = 0; place < placing.facts().size(); place++) {
            Placing.Fact fact = placing.facts().get(place);
            if (fact.name().equals(name) && Values.stands(fact.type())) {
                long to = fact.type().kind().equals("instant") ? Math.min(fact.to(), Values.LAST) : fact.to();
                return new In(entries, fact.type(), fact.from(), to, place, fact.bytes(), 0, 0);
            }
        }
        return null;
    }

    private static Out output(Placing placing, Cells.Wanted wanted) {
        for (Placing.Outputs answer : placing.answers()) {
            if (answer.name().equals(wanted.answer())) {
                boolean part = wanted.part() != null;
                Long output = part ? answer.parts().get(wanted.part()) : answer.whole();
                Schema.Type type = part ? Values.INSTANT : answer.type();
                boolean shown = output != null && Values.shows(type);
                return shown ? new Out(output.intValue(), type, part, placing.outputs().get(output.intValue()), 0) : null;
            }
        }
        return null;
    }

    /** Lays everything out. */
    private Block(Placing placing, List<In> in, List<Out> out, long asOf) {
        this.placing = placing;
        this.asOf = asOf;
        int row = 8 + placing.recordOut() + in.stream().mapToInt(of -> of.bytes() + 1).sum() + out.stream().mapToInt(Out::bytes).sum();
        rows = Math.min(Math.max(ROOM / row, 8), MOST_ROWS) & ~7;
        aside(placing.columns());
        outputs = aside(placing.columnsOut());
        for (In of : in) {
            this.in.add(new In(of.entries(), of.type(), of.from(), of.to(), of.fact(), of.bytes(), aside(rows * of.bytes()), aside(rows / 8)));
        }
        for (Out of : out) {
            this.out.add(new Out(of.output(), of.type(), of.part(), of.bytes(), aside(rows * of.bytes())));
        }
        status = aside(4 * rows);
        none = aside(4 * (rows + 1));
        records = aside(placing.recordOut() * rows);
        bytes = end;
    }

    private int aside(int count) {
        int at = end;
        end += (count + 7) & ~7;
        return at;
    }

    /** The bytes of so many rows from a first, for a block that begins at an address; the rows that no column can hold are added to what is left. */
    byte[] fill(int base, int start, int count, List<Integer> left) {
        ByteBuffer memory = ByteBuffer.allocate(records).order(ByteOrder.LITTLE_ENDIAN);
        memory.putLong(0, asOf).putLong(outputs, base + status).putLong(outputs + 8, base + records).putLong(outputs + 16, rows);
        out.forEach(of -> memory.putLong(outputs + 24 + 8 * of.output(), base + of.low()));
        if (placing.events() > 0) {
            memory.putLong(16, (1L << placing.events()) - 1);
            for (int part = 0; part < 3 + placing.fields(); part++) {
                memory.putLong(placing.columnsEvents() + 8 * part, base + none);
            }
        }
        boolean[] asCases = new boolean[count];
        for (In of : in) {
            memory.putLong(of.fact() < 0 ? 8 : 32 + 16 * of.fact(), base + of.values());
            if (of.fact() >= 0) {
                memory.putLong(40 + 16 * of.fact(), base + of.there());
            }
            write(memory, of, start, asCases);
        }
        for (int row = 0; row < count; row++) {
            if (asCases[row]) {
                left.add(start + row);
            }
        }
        return memory.array();
    }

    /** Writes the entries of these rows, and notes the rows in which one cannot stand. */
    private static void write(ByteBuffer memory, In of, int start, boolean[] asCases) {
        for (int row = 0; row < asCases.length; row++) {
            Object entry = of.entries().get(start + row);
            if (entry == null) {
                asCases[row] |= of.fact() < 0; // the module says that it is missing
                continue;
            }
            Long value = Values.read(of.type(), entry);
            if (value == null || value < of.from() || value > of.to()) {
                asCases[row] = true;
                continue;
            }
            put(memory, of.values() + row * of.bytes(), value, of.bytes());
            int bits = of.there() + row / 8;
            memory.put(bits, (byte) (memory.get(bits) | 1 << row % 8));
        }
    }

    /** What came out for so many rows from a first, of which some left a record. */
    void take(byte[] bytes, int start, int count, int incomplete, Cells cells) {
        ByteBuffer memory = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int place = 0; place < out.size(); place++) {
            Out of = out.get(place);
            long none = -1L << (8 * of.bytes() - 1);
            for (int row = 0; row < count; row++) {
                if (memory.getInt(status + 4 * row) == 0) {
                    long value = get(memory, of.low() + row * of.bytes(), of.bytes());
                    cells.put(place, start + row, value == none ? Cells.Cell.NONE : Cells.Cell.of(Values.show(of.type(), value)));
                }
            }
            for (int number = 0; number < incomplete; number++) {
                int at = records + number * placing.recordOut();
                long[] slots = new long[3];
                Arrays.setAll(slots, part -> memory.getLong(at + 8 + 8 * (part * placing.outputs().size() + of.output())));
                boolean broken = (memory.getInt(at) & 2) != 0;
                cells.put(place, start + memory.getInt(at + 4), broken ? Cells.Cell.BROKEN : possible(of, slots[0], slots[1], slots[2]));
            }
        }
    }

    /** What a record says is possible. */
    private static Cells.Cell possible(Out of, long low, long high, long presence) {
        boolean set = of.type().kind().equals("enum");
        boolean one = set ? (high & (high - 1)) == 0 : low == high;
        if (presence == 2) {
            return Cells.Cell.NONE;
        }
        if (presence == 1 && one) {
            return Cells.Cell.of(Values.show(of.type(), low));
        }
        if (of.part() || set || of.type().kind().equals("yes_no") || (presence & 1) == 0) {
            return Cells.Cell.UNKNOWN;
        }
        return new Cells.Cell("unknown", null, Values.show(of.type(), low), Values.show(of.type(), high));
    }

    private static void put(ByteBuffer memory, int at, long value, int bytes) {
        switch (bytes) {
            case 1 -> memory.put(at, (byte) value);
            case 2 -> memory.putShort(at, (short) value);
            case 4 -> memory.putInt(at, (int) value);
            default -> memory.putLong(at, value);
        }
    }

    private static long get(ByteBuffer memory, int at, int bytes) {
        return switch (bytes) {
            case 1 -> memory.get(at);
            case 2 -> memory.getShort(at);
            case 4 -> memory.getInt(at);
            default -> memory.getLong(at);
        };
    }
}
