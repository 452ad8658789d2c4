//! What is known of an audit besides what it tells, as a reader may take it for granted; and the counts behind what no table has.

use std::collections::{BTreeMap, BTreeSet};

/// What is known of an audit besides what it tells.
#[derive(Clone, Debug, Default)]
pub(in crate::audit) struct Given {
    /// Cases that name no organisation.
    pub(in crate::audit) unnamed: u64,
    /// Whether any rows were left out by name.
    pub(in crate::audit) left_out: bool,
    /// Which obligations, measures and figures count a case at the organisation whose case it is.
    pub(in crate::audit) obligations: Vec<bool>,
    pub(in crate::audit) measures: Vec<bool>,
    pub(in crate::audit) figures: Vec<bool>,
    /// Which figures count each case there is, in one way or another.
    pub(in crate::audit) figures_of_all: Vec<bool>,
    /// The organisations that are in no total of a measure, by measure.
    pub(in crate::audit) unset: Vec<BTreeSet<Option<String>>>,
    /// The same by figure.
    pub(in crate::audit) figures_unset: Vec<BTreeSet<Option<String>>>,
    /// The organisations of which an obligation decides nothing, by obligation.
    pub(in crate::audit) obligations_unset: Vec<BTreeSet<Option<String>>>,
    /// Who is in which period, by measure.
    pub(in crate::audit) over_time: Vec<PeriodsOf>,
    /// By obligation, what holds of its times.
    pub(in crate::audit) times: Vec<OfTimes>,
    /// By measure, whether what is named counts a case at least.
    pub(in crate::audit) listed: Vec<bool>,
    /// By obligation, whether each unknown case lacks something that is named.
    pub(in crate::audit) needs: Vec<bool>,
    /// By code, whether all that was done of an obligation has a time.
    pub(in crate::audit) timed: BTreeMap<String, Vec<bool>>,
    /// The kinds of event, by name, of which the cases of organisations without one are all cases without one.
    pub(in crate::audit) without: BTreeSet<String>,
    /// By measure, how many of each group each organisation has: of the splits by which something may be told.
    pub(in crate::audit) mixes: Vec<Vec<MixOf>>,
    /// By code.
    pub(in crate::audit) paths: BTreeMap<String, PathOf>,
    /// By code, and in the order of obligations.
    pub(in crate::audit) as_run: BTreeMap<String, Vec<ByBoth>>,
}

/// What a reader may take for granted of the times of an obligation.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::audit) struct OfTimes {
    /// What took longer than the limit is what is late.
    pub(in crate::audit) parted: bool,
    /// All that was done has a time; and all that was late is late by one.
    pub(in crate::audit) all: bool,
    pub(in crate::audit) all_late: bool,
}

/// Of periods, by name: whether anybody is in a numerator, in a denominator, and in this and not in that.
pub(super) type Periods = [(Option<String>, [bool; 3])];

/// By organisation, or of all: in which periods, by name, anybody is in a numerator, in a denominator, and in this and not in that. Cases that are in no
/// period have no name there.
pub(in crate::audit) type PeriodsOf = BTreeMap<Option<String>, Vec<(Option<String>, [bool; 3])>>;

/// How many of each group of a split each organisation has. All counts are as they may be told, or what stands for one that is suppressed.
#[derive(Clone, Debug)]
pub(in crate::audit) struct MixOf {
    pub(in crate::audit) title: String,
    /// Whether what organisations are expected to have is made of it.
    pub(in crate::audit) used: bool,
    pub(in crate::audit) groups: Vec<GroupOf>,
    /// The organisations of which all that are decided are in some group.
    pub(in crate::audit) whole: BTreeSet<String>,
}

/// A group.
#[derive(Clone, Debug)]
pub(in crate::audit) struct GroupOf {
    pub(in crate::audit) name: String,
    /// Met, and of how many.
    pub(in crate::audit) of: [u64; 2],
    /// The same by code.
    pub(in crate::audit) cells: Vec<(String, [u64; 2])>,
    /// Whether these are all of the group that are decided.
    pub(in crate::audit) whole: bool,
}

/// The counts behind the path of an organisation, as they may be told, or what stands for one that is suppressed.
#[derive(Clone, Debug)]
pub(in crate::audit) struct PathOf {
    pub(in crate::audit) steps: Vec<StepOf>,
    pub(in crate::audit) on_path: u64,
    /// Whoever is not on the usual path skipped a step, or did it after the next one: of others the times are not known.
    pub(in crate::audit) accounted: bool,
    /// How many go the commonest way, and whether that has all steps of the usual path in its order.
    pub(in crate::audit) commonest: Option<(u64, bool)>,
}

/// A step: how many skipped it, did it again, and did it after the next one.
#[derive(Clone, Debug)]
pub(in crate::audit) struct StepOf {
    pub(in crate::audit) step: String,
    pub(in crate::audit) skipped: u64,
    pub(in crate::audit) again: u64,
    pub(in crate::audit) wrong: Option<u64>,
}

/// Cases that are decided by the rules of the group and of a member: how many, met by the one, by the other, and judged otherwise.
#[derive(Clone, Debug)]
pub(in crate::audit) struct ByBoth {
    pub(in crate::audit) told: [u64; 4],
    /// They are all that the group's decide.
    pub(in crate::audit) all: bool,
}
