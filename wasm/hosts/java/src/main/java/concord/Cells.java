package concord;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Function;

/** What comes out of a table: what is wanted, and what is known of it in each row. */
final class Cells {
    private static final Set<String> RANGES = Set.of("number", "duration", "instant", "date", "time_of_day");
    private static final Map<String, Function<Verdict, Object>> PARTS = Map.of(
            "from", Verdict::from,
            "due", Verdict::due,
            "due_on", Verdict::dueOn,
            "done", Verdict::done,
            "late_by", Verdict::lateBy,
            "late_by_days", Verdict::lateByDays,
            "late_by_working_days", Verdict::lateByWorkingDays,
            "excuse", Verdict::excuse);

    /** What is wanted: an answer, and which part of it, or null for all of it; and whether it lies between two values where it is unknown. */
    record Wanted(String answer, String part, boolean between) {}

    /** What is known of an answer in a row; where it is unknown, between which two values it lies. */
    record Cell(String kind, Object value, Object from, Object to) {
        static final Cell NONE = new Cell("none", null, null, null);
        static final Cell UNKNOWN = new Cell("unknown", null, null, null);
        static final Cell BROKEN = new Cell("broken", null, null, null);

        static Cell of(Object value) {
            return new Cell("value", value, null, null);
        }
    }

    final List<Wanted> wanted;
    private final Cell[][] rows;

    Cells(Rule rule, List<String> want, int count) {
        wanted = want.stream().map(name -> wanted(rule, name)).toList();
        rows = new Cell[wanted.size()][count];
    }

    private static Wanted wanted(Rule rule, String name) {
        for (Schema.Given given : rule.schema().answers()) {
            if (given.name().equals(name)) {
                return new Wanted(name, null, given.type() != null && RANGES.contains(given.type().kind()));
            }
            int cut = given.name().length();
            if (given.type() == null && name.startsWith(given.name() + ".") && PARTS.containsKey(name.substring(cut + 1))) {
                return new Wanted(given.name(), name.substring(cut + 1), false);
            }
        }
        throw new NoSuchElementException(rule.info().packageName() + " has no answer " + name);
    }

    void put(int place, int row, Cell cell) {
        rows[place][row] = cell;
    }

    /** A row that was asked about as a case. */
    void decided(int row, Decision decision) {
        for (int place = 0; place < rows.length; place++) {
            Wanted one = wanted.get(place);
            rows[place][row] = cell(decision.answer(one.answer()), one.part());
        }
    }

    /** A row that reaches what the rule claims to be impossible. */
    void broken(int row) {
        Arrays.stream(rows).forEach(of -> of[row] = Cell.BROKEN);
    }

    private static Cell cell(Answer answer, String part) {
        if (answer instanceof Verdict verdict) {
            Object value = part != null ? PARTS.get(part).apply(verdict) : verdict.isKnown() ? verdict.verdict() : null;
            return value == null ? Cell.UNKNOWN : Cell.of(value);
        }
        if (answer instanceof Value known) {
            return Cell.of(known.value());
        }
        if (answer instanceof Unknown unknown) {
            return new Cell("unknown", null, unknown.possible().from(), unknown.possible().to());
        }
        return Cell.NONE;
    }

    /** The columns and their names. */
    Map<String, List<Object>> columns() {
        Map<String, List<Object>> out = new LinkedHashMap<>();
        for (int place = 0; place < rows.length; place++) {
            Cell[] of = rows[place];
            Wanted one = wanted.get(place);
            if (one.part() != null) {
                out.put(one.answer() + "." + one.part(), column(of, Cell::value));
                continue;
            }
            out.put(one.answer(), column(of, Cell::value));
            out.put(one.answer() + ".kind", column(of, Cell::kind));
            if (one.between()) {
                out.put(one.answer() + ".from", column(of, Cell::from));
                out.put(one.answer() + ".to", column(of, Cell::to));
            }
        }
        return out;
    }

    private static List<Object> column(Cell[] of, Function<Cell, Object> entry) {
        List<Object> column = new ArrayList<>(of.length);
        for (Cell cell : of) {
            column.add(entry.apply(cell));
        }
        return column;
    }
}
