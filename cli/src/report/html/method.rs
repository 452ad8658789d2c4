//! How the figures are calculated, with references, and what the words mean.

use maud::{Markup, html};

use super::parts::{self, Column};
use crate::results::Results;

/// What is calculated, how, and by whose method.
const METHODS: [(&str, &str, &str); 15] = [
    (
        "Verdict",
        "Every case is judged by the compiled module named above: the same module that runs at the bedside. What the record does not settle is “unknown”; it is never counted as met.",
        "the rule's own source",
    ),
    (
        "Rate and its interval",
        "The numerator over the denominator. The 95% interval is Wilson's score interval, which stays within 0% and 100% for small numbers.",
        "Wilson 1927",
    ),
    (
        "How long it took",
        "Median, 90th and 95th percentile with order-statistic 95% intervals. What is due by a day is counted in whole days, whatever the hour. No mean: a few long waits would hide the usual one.",
        "David & Nagaraja 2003",
    ),
    (
        "Funnel plot",
        "Each organisation's rate against its size. Limits show how far a rate may lie from the group's by chance: 95% (1 in 20 outside) and 99.8% (2 in 1,000). A flag rests on the exact two-sided mid-p value; an organisation of fewer than 10 cases is shown and not flagged. Where small numbers are protected, it rests on the counts nearest to the group that the shown ones may stand for; one whose counts are suppressed takes part in the rate of the group alone, and where more than a quarter are, none is compared. One of which far more is unknown than is usual takes no part in the group's rate.",
        "Spiegelhalter 2005; Lancaster 1961",
    ),
    (
        "Whether organisations differ",
        "A χ² test of all organisations by met and not met, small ones put together. Below p = 0.05 the report says that they differ more than by chance, and otherwise that they do not.",
        "Cochran 1954",
    ),
    (
        "Usual spread (over-dispersion)",
        "Organisations differ for reasons that no record captures. φ is the average squared distance from the group in standard errors, after the outer tenths are pulled in; the variance τ² between organisations widens the limits. From 10 organisations on it is that of their middle half, so that the ones that stand apart do not hide themselves; of fewer, that of the squares. Limits are nowhere narrower than those of chance. Both plots are shown.",
        "Spiegelhalter 2005, 2012; DerSimonian & Laird 1986; Hampel 1974",
    ),
    (
        "Case mix",
        "What an organisation would have if each of its groups fared as that group does at the others, by one declared split at a time; of groups of which the others have fewer than 10 cases nobody can tell. Where organisations would differ by 5 points or more on that account alone, they are not like with like.",
        "Indirect standardisation",
    ),
    (
        "Why a rate differs",
        "The gap to the rate of the others is the sum of five parts. Rule: how much closes when its cases are judged by the settings or the version that it ran, never more than the gap. Data: what its unknown cases take, where they count against, beyond what they take from the others. Excused: what documented reasons beyond the share of the others do, were those cases to fare as theirs. Case mix: its expected rate less the rate of the others. Practice: what is left; its interval is the rate's own, moved by the other parts. Where data or rules explain a gap, it is not compared as practice, and takes no part in the group's rate and spread.",
        "Waterfall of an indirectly standardised rate",
    ),
    (
        "Observed over expected",
        "Cases met over those expected by the split that sets organisations most apart, with the exact interval of a Poisson count.",
        "Garwood 1936",
    ),
    (
        "Checks of data",
        "A share is told where it lies above the middle one of all organisations by 4.5 standard errors and by some points (2 to 20, by the check). A month is short where so few cases have less than 1 chance in 100,000 by its own volume. An export in UTC is told by the hours at which cases begin in summer time, by a likelihood ratio of e⁶, and not in winter.",
        "Exact Poisson tail; likelihood ratio",
    ),
    (
        "A rate that changed",
        "The parting of an organisation's months with the largest binomial likelihood ratio, told from 2 ln L = 16 on and from 10 points on, after how the other organisations went at the same time is taken off.",
        "Hinkley & Hinkley 1970",
    ),
    (
        "Many comparisons",
        "q is p adjusted so that, of the organisations flagged at q below 0.05, no more than 1 in 20 is expected to be flagged wrongly. The family is all comparisons of an organisation with the group in this report, over all its measures. It is not applied to control charts.",
        "Benjamini & Hochberg 1995",
    ),
    (
        "Spread between organisations",
        "Median odds ratio and intra-class correlation from the variance between organisations. Shrunken rates pull small organisations towards the group.",
        "Larsen & Merlo 2005",
    ),
    (
        "Control chart",
        "XmR: mean ± 2.66 × mean moving range, by month, or by whatever period the measure says. Special cause, in this order: outside the limits; a trend of 7; 2 of 3 near a limit with all 3 on that side of the mean; 7 on one side of the mean. Months without a rate keep their place, and no run and no moving range goes across them. Below 12 months, where the rarer of met and not met comes up less than once a month, and where nothing is left of the moving ranges, the process is not judged.",
        "NHS England, Making Data Count; Benneyan 2001 for rare events",
    ),
    (
        "Small numbers",
        "Where disclosure control is on: 0 is shown, 1 to 7 is suppressed, 8 and over is rounded to the nearest 5, rates come from the rounded figures, with the interval of whatever was rounded, and a flag, a target that is reached or missed, and a reason why an organisation differs are told only where they hold whatever the exact counts are; rows, events and refused rows are counts like these. Where subtracting what is shown would leave fewer than three numbers that a count of 1 to 7 may be, more is hidden, and says “not shown”: none, a few or many. What this run did is printed at the top.",
        "NHS England disclosure scheme",
    ),
];

const WORDS: [(&str, &str); 17] = [
    ("Obligation", "What the rule asks to be done for a case, and by when."),
    ("Measure", "A rate that a package defines, with its numerator and its denominator."),
    ("Numerator, denominator", "The cases that count, and the cases the rule applies to."),
    ("Met, late, missed", "Done in time; done after the limit; not done and the limit has passed."),
    ("Open", "The limit had not passed when the data ended."),
    ("Unknown", "The record lacks something that the verdict needs."),
    ("Excused", "A reason that the rule accepts is recorded."),
    ("Not applicable", "The rule asks nothing of this case."),
    ("Common cause", "Variation that the process shows all the time. To change it, change the process."),
    ("Special cause", "Variation that chance would rarely produce. Ask what happened."),
    ("Hit and miss", "The target lies between the limits: as the process stands, a month may reach it or miss it."),
    (
        "Consistently passes, consistently fails",
        "The target lies beyond a limit: without change the process will go on so.",
    ),
    ("Trial limits", "Limits from few points: they may still move."),
    (
        "95% interval",
        "Values that fit the data; a method that makes such intervals covers the true value 19 times in 20.",
    ),
    ("Dispersion ratio φ", "How much more organisations differ than chance explains; 1 is chance alone."),
    ("Median odds ratio", "How far two organisations picked at random differ for similar cases; 1 is not at all."),
    ("Shrunken rate", "A rate moved towards the group's, the more so the fewer its cases."),
];

/// How it was calculated.
pub fn method(results: &Results) -> Markup {
    let rows = html! {
        @for (what, how, reference) in METHODS {
            tr { th scope="row" { (what) } td { (how) } td { (reference) } }
        }
    };
    let columns = [Column::Text("What"), Column::Text("How"), Column::Text("Reference")];
    html! {
        section aria-labelledby="method" {
            h2 id="method" { "How it was calculated" }
            p { "By concord " (results.run.version) ", from the logic and the data whose fingerprints are given in each section. Anyone with both gets the same figures." }
            p { "Nothing here is a league table. Organisations stand in order of code; a difference is a question, not an answer: first whether the data are complete, then whether the cases are similar, and only then whether practice differs." }
            (parts::table("Methods", "Methods and references", &columns, &rows))
        }
    }
}

/// The glossary.
pub fn glossary() -> Markup {
    html! {
        section aria-labelledby="glossary" {
            h2 id="glossary" { "What the words mean" }
            dl class="facts glossary" {
                @for (word, meaning) in WORDS { div { dt { (word) } dd { (meaning) } } }
            }
        }
    }
}
