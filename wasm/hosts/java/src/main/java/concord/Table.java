package concord;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Function;

/**
 * Answers of many cases, column by column. For an answer NAME come out NAME, NAME.kind and, of what can lie between two values, NAME.from and NAME.to;
 * NAME.due and the like of an obligation where they are wanted by this name.
 */
final class Table {
    private static final int MOST_FAULTS = 50;
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

    /** What is wanted: an answer, and which part of it, or all of it. */
    private record Wanted(String answer, Function<Verdict, Object> part, String name, boolean between) {}

    private final Rule rule;
    private final List<Wanted> wanted;
    private final Map<String, List<Object>> out = new LinkedHashMap<>();

    Table(Rule rule, List<String> want) {
        this.rule = rule;
        wanted = want.stream().map(this::wanted).toList();
    }

    private Wanted wanted(String name) {
        for (Schema.Given given : rule.schema().answers()) {
            if (given.name().equals(name)) {
                return new Wanted(name, null, name, given.type() != null && RANGES.contains(given.type().kind()));
            }
            int cut = given.name().length();
            if (given.type() == null && name.startsWith(given.name() + ".") && PARTS.containsKey(name.substring(cut + 1))) {
                return new Wanted(given.name(), PARTS.get(name.substring(cut + 1)), name, false);
            }
        }
        throw new NoSuchElementException(rule.info().packageName() + " has no answer " + name);
    }

    Map<String, List<Object>> evaluate(Map<String, ? extends List<?>> columns, Ask ask) {
        int rows = columns.values().stream().mapToInt(List::size).max().orElse(0);
        columns.forEach((name, column) -> {
            if (column.size() != rows) {
                throw new IllegalArgumentException("column " + name + " has " + column.size() + " entries and another " + rows);
            }
        });
        List<String> notSupplied = rule.schema().events().stream().map(Schema.Event::name).toList();
        List<Fault> faults = new ArrayList<>();
        for (int row = 0; row < rows && faults.size() <= MOST_FAULTS; row++) {
            Map<String, Object> of = new LinkedHashMap<>();
            for (Map.Entry<String, ? extends List<?>> column : columns.entrySet()) {
                of.put(column.getKey(), column.getValue().get(row));
            }
            if (!notSupplied.isEmpty()) {
                of.put("not_supplied", notSupplied);
            }
            try {
                Decision decision = rule.evaluate(of, ask);
                wanted.forEach(one -> add(one, decision.answer(one.answer())));
            } catch (ClaimBroken broken) {
                wanted.forEach(one -> add(one, null));
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
        return out;
    }

    /** Adds an answer, or null for a case that has none, as it reaches what the rule claims to be impossible. */
    private void add(Wanted one, Answer answer) {
        if (one.part() != null) {
            put(one.name(), answer instanceof Verdict verdict ? one.part().apply(verdict) : null);
            return;
        }
        Object value = null;
        Possible possible = new Possible(null, null, null, false);
        if (answer instanceof Value known) {
            value = known.value();
        } else if (answer instanceof Unknown unknown) {
            possible = unknown.possible();
        } else if (answer instanceof Verdict verdict && answer.isKnown()) {
            value = verdict.verdict();
        }
        put(one.name(), value);
        put(one.name() + ".kind", kind(answer));
        if (one.between()) {
            put(one.name() + ".from", possible.from());
            put(one.name() + ".to", possible.to());
        }
    }

    private static String kind(Answer answer) {
        if (answer == null) {
            return "broken";
        }
        return !answer.isKnown() ? "unknown" : answer instanceof None ? "none" : "value";
    }

    private void put(String name, Object entry) {
        out.computeIfAbsent(name, none -> new ArrayList<>()).add(entry);
    }
}
