//! The results of an audit as plain data: what `results.json` holds, and all that the report is drawn from.
//!
//! This is the boundary between finding out and showing. Reading and judging write it; the page, the tables and the words of the
//! report are pure functions of it, so that `concord report` can draw them again. Every rate carries its counts; every count says
//! what it leaves out.

mod chart;
mod counts;
mod data;
mod figure;
mod measure;
mod member;
mod nulls;
mod obligation;
mod others;
mod process;
mod run;
mod shown;

pub use crate::words::WITHHELD;
pub use chart::{ChartPoint, ControlChart, Gap, MORE_MET, MORE_NOT_MET, NOT_SURE, PointLimits, SPECIAL_CAUSE};
pub use counts::{Counts, Rate, Verdicts};
pub use data::{Completeness, Data, DataFile, place};
pub use figure::{Estimate, FigureResult, FigureValue, OrganisationFigure};
pub use measure::{
    Better, EventToReview, Funnel, Judgements, Limits, MeasureResult, OrganisationRate, Spread, Standing,
    StratumResult, Target, Unlike, Unset,
};
pub use member::{
    Answer, Cause, CauseKind, Check, MemberDelay, MemberPath, MemberResult, MemberStep, Part, PartKind, RuleChange,
    RuleDifference, StepShare, Why,
};
pub use obligation::{CaseToLookAt, Days, Delay, LateBy, ObligationResult, Quantile, Reading};
pub use run::{Audit, Headline, Logic, Parameter, Results, Run, Tone};
pub use shown::Shown;
