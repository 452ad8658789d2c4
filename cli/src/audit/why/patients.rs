//! Who the cases of an organisation are, where that differs from elsewhere, and how many of them documented reasons take out.

use crate::audit::disclose::Disclosure;
use crate::audit::mix::Mix;
use crate::audit::places::Places;
use crate::audit::strata::StratumTally;
use crate::results::{Cause, CauseKind, MeasureResult};
use crate::words::percent;
use concord_engine::plan::Obligation;
use std::collections::BTreeMap;

/// So much larger is the share of a group than elsewhere.
const LEAST_MORE: f64 = 0.15;
/// And of excused cases.
const LEAST_EXCUSED: f64 = 0.08;
const LEAST_Z: f64 = 5.0;
const LEAST: u64 = 20;

/// A group that an organisation has far more of.
#[derive(Clone, Debug)]
pub(in crate::audit) struct Unusual {
    title: String,
    group: String,
    own: f64,
    elsewhere: f64,
}

/// By code, the group of which it has most beyond the others; none where that is not much.
pub(in crate::audit) fn unusual(
    splits: &[StratumTally<'_, Mix>],
    disclosure: &Disclosure,
) -> BTreeMap<String, Unusual> {
    let mut found: BTreeMap<String, Unusual> = BTreeMap::new();
    for split in splits {
        let count = |exact: u64| disclosure.count(exact).unwrap_or(0);
        let (title, groups) = split.named(|mix| {
            mix.iter().map(|(code, [_, of])| (code.clone(), count(*of))).collect::<BTreeMap<String, u64>>()
        });
        let mut all: BTreeMap<&String, u64> = BTreeMap::new();
        for (code, of) in groups.iter().flat_map(|(_, mix)| mix) {
            *all.entry(code).or_default() += of;
        }
        let everybody: u64 = all.values().sum();
        for (group, mix) in groups.iter().filter(|(group, _)| group != "not known") {
            let in_group: u64 = mix.values().sum();
            for (code, own) in mix {
                let n = all.get(code).copied().unwrap_or(0);
                let rest = everybody - n;
                if n < LEAST || rest < LEAST {
                    continue;
                }
                let (own, elsewhere) = (*own as f64 / n as f64, (in_group - own) as f64 / rest as f64);
                let chance = (elsewhere * (1.0 - elsewhere) / n as f64).sqrt();
                let more = own - elsewhere;
                if more < LEAST_MORE || more < LEAST_Z * chance {
                    continue;
                }
                let unusual = Unusual { title: title.clone(), group: group.clone(), own, elsewhere };
                let known = found.entry(code.clone()).or_insert_with(|| unusual.clone());
                if known.own - known.elsewhere < more {
                    *known = unusual;
                }
            }
        }
    }
    found
}

/// The sentence on it, with what it does to the rate of a measure.
pub(super) fn cause(unusual: &Unusual, measure: &MeasureResult, code: &str) -> Cause {
    let Unusual { title, group, own, elsewhere } = unusual;
    let of = measure.organisations.iter().find(|of| of.code == code);
    let expected = of.and_then(|of| of.expected).zip(measure.total.rate);
    let effect = expected.map(|(expected, all)| {
        format!(
            "; with the group's own rates they would have {} of \"{}\" (the group {})",
            percent(expected),
            measure.title,
            percent(all.value)
        )
    });
    let text = format!(
        "{} of its cases are {group} (by {title}), elsewhere {}{}",
        percent(*own),
        percent(*elsewhere),
        effect.unwrap_or_default()
    );
    Cause { kind: CauseKind::CaseMix, about: Some(measure.name.clone()), text }
}

/// Obligations of which documented reasons take out far more cases than elsewhere.
pub(super) fn excused(places: &Places<'_>, code: &str) -> Vec<Cause> {
    let Some(place) = places.of(code) else { return Vec::new() };
    let with = places.obligations.iter().enumerate().filter(|(_, (_, cells))| has_excuse(cells));
    let found = with.filter_map(|(number, (answer, _))| {
        let of = |place: &crate::audit::places::Place| {
            let judged = place.judged.get(number)?;
            let all = judged.decided() + judged.verdicts.excused + judged.verdicts.unknown;
            (all >= LEAST).then(|| (judged.verdicts.excused as f64 / all as f64, all as f64))
        };
        let (own, n) = of(place)?;
        let usual = places.usual(("excused", number, None), |place| of(place).map(|(share, _)| share))?;
        let chance = (usual.max(0.5 / n) * (1.0 - usual) / n).sqrt();
        let far = own - usual >= LEAST_EXCUSED && own - usual >= LEAST_Z * chance;
        let title = answer.label.clone().unwrap_or_else(|| answer.name.clone());
        far.then(|| Cause {
            kind: CauseKind::Excused,
            about: Some(answer.name.clone()),
            text: format!(
                "{title}: documented reasons excuse {} of its cases, elsewhere {}; they are in no denominator",
                percent(own),
                percent(usual)
            ),
        })
    });
    found.collect()
}

fn has_excuse(cells: &Obligation) -> bool {
    !cells.excuses.is_empty()
}
