//! Figures that are numbers: whoever lies beyond the 99.8 % limits of one for the worse, with the usual spread allowed for.

use crate::audit::disclose::Disclosure;
use crate::results::{Better, Cause, CauseKind, FigureResult};

/// The reasons of one organisation; none of a figure of an obligation whose distance a measure of the same cases tells to be `known` otherwise.
pub(super) fn of_figures(
    figures: &[FigureResult],
    code: &str,
    known: impl Fn(&FigureResult) -> bool,
    disclosure: &Disclosure,
) -> Vec<Cause> {
    figures.iter().filter(|figure| !known(figure)).filter_map(|figure| of_figure(figure, code, disclosure)).collect()
}

fn of_figure(figure: &FigureResult, code: &str, disclosure: &Disclosure) -> Option<Cause> {
    let of = figure.organisations.iter().find(|of| of.code == code)?;
    let worse = match figure.better {
        Better::Higher => "below 99.8%",
        Better::Lower => "above 99.8%",
        Better::Neither => return None,
    };
    if of.place_adjusted != worse {
        return None;
    }
    let text = match disclosure.shows_cases() {
        true => {
            let all = figure.total.said(&figure.shown);
            let own = match (&of.value.estimate, &figure.total.estimate) {
                (Some(own), Some(all)) if !own.at_least => figure.shown.say_beside(own.value, all.value),
                _ => of.value.said(&figure.shown),
            };
            format!("{}: {own}, all together {all}", figure.title)
        }
        false => {
            let side = if figure.better == Better::Higher { "lower" } else { "higher" };
            format!("{}: {side} than at the others, by more than the usual spread between them", figure.title)
        }
    };
    Some(Cause { kind: CauseKind::Practice, about: Some(figure.name.clone()), text })
}
