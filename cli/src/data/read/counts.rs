//! Rows by what became of them, and what a reader of the report must know of their times and values.

use super::told::Told;
use concord_engine::plan::case::{Case, Datum, When};
use concord_engine::plan::{Input, Plan};
use concord_engine::values::types::Type;

/// Rows by what became of them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) rows: u64,
    pub(super) used: u64,
    /// Rows whose case is named with blanks around it or characters that nobody sees.
    pub(super) tidied: u64,
    /// Rows whose organisation has blanks around its code.
    pub(super) tidied_codes: u64,
    /// Refused rows that may have been any event of their case.
    pub(super) may_be_any: u64,
    /// Events whose text is a date without a time of day.
    pub(super) no_clock: u64,
    /// Events whose text does not even say the day.
    pub(super) no_day: u64,
    /// Events in the hour that the clock shows twice.
    pub(super) twice: u64,
    /// Values that are instants, and known only to the day or to the hour that comes twice.
    pub(super) between: u64,
    /// Other values known only as a range, such as a result beyond what can be measured.
    pub(super) beyond: u64,
    /// Fields that hold several codes, and the events that they make.
    pub(super) several: u64,
    pub(super) of_several: u64,
    /// Codes that stand twice in one field.
    pub(super) repeated: u64,
    /// Times of which fractions of a millisecond are left out.
    pub(super) finer: u64,
    /// Events of which a record says between which instants they happened.
    pub(super) around: u64,
    /// Records of cases without a list of events.
    pub(super) no_list: u64,
}

impl Counts {
    /// Counts a value that is known only as a range.
    pub(super) fn value(&mut self, input: &Input, datum: Datum) {
        if matches!(datum, Datum::Between(..)) {
            *if input.ty == Type::Instant { &mut self.between } else { &mut self.beyond } += 1;
        }
    }

    /// Counts what a whole case gives as ranges.
    pub(super) fn ranges(&mut self, plan: &Plan, case: &Case) {
        plan.subject.inputs.iter().zip(&case.facts).for_each(|(input, datum)| self.value(input, *datum));
        for event in &case.events {
            self.around += u64::from(matches!(event.at, When::Between(..)));
            let fields = plan.subject.events.get(event.kind).into_iter().flat_map(|kind| &kind.fields);
            fields.zip(&event.fields).for_each(|(input, datum)| self.value(input, *datum));
        }
    }

    /// Adds what was counted of other rows.
    pub(super) fn take(&mut self, other: &Counts) {
        let pairs = self.all().into_iter().zip(other.clone().all().map(|own| *own));
        pairs.for_each(|(sum, own)| *sum += own);
    }

    fn all(&mut self) -> [&mut u64; 16] {
        // Each is named, so that none is forgotten where threads count side by side.
        let Counts {
            rows,
            used,
            tidied,
            tidied_codes,
            may_be_any,
            no_clock,
            no_day,
            twice,
            between,
            beyond,
            several,
            of_several,
            repeated,
            finer,
            around,
            no_list,
        } = self;
        [
            rows,
            used,
            tidied,
            tidied_codes,
            may_be_any,
            no_clock,
            no_day,
            twice,
            between,
            beyond,
            several,
            of_several,
            repeated,
            finer,
            around,
            no_list,
        ]
    }

    /// What a reader of the report must know of times and values.
    pub(super) fn told(&self) -> Vec<Told> {
        let (events, values) = (("event has", "events have"), ("value is", "values are"));
        let twice = "a time in the hour that the clock shows twice in autumn, and so any time from its first pass to its second";
        let between = "an instant known to the day, or in the hour that comes twice, and used as a range";
        let fields = "several codes in one field, and make {}";
        let several = Told::counted(self.several, ("row holds", "rows hold"), fields);
        let around_names = "with blanks around the name or characters that nobody sees; these do not count";
        let around_codes = "with blanks around the code; these do not count";
        let any = "not say what happened in a way that the mapping knows, and so may have been any event: what it could change is unknown";
        let no_list =
            "no list of events: nothing is taken to have happened there (`\"events\": null` says that it is not known)";
        let all = [
            Told::counted(self.no_clock, events, "a date without a time of day, and so any time of that day"),
            Told::counted(self.no_day, events, "a time without the day, and so no known time"),
            Told::counted(self.twice, events, twice),
            Told::counted(self.around, events, "a time known only as a range"),
            Told::counted(self.finer, ("time has", "times have"), "fractions of a millisecond, which are left out"),
            Told::counted(self.between, values, between),
            Told::counted(self.beyond, values, "known only as a range, such as `<0.5`, and used so"),
            several.map(|told| Told { also: Some((self.of_several, "event".into(), "events".into())), ..told }),
            Told::counted(
                self.repeated,
                ("code stands", "codes stand"),
                "again in the same field, without a further event",
            ),
            Told::counted(self.tidied, ("row names its case", "rows name their case"), around_names),
            Told::counted(
                self.tidied_codes,
                ("row names its organisation", "rows name their organisation"),
                around_codes,
            ),
            Told::counted(self.no_list, ("record has", "records have"), no_list).map(Told::weighing),
            Told::counted(self.may_be_any, ("row does", "rows do"), any).map(Told::weighing),
        ];
        all.into_iter().flatten().collect()
    }
}
