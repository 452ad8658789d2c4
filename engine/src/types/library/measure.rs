//! Measures: what is counted, against which target, split how.

use crate::diagnostics::{Diagnostic, codes};
use crate::names::{Symbol, unsupported};
use crate::plan::library::{Basis, Better, Measure, StratumKind, Target};
use crate::plan::{AnswerId, AnswerKind, CellId, Responsible};
use crate::syntax::tree::{self, Comparison, MeasureKind, Name, Number, Path};
use crate::text::Span;
use crate::types::{Builder, Place};
use crate::values::calendar::days_from_date;
use crate::values::types::Type;

impl Builder<'_> {
    pub(in crate::types) fn measures(&mut self) {
        for tree in self.names().measures.clone() {
            if self.plan.measures().iter().any(|m| m.name == tree.name.node) {
                let title = format!("the measure `{}` is declared twice", tree.name.node);
                self.faults.push(Diagnostic::error(codes::E0302, tree.name.span, title, "declared again here"));
            }
            if let Some(measure) = self.measure(tree) {
                self.plan.measure(measure);
            }
        }
    }

    fn measure(&mut self, tree: &tree::Measure) -> Option<Measure> {
        self.entries_count(tree)?;
        let basis = self.basis(tree)?;
        let mut measure = Measure {
            name: tree.name.node.clone(),
            title: tree.name.node.replace('_', " "),
            basis,
            unknown_counts_against: true,
            targets: Vec::new(),
            better: Better::Higher,
            strata: Vec::new(),
            weight: None,
            shared: None,
            responsible: None,
            source: None,
        };
        let mut said = None;
        let place = match (&measure.basis, tree.judged()) {
            (Basis::Each { obligation, judged }, Some(of)) => self.place_of_measure(*obligation, *judged, of)?,
            _ => Place::default(),
        };
        let (mut direction, mut policy) = (None, false);
        for entry in &tree.entries {
            match &entry.kind {
                MeasureKind::Title(title) => measure.title.clone_from(title),
                MeasureKind::Source(citation) => measure.source = Some(self.citation(citation)),
                MeasureKind::Unknown { against } => (measure.unknown_counts_against, policy) = (*against, true),
                MeasureKind::Better(way) => direction = Some(*way),
                MeasureKind::Target { op, value, from, unverified } => {
                    let from = from.as_ref().map(|d| d.node);
                    let target = self.target(&measure.basis, *op, value, from, *unverified, entry.span)?;
                    self.fits_the_others(&measure.targets, &target, entry.span);
                    measure.targets.push(target);
                }
                MeasureKind::By(strata) => {
                    for (number, stratum) in strata.iter().enumerate() {
                        self.split_once(strata.get(..number).unwrap_or_default(), stratum);
                        measure.strata.extend(self.stratum(stratum, &measure.basis, place));
                    }
                }
                MeasureKind::Weighted(by) => measure.weight = Some(self.weight(by, &measure.basis, entry.span)?),
                MeasureKind::Shared(by) => measure.shared = Some(self.shared(by, &measure.basis, entry.span)?),
                MeasureKind::For(name) => said = Some(name),
                _ => {}
            }
        }
        measure.responsible = match &measure.shared {
            Some(_) => self.shared_alone(tree),
            None => self.answers_for(tree, said, &measure),
        };
        measure.better = match direction {
            Some(tree::Better::Higher) => Better::Higher,
            Some(tree::Better::Lower) => Better::Lower,
            Some(tree::Better::Neither) => self.neither(tree),
            None if measure.targets.first().is_some_and(|target| !target.at_least) => Better::Lower,
            None => Better::Higher,
        };
        self.fit_the_direction(tree, direction);
        measure.targets.sort_by_key(|t| t.from);
        self.policy_is_said(tree, &measure, policy);
        self.comes_out_in_two_ways(tree);
        Some(measure)
    }

    /// No two targets hold on one day, and all of them say the same way to go.
    fn fits_the_others(&mut self, others: &[Target], target: &Target, span: Span) {
        let fault = |title: &str, label: &str| Diagnostic::error(codes::E0922, span, title, label);
        if others.iter().any(|other| other.from == target.from) {
            let fault = fault("two targets hold from the same day", "a second one");
            self.faults.push(fault.help("leave one out, or say from when it holds: `target >= 95 % from 2027-04-01`"));
        } else if others.iter().any(|other| other.at_least != target.at_least) {
            let fault = fault("one target is at least a figure, another at most one", "which way is better?");
            self.faults.push(fault.help("write all targets of a measure with `>=`, or all with `<=`"));
        }
    }

    /// A target of at least a figure says that higher is better, one of at most a figure that lower is.
    fn fit_the_direction(&mut self, tree: &tree::Measure, direction: Option<tree::Better>) {
        let (word, other, op) = match direction {
            Some(tree::Better::Higher) => ("higher", Comparison::LessOrEqual, ">="),
            Some(tree::Better::Lower) => ("lower", Comparison::GreaterOrEqual, "<="),
            _ => return,
        };
        for entry in &tree.entries {
            let MeasureKind::Target { op: said, value, .. } = &entry.kind else { continue };
            if *said == other {
                let title = format!("the target says the contrary of `{word} is better`");
                let fault = Diagnostic::error(codes::E0922, entry.span, title, "which way is better?");
                let figure = self.context.words(value.span);
                self.faults.push(fault.help(format!("write `target {op} {figure}`, or leave out `{word} is better`")));
            }
        }
    }

    /// What describes and does not judge has no target.
    fn neither(&mut self, tree: &tree::Measure) -> Better {
        for entry in tree.entries.iter().filter(|entry| matches!(entry.kind, MeasureKind::Target { .. })) {
            let title = format!("`{}` has a target, and says that neither is better", tree.name.node);
            let fault = Diagnostic::error(codes::E0922, entry.span, title, "which way is better");
            self.faults.push(fault.help("leave out the target, or write `higher is better` or `lower is better`"));
        }
        Better::Neither
    }

    /// Who answers for a measure: as it says, as its obligation says, or the one organisation that it is split by.
    fn answers_for(&mut self, tree: &tree::Measure, said: Option<&Name>, measure: &Measure) -> Option<Responsible> {
        if let Some(name) = said {
            return self.responsible_called(name);
        }
        if let Basis::Obligation(answer) | Basis::Each { obligation: answer, .. } = &measure.basis {
            let kind = self.plan.answers.get(*answer).map(|answer| &answer.kind)?;
            return if let AnswerKind::Obligation(obligation) = kind { obligation.responsible } else { None };
        }
        let labels = measure.strata.iter().filter_map(|stratum| match stratum.kind {
            StratumKind::Label(label) if self.is_organisation(label) => Some(label),
            _ => None,
        });
        match labels.collect::<Vec<_>>().as_slice() {
            [only] => Some(Responsible::Label(*only)),
            _ => self.only_organisation(&tree.name),
        }
    }

    /// A measure that is a rate must say what an unknown counts as: there is no silent default.
    fn policy_is_said(&mut self, tree: &tree::Measure, measure: &Measure, said: bool) {
        if said || matches!(measure.basis, Basis::Number(_)) {
            return;
        }
        let title = format!("the measure `{}` does not say how unknown cases count", tree.name.node);
        let fault = Diagnostic::error(codes::E0906, tree.name.span, title, "no policy for unknowns");
        self.faults.push(fault.help("write `unknown counts against` (they stay in the denominator) or `unknown left out` (they are shown beside the rate)"));
    }

    fn basis(&mut self, tree: &tree::Measure) -> Option<Basis> {
        let (mut obligation, mut of, mut met, mut excused) = (None, None, None, Vec::new());
        for entry in &tree.entries {
            match &entry.kind {
                MeasureKind::Value(figure) => return Some(Basis::Number(self.figure_of_cases(tree, figure)?)),
                MeasureKind::OfObligation(path) => obligation = Some(path),
                MeasureKind::OfEach { event, of } => return self.each_basis(event, of),
                MeasureKind::OfCases(when) => of = Some((when.as_ref(), false)),
                MeasureKind::OfCount(count) => of = Some((Some(count), true)),
                MeasureKind::MetWhen(expr) | MeasureKind::MetCount(expr) => met = Some(expr),
                MeasureKind::Excused { when, because } => excused.push((when, because.clone())),
                _ => {}
            }
        }
        if let Some(path) = obligation {
            return self.obligation_named(path).map(Basis::Obligation);
        }
        let (Some((of, counted)), Some(met)) = (of, met) else {
            let title = format!("the measure `{}` does not say what it counts", tree.name.node);
            let fault = Diagnostic::error(codes::E0907, tree.name.span, title, "of what?");
            return self.fault(fault.help("write `of obligation NAME`, `of each EVENT in NAME`, or `of cases where …` with `met when …`, or `of count N` with `met count M`, or a number such as `value median of wait`"));
        };
        if counted {
            return Some(Basis::Counts { of: self.count_cell(of?)?, met: self.count_cell(met)? });
        }
        let of = match of {
            Some(when) => self.condition(when, Place::default())?,
            None => crate::plan::Expr { op: crate::plan::Op::Constant(1), shape: crate::plan::Shape::YES_NO },
        };
        let asked = met;
        let met = self.condition(met, Place::default())?;
        self.comes_out_in_two_ways_of_cases(tree, &of, (asked, &met));
        let mut exclusions = Vec::new();
        let (counted, of, met) = (of.clone(), self.plan.store(of), self.plan.store(met));
        for (when, because) in excused {
            let asked = when;
            let when = self.condition(when, Place::default())?;
            self.leaves_someone(&counted, (asked, &when));
            exclusions.push((self.plan.store(when), because));
        }
        Some(Basis::Cases { of, met, excused: exclusions })
    }

    pub(super) fn obligation_named(&mut self, path: &Path) -> Option<AnswerId> {
        let [name] = path.parts.as_slice() else {
            return self.fault(unsupported(path.span, "measures over another package"));
        };
        let Some(Symbol::Obligation(index)) = self.names().get(&name.node) else {
            let known = self.names().obligations.iter().map(|o| o.name.node.as_str());
            let near = crate::syntax::spelling::nearest(&name.node, known).map(str::to_owned);
            let fault = Diagnostic::error(
                codes::E0303,
                path.span,
                format!("there is no obligation `{}`", name.node),
                "not declared",
            );
            return self.fault(match near {
                Some(near) => fault.help(format!("did you mean `{near}`?")).edit(path.span, near),
                None => fault,
            });
        };
        self.mention(path.span, Symbol::Obligation(index));
        self.obligation(index, path.span)
    }

    fn count_cell(&mut self, tree: &tree::Expr) -> Option<CellId> {
        let typed = self.expr(tree, None, Place::default())?;
        if !matches!(typed.ty, Type::Number { places: 0, .. }) {
            return self.error(codes::E0503, tree.span, "a count is a whole number", "not a whole number");
        }
        Some(self.plan.store(typed.expr))
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one line")]
    fn target(
        &mut self,
        basis: &Basis,
        op: Comparison,
        value: &Number,
        from: Option<tree::Date>,
        unverified: bool,
        span: Span,
    ) -> Option<Target> {
        let at_least = match op {
            Comparison::GreaterOrEqual => true,
            Comparison::LessOrEqual => false,
            _ => {
                let fault = Diagnostic::error(
                    codes::E0908,
                    span,
                    "a target must be at least or at most a figure",
                    "not a target",
                );
                let said = self.context.words(value.span);
                return self.fault(fault.help(match op {
                    Comparison::Less => format!("a target includes its figure: write `target <= {said}`"),
                    Comparison::Greater => format!("a target includes its figure: write `target >= {said}`"),
                    _ => format!("write `target >= {said}` where more is better, `target <= {said}` where less is"),
                }));
            }
        };
        let (value, places) = match basis {
            Basis::Number(figure) => self.target_of_number(value, figure)?,
            _ => self.percentage(value)?,
        };
        if unverified {
            self.plan.unverified();
        }
        let from = from.and_then(|d| days_from_date(i64::from(d.year), i64::from(d.month), i64::from(d.day)));
        Some(Target { at_least, value, places, from, unverified })
    }

    fn percentage(&mut self, value: &Number) -> Option<(i64, u8)> {
        let percent = value.unit.as_ref().is_some_and(|u| u.text == "%");
        let hundred = 10_i64.checked_pow(u32::from(value.places)).and_then(|p| p.checked_mul(100));
        if percent && value.digits >= 0 && hundred.is_some_and(|h| value.digits <= h) {
            return Some((value.digits, value.places));
        }
        let title = "a target is a percentage between 0 and 100";
        let fault = Diagnostic::error(codes::E0908, value.span, title, "not a percentage");
        let said = self.context.words(value.span);
        self.fault(match part_of_all(value) {
            Some(part) => fault.help(format!("write `{part}` where it is a part of all, or `{said} %`")),
            None if value.unit.is_none() && value.digits > 1 => {
                let written = format!("{said} %");
                fault.help(format!("write `{written}`")).edit(value.span, written)
            }
            None => fault.help("write the figure with its sign, such as `95 %`"),
        })
    }
}

/// A plain number up to 1 as a percentage: `0.85` of all are `85 %`.
fn part_of_all(value: &Number) -> Option<String> {
    let one = 10_i64.checked_pow(u32::from(value.places))?;
    if value.unit.is_some() || !(1..=one).contains(&value.digits) {
        return None;
    }
    let places = value.places.saturating_sub(2);
    let digits = value.digits.checked_mul(10_i64.checked_pow(2_u32.saturating_sub(value.places.into()))?)?;
    let one = 10_i64.checked_pow(places.into())?;
    let width = usize::from(places);
    Some(if places == 0 { format!("{digits} %") } else { format!("{}.{:0width$} %", digits / one, digits % one) })
}
