package concord;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Answers of many cases, column by column. For an answer NAME come out NAME, NAME.kind and, of what can lie between two values, NAME.from and NAME.to;
 * NAME.due and the like of an obligation where they are wanted by this name. Rows go through the module's entry for batches; a row with an entry that no
 * column can hold, such as "&lt;0.5" or what is refused, is asked about as a case, and so are all where something is wanted that batches do not give.
 */
final class Table {
    private static final int MOST_FAULTS = 50;

    private final Rule rule;
    private final Map<String, ? extends List<?>> columns;
    private final int rows;
    private final Cells cells;

    Table(Rule rule, Map<String, ? extends List<?>> columns, List<String> want) {
        this.rule = rule;
        this.columns = columns;
        rows = columns.values().stream().mapToInt(List::size).max().orElse(0);
        columns.forEach((name, column) -> {
            if (column.size() != rows) {
                throw new IllegalArgumentException("column " + name + " has " + column.size() + " entries and another " + rows);
            }
        });
        cells = new Cells(rule, want, rows);
    }

    Map<String, List<Object>> evaluate(Ask ask) {
        List<String> notSupplied = rule.schema().events().stream().map(Schema.Event::name).toList();
        List<Fault> faults = new ArrayList<>();
        for (int row : inBatches(ask)) {
            if (faults.size() > MOST_FAULTS) {
                break;
            }
            Map<String, Object> of = new LinkedHashMap<>();
            for (Map.Entry<String, ? extends List<?>> column : columns.entrySet()) {
                of.put(column.getKey(), column.getValue().get(row));
            }
            if (!notSupplied.isEmpty()) {
                of.put("not_supplied", notSupplied);
            }
            try {
                cells.decided(row, rule.evaluate(of, ask));
            } catch (ClaimBroken broken) {
                cells.broken(row);
            } catch (CaseRefused refused) {
                for (Fault fault : refused.faults()) {
                    faults.add(new Fault(fault.code(), "/" + row + fault.at(), fault.expected()));
                }
            }
        }
        if (faults.size() > MOST_FAULTS) {
            faults.subList(MOST_FAULTS, faults.size()).clear();
            faults.add(new Fault("D19", "", null));
        }
        if (!faults.isEmpty()) {
            throw new CaseRefused(faults);
        }
        return cells.columns();
    }

    /** Answers the rows that batches can; which ones are left. */
    private List<Integer> inBatches(Ask ask) {
        List<Integer> all = IntStream.range(0, rows).boxed().toList();
        boolean timed = columns.containsKey("as_of");
        // A decision log has every decision, and a member's settings hold by the day of each row.
        if (rows == 0 || rule.isLogged() || (timed && ask.member != null)) {
            return all;
        }
        Block block = Block.of(rule.placing(), columns, cells, ask);
        if (block == null || (!timed && ask.asOf == null && rule.wantsAnInstant())) {
            return all;
        }
        return rule.withInstance(ask, used -> used.batches(block, rows, cells));
    }
}
