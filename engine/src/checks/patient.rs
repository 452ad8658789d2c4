//! Concrete patients: which combinations of a table's inputs a real case can bring about, and a case that does.
//!
//! Facts are tried at one value for each class that the rules tell apart, which is exact as long as rules only compare
//! them with fixed values. Facts that are used together form a group; each group is run through on its own and only the
//! distinct results are combined, so that eight facts of NEWS2 take some thousands of tries and not a hundred and sixty-five.

use std::collections::{BTreeMap, BTreeSet};

use crate::evaluate::{Known, Value, evaluate};
use crate::plan::case::{Case, Datum};
use crate::plan::{ById, CellId, Class, Expr, Id, InputId, Op, Plan, Step, StepId};

/// The most evaluations spent on one table.
const BUDGET: usize = 60_000;

/// What cases can bring about for the inputs of a table.
pub struct Reachable {
    /// Input values (none as `None`) and the facts of a case that has them.
    pub found: BTreeMap<Vec<Option<i64>>, Vec<Datum>>,
    /// Whether every combination was tried, so that what was not found cannot be.
    pub exhaustive: bool,
}

/// Tries the cases that matter for `inputs`, expressions over the steps before `step`.
pub fn reachable(plan: &Plan, step: StepId, inputs: &[&Expr]) -> Reachable {
    let mut search = Search::new(plan, step, inputs);
    let groups = search.groups();
    let mut combined: Vec<Vec<Datum>> = vec![vec![Datum::Missing; plan.subject.inputs.len()]];
    for group in groups {
        let choices = search.distinct(&group);
        combined = search.product(&combined, &choices);
    }
    let mut found = BTreeMap::new();
    for facts in combined {
        if let Some(values) = search.values(&facts, inputs) {
            found.entry(values).or_insert(facts);
        }
    }
    Reachable { found, exhaustive: search.exhaustive }
}

struct Search<'a> {
    plan: &'a Plan,
    /// The steps that matter, as a plan of their own.
    part: Plan,
    /// Cells that the steps and the table use.
    looked_at: BTreeSet<CellId>,
    /// The values at which each fact is cut.
    cuts: BTreeMap<InputId, BTreeSet<i64>>,
    exhaustive: bool,
    spent: usize,
}

impl<'a> Search<'a> {
    fn new(plan: &'a Plan, step: StepId, inputs: &[&Expr]) -> Search<'a> {
        let mut wanted = BTreeSet::new();
        let mut search = Search {
            plan,
            part: Plan { steps: ById::default(), answers: ById::default(), ..plan.clone() },
            looked_at: BTreeSet::new(),
            cuts: BTreeMap::new(),
            exhaustive: true,
            spent: 0,
        };
        for input in inputs {
            search.look(input, &mut wanted, false);
        }
        let mut steps = Vec::new();
        for step in plan.steps.iter().take(step.place()).rev() {
            if fills(step).iter().any(|cell| wanted.contains(cell)) {
                let mut more = BTreeSet::new();
                each_expr(step, &mut |expr| search.look(expr, &mut more, false));
                wanted.extend(more);
                steps.push(step.clone());
            }
        }
        steps.reverse();
        search.part.steps = steps.into();
        search.looked_at = wanted;
        search
    }

    /// Notes the cells and facts an expression uses, and where it cuts them. A fact used in any other way than a test
    /// against fixed values is not cut exactly.
    fn look(&mut self, expr: &Expr, cells: &mut BTreeSet<CellId>, tested: bool) {
        match &expr.op {
            Op::Cell(cell) => {
                cells.insert(*cell);
            }
            Op::Input(fact) => {
                let cuts = self.cuts.entry(*fact).or_default();
                cuts.insert(expr.shape.low);
                let few = expr.shape.high - expr.shape.low <= 64;
                if expr.shape.class == Class::Set || (!tested && few) {
                    cuts.extend(expr.shape.low..=expr.shape.high);
                } else if !tested {
                    self.exhaustive = false;
                    cuts.insert(expr.shape.high);
                }
            }
            Op::Within(x, low, high) => {
                if let Op::Input(fact) = x.op {
                    let next = high.saturating_add(1);
                    let shape = x.shape;
                    let inside = [*low, next].into_iter().filter(|v| (shape.low..=shape.high).contains(v));
                    self.cuts.entry(fact).or_default().extend(inside);
                }
                self.look(x, cells, true);
            }
            Op::Query(_) | Op::Path(_) | Op::AsOf | Op::Field(..) | Op::At(_) | Op::Order(_) | Op::Column(..) => {
                self.exhaustive = false
            }
            Op::Parameter(index) => {
                let fixed =
                    self.plan.parameters.get(*index).is_some_and(|p| p.contract == crate::plan::Contract::Fixed);
                self.exhaustive &= fixed;
            }
            _ => expr.op.operands().into_iter().for_each(|e| self.look(e, cells, false)),
        }
    }

    /// Facts that are used together: those of one step, and through shared steps.
    fn groups(&self) -> Vec<Vec<InputId>> {
        let mut groups: Vec<BTreeSet<InputId>> = Vec::new();
        for facts in self.part.steps.iter().map(facts_of).chain(self.cuts.keys().map(|f| BTreeSet::from([*f]))) {
            let (joined, apart): (Vec<_>, Vec<_>) = groups.into_iter().partition(|g| !g.is_disjoint(&facts));
            groups = apart;
            let mut merged = facts;
            joined.into_iter().for_each(|g| merged.extend(g));
            if !merged.is_empty() {
                groups.push(merged);
            }
        }
        groups.into_iter().map(|g| g.into_iter().collect()).collect()
    }

    /// One set of a group's facts for each distinct outcome of the cells it decides.
    fn distinct(&mut self, group: &[InputId]) -> Vec<Vec<(InputId, Datum)>> {
        let mut sets: Vec<Vec<(InputId, Datum)>> = vec![Vec::new()];
        for fact in group {
            let values = self.values_of(*fact);
            let mut next = Vec::new();
            for set in &sets {
                for value in &values {
                    if next.len() >= BUDGET {
                        self.exhaustive = false;
                        break;
                    }
                    let mut longer = set.clone();
                    longer.push((*fact, *value));
                    next.push(longer);
                }
            }
            sets = next;
        }
        let mut seen = BTreeMap::new();
        for set in sets {
            let mut facts = vec![Datum::Missing; self.plan.subject.inputs.len()];
            set.iter().for_each(|(fact, value)| put(&mut facts, *fact, *value));
            let Some(key) = self.outcome(&facts, group) else {
                break;
            };
            seen.entry(key).or_insert(set);
        }
        seen.into_values().collect()
    }

    /// What the cells come to with only these facts known; and the facts themselves where a table uses them directly.
    fn outcome(&mut self, facts: &[Datum], group: &[InputId]) -> Option<Vec<i64>> {
        let cells = self.run(facts)?;
        let mut key: Vec<i64> = Vec::new();
        for cell in &self.looked_at {
            let value = cells.get(*cell)?;
            key.extend([value.low, value.high, i64::from(value.may_be_none)]);
        }
        let direct = group
            .iter()
            .filter(|fact| self.cuts.contains_key(fact) && !self.part.steps.iter().any(|s| facts_of(s).contains(fact)));
        for fact in direct {
            key.push(match facts.get(fact.place()) {
                Some(Datum::Known(value)) => *value,
                _ => i64::MIN,
            });
        }
        Some(key)
    }

    fn values_of(&self, fact: InputId) -> Vec<Datum> {
        let optional = self.plan.subject.inputs.get(fact).is_some_and(|i| i.shape.optional);
        let cuts = self.cuts.get(&fact).into_iter().flatten().map(|v| Datum::Known(*v));
        cuts.chain(optional.then_some(Datum::None)).collect()
    }

    fn product(&mut self, sets: &[Vec<Datum>], choices: &[Vec<(InputId, Datum)>]) -> Vec<Vec<Datum>> {
        let mut product = Vec::new();
        for facts in sets {
            for choice in choices {
                if product.len() >= BUDGET {
                    self.exhaustive = false;
                    return product;
                }
                let mut facts = facts.clone();
                choice.iter().for_each(|(fact, value)| put(&mut facts, *fact, *value));
                product.push(facts);
            }
        }
        product
    }

    fn run(&mut self, facts: &[Datum]) -> Option<ById<CellId, Value>> {
        self.spent += 1;
        if self.spent > 4 * BUDGET {
            self.exhaustive = false;
            return None;
        }
        let case = Case { facts: facts.to_vec(), ..Case::default() };
        Some(evaluate(&self.part, &case, &Vec::new()).cells)
    }

    /// The table's inputs for a case; nothing if one of them is not known.
    fn values(&mut self, facts: &[Datum], inputs: &[&Expr]) -> Option<Vec<Option<i64>>> {
        let cells = self.run(facts)?;
        inputs
            .iter()
            .map(|input| match &input.op {
                Op::Input(fact) => match facts.get(fact.place()) {
                    Some(Datum::Known(value)) => Some(Some(*value)),
                    Some(Datum::None) => Some(None),
                    _ => None,
                },
                Op::Cell(cell) => {
                    let value = cells.get(*cell)?;
                    value.only(input.shape.class).map(Known::value)
                }
                _ => None,
            })
            .collect()
    }
}

fn put(facts: &mut [Datum], fact: InputId, value: Datum) {
    if let Some(place) = facts.get_mut(fact.place()) {
        *place = value;
    }
}

fn fills(step: &Step) -> Vec<CellId> {
    match step {
        Step::Value { cell, .. } => vec![*cell],
        Step::Column { .. } => Vec::new(),
        Step::Table(table) => table.output_cells.iter().chain([&table.row_cell]).copied().collect(),
    }
}

fn each_expr(step: &Step, f: &mut impl FnMut(&Expr)) {
    match step {
        Step::Value { expr, .. } | Step::Column { expr, .. } => f(expr),
        Step::Table(table) => {
            for row in &table.rows {
                row.conditions(&table.columns).iter().for_each(&mut *f);
                row.outputs.iter().flatten().for_each(&mut *f);
            }
        }
    }
}

/// The facts that a step uses itself.
fn facts_of(step: &Step) -> BTreeSet<InputId> {
    fn walk(expr: &Expr, facts: &mut BTreeSet<InputId>) {
        if let Op::Input(fact) = expr.op {
            facts.insert(fact);
        }
        expr.op.operands().into_iter().for_each(|e| walk(e, facts));
    }
    let mut facts = BTreeSet::new();
    each_expr(step, &mut |expr| walk(expr, &mut facts));
    facts
}
