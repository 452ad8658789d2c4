//! `all of a, b, c is not none`: a bundle of obligations and conditions, whose verdict is the worst of theirs.
//!
//! The worst is found by a table over the members' verdicts. Its rows are disjoint, so that what is possible of the worst is exactly
//! what follows from what is possible of each member.

use crate::diagnostics::{Diagnostic, codes};
use crate::names::Symbol;
use crate::plan::{
    AnswerKind, CellId, DueBy, Expr, Member, Obligation, Op, Region, Shape, Table, TableColumn, TableRow, Verdict,
};
use crate::syntax::tree::{self, BinaryOp, ExprKind};
use crate::text::Span;
use crate::types::expressions::declared::verdict_type;
use crate::types::expressions::terms::{all, constant, present, yes_no};
use crate::types::obligations::clause::Clauses;
use crate::types::obligations::of_verdict;
use crate::types::package::declared_type::MOST_CHOICES;
use crate::types::{Builder, Place};
use crate::values::calendar::LAST_INSTANT;
use crate::values::types::Type;

/// Why a bundle is excused whose members say so.
pub(super) const EXCUSED: &str = "each part that applies is excused";

/// From the mildest to the worst.
const WORSE: [Verdict; 6] =
    [Verdict::NotApplicable, Verdict::Excused, Verdict::Met, Verdict::Open, Verdict::Late, Verdict::Missed];
const SHAPE: Shape = Shape::set(6);

impl Builder<'_> {
    /// The cells of a bundle.
    pub(super) fn bundle(&mut self, tree: &tree::Obligation, clauses: &Clauses<'_>) -> Option<Obligation> {
        let (members, span) = clauses.bundle?;
        self.nothing_of_its_own(tree, clauses)?;
        let place = Place::default();
        let mut found = Vec::new();
        for member in members {
            found.push(self.member(member));
        }
        let from = clauses.from.map(|from| self.instant(from, place));
        let (applies, excuses) = (self.applies(clauses, place), self.excuses(clauses, place));
        let found = found.into_iter().collect::<Option<Vec<Member>>>()?;
        self.members_once(members, &found);
        let (from, mut applies, excuses) = (from.map_or(Some(None), |from| from.map(Some))?, applies?, excuses?);
        applies.extend(from.iter().filter(|from| from.shape.optional).map(present));
        let applies = (!applies.is_empty()).then(|| all(applies));
        let excused = (!excuses.is_empty()).then(|| yes_no(Op::Or(excuses.clone())));
        let verdict = self.worst_of(tree, &found, [applies, excused], span);
        let is = |cell: Expr, verdict: Verdict| yes_no(Op::OneOf(Box::new(cell), 1 << verdict as u64));
        let whole = self.plan.load(verdict);
        let (mut triggers, mut dues, mut due_by) = (Vec::new(), Vec::new(), Vec::new());
        for member in &found {
            let Some(AnswerKind::Obligation(of)) =
                member.answer.and_then(|answer| self.plan.answers.get(answer)).map(|a| &a.kind)
            else {
                continue;
            };
            let (trigger, due, state) =
                (self.plan.load(of.trigger), self.plan.load(of.due), self.plan.load(of.verdict));
            due_by.push(of.due_by);
            triggers.push(trigger);
            let none = Expr { op: Op::None, shape: due.shape.or_none() };
            let shape = due.shape.or_none();
            let open = is(state, Verdict::Open);
            dues.push(Expr { op: Op::If(Box::new(open), Box::new(due), Box::new(none)), shape });
        }
        let trigger = from.unwrap_or_else(|| self.earliest(triggers));
        let due = self.earliest(dues);
        let none = Expr { op: Op::None, shape: due.shape.or_none() };
        let open = Box::new(is(whole.clone(), Verdict::Open));
        let due = Expr { shape: none.shape, op: Op::If(open, Box::new(due), Box::new(none.clone())) };
        let mut excuses = excuses;
        excuses.push(is(whole, Verdict::Excused));
        if excuses.len() >= MOST_CHOICES {
            let most = MOST_CHOICES - 2;
            let title = format!("an obligation that is made of others has at most {most} lines `excused when`");
            let fault = Diagnostic::error(codes::E0306, tree.name.span, title, "one too many");
            return self.fault(fault.help("put conditions of one reason together with `or`"));
        }
        let shape = Shape::set(i64::try_from(excuses.len()).unwrap_or(62) + 1);
        let excuse = self.plan.store(Expr { op: Op::FirstYes(excuses), shape });
        let (trigger, due, done) = (self.plan.store(trigger), self.plan.store(due), self.plan.store(none));
        let due_by = DueBy::of_all(due_by);
        Some(Obligation { trigger, due, due_by, done, excuse, members: found, ..of_verdict(verdict) })
    }

    /// Warns of a part that is named twice: another was meant, and is none of them.
    fn members_once(&mut self, trees: &[tree::Expr], members: &[Member]) {
        for (number, (tree, again)) in trees.iter().zip(members).enumerate() {
            let first = members.iter().take(number).position(|member| member.words == again.words);
            if let Some(first) = first.and_then(|first| trees.get(first)) {
                self.listed_twice(first.span, tree.span);
            }
        }
    }

    /// A bundle is made of others: what it would expect itself is an obligation of its own.
    fn nothing_of_its_own(&mut self, tree: &tree::Obligation, clauses: &Clauses<'_>) -> Option<()> {
        let repeated = clauses.repeated.map(|(_, span)| span);
        let own = clauses.expect.map(|wanted| wanted.span).or(repeated).or(clauses.earlier.map(|_| tree.name.span));
        let Some(span) = own else { return Some(()) };
        let (_, bundle) = clauses.bundle?;
        let title = format!("`{}` is made of others, and cannot expect something of its own as well", tree.name.node);
        let fault = Diagnostic::error(codes::E0918, span, title, "belongs to an obligation of its own");
        self.fault(
            fault
                .because(bundle, "what it is made of")
                .help("make an obligation of it with a name of its own, and put the name into the list"),
        )
    }

    /// An obligation by its name, or a condition.
    fn member(&mut self, tree: &tree::Expr) -> Option<Member> {
        let words = self.context.words(tree.span);
        if let ExprKind::Path(path) = &tree.kind
            && let [name] = path.parts.as_slice()
            && let Some(symbol @ Symbol::Obligation(index)) = self.names().get(&name.node)
        {
            let answer = self.obligation(index, tree.span)?;
            self.mention(path.span, symbol);
            let AnswerKind::Obligation(of) = &self.plan.answers.get(answer)?.kind else { return None };
            return Some(Member { words, verdict: of.verdict, answer: Some(answer) });
        }
        self.no_word_between(tree)?;
        let holds = Box::new(self.condition(tree, Place::default())?);
        let [met, missed] = [Verdict::Met, Verdict::Missed].map(|v| Box::new(choice(v)));
        let verdict = self.plan.store(Expr { op: Op::If(holds, met, missed), shape: SHAPE });
        Some(Member { words, verdict, answer: None })
    }

    /// `all of one, other and third`: obligations are no conditions, and have commas between them.
    fn no_word_between(&mut self, tree: &tree::Expr) -> Option<()> {
        let (mut first, mut gaps, mut parts) = (tree, Vec::new(), Vec::new());
        while let ExprKind::Binary { op, left, right } = &first.kind
            && op.node == BinaryOp::And
            && left.span.start == first.span.start
        {
            gaps.push(Span { start: left.span.end, end: right.span.start, ..right.span });
            parts.push(right.as_ref());
            first = left;
        }
        parts.push(first);
        let is_obligation = |part: &&tree::Expr| match &part.kind {
            ExprKind::Path(path) => matches!(self.names().get(&path.text()), Some(Symbol::Obligation(_))),
            _ => false,
        };
        if gaps.is_empty() || !parts.iter().any(is_obligation) {
            return Some(());
        }
        let said: Vec<String> = parts.iter().rev().map(|part| self.context.words(part.span)).collect();
        let title = "the parts of a bundle have commas between them";
        let fault = Diagnostic::error(codes::E0213, tree.span, title, "an obligation is no condition");
        let fault = fault.help(format!("write `{}`", said.join(", ")));
        self.fault(gaps.into_iter().fold(fault, |fault, gap| fault.edit(gap, ", ")))
    }

    /// The cell of the worst verdict; the limits are whether it applies and whether it is excused, where something says so.
    fn worst_of(
        &mut self,
        tree: &tree::Obligation,
        members: &[Member],
        limits: [Option<Expr>; 2],
        span: Span,
    ) -> CellId {
        let mut columns = Vec::new();
        let rows = rows(members.len(), limits.each_ref().map(Option::is_some));
        for (title, limit) in ["applies", "excused"].into_iter().zip(limits) {
            let Some(limit) = limit else { continue };
            let expr = self.kept(limit, Place::default());
            columns.push(TableColumn { title: title.to_owned(), expr, ty: Type::YesNo });
        }
        for member in members {
            let expr = self.plan.load(member.verdict);
            columns.push(TableColumn { title: member.words.clone(), expr, ty: verdict_type() });
        }
        let text = self.context.words(span);
        let row = |(cells, verdict): (Vec<Region>, Verdict)| {
            let outputs = Some(vec![choice(verdict)]);
            TableRow { cells, outputs, text: text.clone(), span }
        };
        let rows: Vec<TableRow> = rows.into_iter().map(row).collect();
        let row_cell = self.plan.cell(Shape::range(0, i64::try_from(rows.len()).unwrap_or(i64::MAX) - 1));
        let verdict = self.plan.cell(SHAPE);
        self.plan.table(Table {
            name: tree.name.node.clone(),
            first: false,
            row_cell,
            output_cells: vec![verdict],
            columns,
            rows,
            outputs: vec!["verdict".to_owned()],
            source: None,
            span,
        });
        verdict
    }

    /// The earliest of several instants, those that are none left out; none where all are.
    fn earliest(&mut self, instants: Vec<Expr>) -> Expr {
        let far = || constant(LAST_INSTANT + 1);
        let shape = Shape::range(crate::values::calendar::FIRST_INSTANT, LAST_INSTANT).or_none();
        let reached = Shape { optional: false, high: LAST_INSTANT + 1, ..shape };
        let known = |instant: Expr| match instant.shape.optional {
            true => Expr { op: Op::Else(Box::new(instant), Box::new(far())), shape: reached },
            false => instant,
        };
        let none = Expr { op: Op::None, shape };
        if instants.is_empty() {
            return none;
        }
        let least = Expr { op: Op::Lowest(instants.into_iter().map(known).collect()), shape: reached };
        let least = self.kept(least, Place::default());
        let there = yes_no(Op::Within(Box::new(least.clone()), shape.low, LAST_INSTANT));
        let least =
            Expr { op: Op::Lowest(vec![least, constant(LAST_INSTANT)]), shape: Shape { optional: false, ..shape } };
        Expr { op: Op::If(Box::new(there), Box::new(least), Box::new(none)), shape }
    }
}

fn choice(verdict: Verdict) -> Expr {
    Expr { op: Op::Choice(verdict as u8), shape: SHAPE }
}

/// The rows for so many members, each with its verdict: columns for whether it applies and whether it is excused, where something
/// limits that, and for each member.
fn rows(members: usize, limited: [bool; 2]) -> Vec<(Vec<Region>, Verdict)> {
    let test = |yes: bool| Region::range(i64::from(yes), i64::from(yes), Shape::YES_NO);
    let (all, no, yes) = (Region::all(Shape::YES_NO), test(false), test(true));
    let upto = |count: usize| mask(WORSE.get(..count).unwrap_or(&WORSE));
    let of = |verdict: Verdict| mask(&[verdict]);
    let with = |limits: [&Region; 2], each: &dyn Fn(usize) -> Region| -> Vec<Region> {
        limits.into_iter().cloned().chain((0..members).map(each)).collect()
    };
    let none = of(Verdict::NotApplicable);
    let mut rows = vec![
        (with([&no, &all], &|_| Region::all(SHAPE)), Verdict::NotApplicable),
        (with([&yes, &all], &|_| none.clone()), Verdict::NotApplicable),
    ];
    for decides in 0..members {
        let each = |member: usize| match member {
            _ if member < decides => none.clone(),
            _ if member == decides => none.complement(SHAPE),
            _ => Region::all(SHAPE),
        };
        rows.push((with([&yes, &yes], &each), Verdict::Excused));
    }
    for (rank, verdict) in WORSE.into_iter().enumerate().skip(1) {
        for decides in 0..members {
            let each = |member: usize| match member {
                _ if member < decides => upto(rank),
                _ if member == decides => of(verdict),
                _ => upto(rank + 1),
            };
            rows.push((with([&yes, &no], &each), verdict));
        }
    }
    for (column, usual) in
        [(1, &no), (0, &yes)].into_iter().filter(|(column, _)| !limited.get(*column).is_some_and(|l| *l))
    {
        rows.retain(|(cells, _)| cells.get(column).is_some_and(|cell| cell.common(usual).is_some()));
        rows.iter_mut().for_each(|(cells, _)| drop(cells.remove(column)));
    }
    rows
}

fn mask(verdicts: &[Verdict]) -> Region {
    Region::of_mask(verdicts.iter().fold(0, |mask, verdict| mask | 1 << *verdict as u64))
}
