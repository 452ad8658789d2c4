//! What cannot be as it was recorded: a stay that ends before it starts, a birth after what happened to the patient.
//!
//! Nothing is changed or left out for it: the rules judge what was recorded. An audit says how often, an answer to one case that it is so.

use concord_engine::plan::case::{Case, Datum, Occurrence};
use concord_engine::plan::{Call, Expr, FieldId, Id, InputId, KindId, Level, Op, Plan, Step};
use concord_engine::values::calendar::local_date;
use concord_engine::values::types::Type;
use std::collections::BTreeSet;

/// A time or a day that an event has beside its own, by kind and place.
type Beside = (KindId, FieldId);

/// What one case can be held to, of a plan.
pub struct Plausible<'p> {
    plan: &'p Plan,
    births: BTreeSet<InputId>,
    ends: BTreeSet<Beside>,
}

impl<'p> Plausible<'p> {
    /// Dates from which the rules count years, and times up to which they count from an event's own.
    pub fn of(plan: &'p Plan) -> Plausible<'p> {
        let mut ends = BTreeSet::new();
        each_expression(plan, &mut |expr| ends.extend(counted_to(expr)));
        Plausible { plan, births: births(plan), ends }
    }

    /// A sentence for each thing that cannot be in this case.
    pub fn notes(&self, case: &Case) -> Vec<String> {
        let mut notes = Vec::new();
        for (kind, place) in &self.ends {
            let Some(of) = self.plan.subject.events.get(*kind) else { continue };
            let Some(field) = of.fields.get(*place) else { continue };
            let events = case.events.iter().filter(|event| event.kind == *kind);
            let early = events.filter(|event| is_early(event, *place, &field.ty) == Some(true)).count();
            if early > 0 {
                let times = if early == 1 { "1 event".to_owned() } else { format!("{early} events") };
                let (field, of) = (&field.name, &of.name);
                notes.push(format!("`{field}` of {of} is earlier than {of} itself in {times}."));
            }
        }
        for born in self.births.iter().filter(|born| is_born_late(case, **born)) {
            // It was found among the facts of the plan.
            let name = self.plan.subject.inputs.get(*born).map_or("", |input| input.name.as_str());
            notes.push(format!("`{name}`, from which years are counted, is later than an event or `as of`."));
        }
        notes
    }
}

/// Whether a time or a day of an event lies before the event; nothing where one of the two is not known.
pub fn is_early(event: &Occurrence, place: FieldId, ty: &Type) -> Option<bool> {
    match (event.at.known(), event.fields.get(place.place()), ty) {
        (Some(at), Some(Datum::Known(day)), Type::Date) => Some(*day < local_date(at)),
        (Some(at), Some(Datum::Known(time)), Type::Instant) => Some(*time < at),
        _ => None,
    }
}

/// Whether a date from which years are counted lies after an event that has happened, or after the instant asked about.
pub fn is_born_late(case: &Case, input: InputId) -> bool {
    let Some(Datum::Known(born)) = case.facts.get(input.place()) else { return false };
    // A case that asks about no instant has none.
    let asked = Some(case.as_of).filter(|as_of| *as_of != 0);
    let times = case.events.iter().filter_map(|event| event.at.known()).chain(asked);
    times.min().is_some_and(|first| *born > local_date(first))
}

/// The dates among the facts from which the rules count years: dates of birth.
pub fn births(plan: &Plan) -> BTreeSet<InputId> {
    let mut found = BTreeSet::new();
    each_expression(plan, &mut |expr| {
        if let Op::Call(Call::YearsBetween, dates) = &expr.op
            && let Some(Op::Input(input)) = dates.first().map(|from| &from.op)
        {
            found.insert(*input);
        }
    });
    found
}

/// What an expression counts to from the event's own time: `finish` of `finish - at`, of `overlap(at, finish, …)` and of `days from at to finish`.
fn counted_to(expr: &Expr) -> Vec<Beside> {
    let (from, to) = match &expr.op {
        Op::Subtract(to, from) => (from.as_ref(), to.as_ref()),
        Op::Overlap(overlap) => (&overlap.start, &overlap.end),
        Op::Call(_, operands) => match operands.as_slice() {
            [from, to] => (from, to),
            _ => return Vec::new(),
        },
        _ => return Vec::new(),
    };
    let own: Vec<Level> =
        leaves(from).into_iter().filter_map(|op| if let Op::At(level) = op { Some(*level) } else { None }).collect();
    let beside = leaves(to).into_iter().filter_map(|op| match op {
        Op::Field(kind, place, level) if own.contains(level) => Some((*kind, *place)),
        _ => None,
    });
    beside.collect()
}

/// What an expression is made of, without the queries in it.
fn leaves(expr: &Expr) -> Vec<&Op> {
    let operands = expr.op.operands();
    if operands.is_empty() { vec![&expr.op] } else { operands.into_iter().flat_map(leaves).collect() }
}

fn each_expression(plan: &Plan, see: &mut impl FnMut(&Expr)) {
    for step in &plan.steps {
        match step {
            Step::Value { expr, .. } | Step::Column { expr, .. } => look(expr, see),
            Step::Table(table) => table.columns.iter().for_each(|column| look(&column.expr, see)),
        }
    }
}

fn look(expr: &Expr, see: &mut impl FnMut(&Expr)) {
    see(expr);
    if let Op::Query(query) = &expr.op {
        for alternative in &query.alternatives {
            look(&alternative.filter, see);
            look(&alternative.value, see);
        }
    }
    expr.op.operands().into_iter().for_each(|operand| look(operand, see));
}
