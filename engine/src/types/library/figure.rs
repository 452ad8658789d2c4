//! Measures whose figure is a number, and what each case counts for.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::Class;
use crate::plan::figure::{Bands, Figure, Statistic, Weight};
use crate::plan::library::Basis;
use crate::syntax::tree::{self, Made, MeasureKind, Number};
use crate::text::Span;
use crate::types::expressions::fit::describe;
use crate::types::expressions::terms::yes;
use crate::types::{Builder, Place, Typed};
use crate::values::dimension;
use crate::values::types::Type;

impl Builder<'_> {
    /// `value median of wait` over the cases that the measure is of.
    pub(super) fn figure_of_cases(&mut self, tree: &tree::Measure, figure: &tree::Figure) -> Option<Figure> {
        let mut of = None;
        let mut excused = Vec::new();
        for entry in &tree.entries {
            match &entry.kind {
                MeasureKind::OfCases(when) => of = when.as_ref(),
                MeasureKind::Excused { when, because } => excused.push((when, because.clone())),
                MeasureKind::OfObligation(_)
                | MeasureKind::OfEach { .. }
                | MeasureKind::OfCount(_)
                | MeasureKind::MetWhen(_)
                | MeasureKind::MetCount(_) => {
                    let title = "a `value` is of cases, and what is met is not asked";
                    let fault = Diagnostic::error(codes::E0907, entry.span, title, "this belongs to a share of cases");
                    return self.fault(fault.help("write `of cases where …`, or give the share a measure of its own"));
                }
                MeasureKind::Unknown { against: true } => {
                    let title = "what is not known cannot count against a number";
                    let fault = Diagnostic::error(codes::E0907, entry.span, title, "of a share only");
                    return self.fault(fault.help(
                        "leave the line out: cases that are not known are left out, and shown beside the figure",
                    ));
                }
                _ => {}
            }
        }
        let of = match of {
            Some(when) => self.condition(when, Place::default())?,
            None => yes(),
        };
        let of = self.plan.store(of);
        let mut exclusions = Vec::new();
        for (when, because) in excused {
            let when = self.condition(when, Place::default())?;
            exclusions.push((self.plan.store(when), because));
        }
        let value = self.amount(&figure.value, false)?;
        let statistic = self.statistic(figure, &value)?;
        let ty = value.ty.clone();
        let words = self.context.words(figure.value.span);
        let per = figure.per.as_ref().map(|(_, exposure)| self.context.words(exposure.span));
        Some(Figure { of, excused: exclusions, statistic, value: self.plan.store(value.expr), ty, words, per })
    }

    fn statistic(&mut self, figure: &tree::Figure, value: &Typed) -> Option<Statistic> {
        let bands = match &figure.bands {
            Some(bands) => Some(self.bands(bands, &value.ty)?),
            None => None,
        };
        match (figure.made.node, &figure.per) {
            (Made::Percentile(per_mille), None) => Some(Statistic::Percentile { per_mille, bands }),
            (_, _) if bands.is_some() => self.misplaced(figure.made.span, "bands belong to a median or a percentile"),
            (Made::Mean, None) => Some(Statistic::Mean),
            (Made::Sum, None) => Some(Statistic::Sum),
            (Made::Sum, Some((times, exposure))) => {
                let (times, span) = (self.whole(times)?, exposure.span);
                let exposure = self.amount(exposure, true)?;
                let (places, plain) = match (&exposure.ty, &value.ty) {
                    (Type::Duration, Type::Duration) => (0, true),
                    (Type::Number { places, unit: Some(per) }, Type::Number { unit: Some(unit), .. }) => {
                        (*places, dimension::same(per, unit))
                    }
                    (Type::Number { places, .. }, _) => (*places, false),
                    _ => return self.in_no_unit(span),
                };
                let events = matches!(value.ty, Type::Number { places: 0, unit: None }) && value.expr.shape.low >= 0;
                let exposure = self.plan.store(exposure.expr);
                Some(Statistic::Per { times, places, plain, exposure, events })
            }
            (_, Some(_)) => self.misplaced(figure.made.span, "only a sum is taken per so many"),
        }
    }

    /// So many of a length of time are so many of which unit?
    fn in_no_unit<T>(&mut self, span: Span) -> Option<T> {
        let title = "a duration has no unit that so many of it could be in";
        let fault = Diagnostic::error(codes::E0907, span, title, "so many of which unit?");
        self.fault(
            fault.help(
                "count it in a unit: `hours from start to end`, or declare a fact such as `decimal 0.0..1000.0 h`",
            ),
        )
    }

    fn misplaced<T>(&mut self, span: Span, title: &'static str) -> Option<T> {
        self.error(codes::E0907, span, title, "not of this")
    }

    fn bands(&mut self, bands: &tree::Bands, ty: &Type) -> Option<Bands> {
        let mut literal = |number: &Number| -> Option<i64> {
            let typed = self.number(number, Some(ty))?;
            let typed = self.fit(typed, ty, number.span)?;
            self.constant(&typed, number.span)
        };
        let width = literal(&bands.width)?;
        let open_from = match &bands.open_from {
            Some(open) => Some(literal(open)?),
            None => None,
        };
        if width < 1 {
            return self.error(codes::E0907, bands.width.span, "a band is wider than nothing", "not a width");
        }
        Some(Bands { width, open_from })
    }

    fn whole(&mut self, number: &Number) -> Option<i64> {
        if number.places == 0 && number.unit.is_none() && number.digits > 0 {
            return Some(number.digits);
        }
        self.error(codes::E0907, number.span, "`per` is followed by a whole number, such as 1000", "not a whole number")
    }

    /// What each case counts for: patients, pounds.
    pub(super) fn weight(&mut self, tree: &tree::Expr, basis: &Basis, span: Span) -> Option<Weight> {
        let of_number = match basis {
            Basis::Obligation(_) | Basis::Cases { .. } => false,
            Basis::Number(Figure { statistic: Statistic::Percentile { .. } | Statistic::Mean, .. }) => true,
            Basis::Number(_) | Basis::Counts { .. } | Basis::Each { .. } => {
                let title = "sums, ready-made counts and judgements have no weight";
                let fault = Diagnostic::error(codes::E0907, span, title, "not of this");
                return self
                    .fault(fault.help("a weight belongs to a share of cases, a median, a percentile or a mean"));
            }
        };
        let typed = self.amount(tree, true)?;
        if of_number && !matches!(typed.ty, Type::Number { places: 0, .. }) {
            let title = "a case stands for a whole number of others";
            return self.error(codes::E0907, tree.span, title, "not a whole number");
        }
        let ty = typed.ty.clone();
        Some(Weight { cell: self.plan.store(typed.expr), ty, words: self.context.words(tree.span) })
    }

    /// A number or a duration; not below 0 where it is counted by.
    fn amount(&mut self, tree: &tree::Expr, counted_by: bool) -> Option<Typed> {
        let typed = self.expr(tree, None, Place::default())?;
        let number = matches!(typed.ty, Type::Number { .. } | Type::Duration) && typed.expr.shape.class == Class::Range;
        if !number {
            let title = format!("a number or a duration belongs here, not {}", describe(&typed.ty));
            return self.error(codes::E0503, tree.span, title, "not a number");
        }
        if counted_by && typed.expr.shape.low < 0 {
            let title = "what cases are counted by could be below 0";
            let fault = Diagnostic::error(codes::E0907, tree.span, title, "below 0");
            return self.fault(fault.help("declare a range from 0, or write `highest of x, 0`"));
        }
        Some(typed)
    }

    /// A figure's target in its own scale, and the digits after the point.
    pub(super) fn target_of_number(&mut self, value: &Number, figure: &Figure) -> Option<(i64, u8)> {
        if let Statistic::Per { plain, .. } = figure.statistic {
            let pounds = matches!(&figure.ty, Type::Number { unit: Some(unit), .. } if unit == "GBP");
            if plain || !(pounds || figure.ty == Type::Duration) {
                return Some((value.digits, value.places));
            }
        }
        let typed = self.number(value, Some(&figure.ty))?;
        let wanted = match (&figure.ty, &typed.ty) {
            (Type::Number { places: declared, unit }, Type::Number { places, .. }) => {
                Type::Number { places: *places.max(declared), unit: unit.clone() }
            }
            _ => figure.ty.clone(),
        };
        let typed = self.fit(typed, &wanted, value.span)?;
        let places = if let Type::Number { places, .. } = wanted { places } else { 0 };
        Some((self.constant(&typed, value.span)?, places))
    }
}
