//! JSON inside the module: a case is read, evaluated and answered without a second toolchain in the host.
//!
//! The reader is as strict as that of the command line, and says of each fault the same code and the same place; the writer says the
//! same of each answer, to the byte. Both are functions over the nodes and the routines that everything else is written with; what
//! differs from subject to subject stands in the constant data (types, keys, answers), and of the functions only those are there that
//! the subject needs.
//!
//! * `routines`: the functions, by name.
//! * `frame`: where everything lies while a text is read, and what the functions share.
//! * `literals`: texts in the constant data.
//! * `body`: code with blocks as closures.
//! * `scan`, `strings`: the grammar. A text is read once; what is wrong is kept and reading goes on, so that one that is not right is told
//!   everything, unless it turns out to be no JSON at all.
//! * `keys`, `told`, `faults`: names found, and faults with their codes, kept in the order of the text.
//! * `numbers`, `units`, `times`, `durations`, `names`, `codes`: texts of each kind as integers.
//! * `descriptors`, `listed`, `spelt`: types and keys, codes, and units, as constant data.
//! * `values`, `labels`: one value of a declared type; one that only labels.
//! * `case`, `events`, `arrange`: the whole of a case into a record in.
//! * `places`, `outputs`: the answers, as constant data.
//! * `put`, `shown`, `answers`, `verdicts`: a record out as JSON.
//! * `reasons`: the templates of reasons, as constant data.
//! * `parts`, `because`, `times_of`: reasons.
//! * `settings`: a member's settings.
//! * `unpack`, `self_test`: the manifest and the golden cases that a module carries.
//! * `entry`: what hosts call.

mod answers;
mod arrange;
mod because;
mod body;
mod case;
mod codes;
mod descriptors;
mod durations;
mod entry;
mod events;
mod faults;
mod frame;
mod keys;
mod labels;
mod listed;
mod literals;
mod names;
mod numbers;
mod outputs;
mod parts;
mod places;
mod put;
mod reasons;
mod routines;
mod scan;
mod self_test;
mod settings;
mod shown;
mod spelt;
mod strings;
mod times;
mod times_of;
mod told;
mod units;
mod unpack;
mod values;
mod verdicts;

use crate::abi::Identity;
use crate::emit::assembler::{Code, Draft, EmitError};
use crate::emit::entries::Entry;
use crate::emit::runtime::Codec;
use crate::emit::walk::Context;

use body::{Body, Written};
use descriptors::Tables;
use outputs::Outputs;
use routines::Routine;

pub(crate) use frame::{GLOBALS as JSON_GLOBALS, SET as JSON_SET};
pub(crate) use self_test::{AFTER_DIGEST, AFTER_SETTINGS};

/// What reader and writer know of a plan.
pub(crate) struct Json {
    tables: Tables,
    outputs: Outputs,
}

impl Json {
    /// Of the plan of a module that bears this name.
    pub(crate) fn of(context: &mut Context<'_>, identity: &Identity) -> Result<Json, EmitError> {
        context.data.set_of_texts(true);
        let json = Json { tables: Tables::of(context)?, outputs: Outputs::of(context, identity)? };
        context.data.set_of_texts(false);
        Ok(json)
    }

    fn body<'a, 'p>(&'a self, parameters: &[crate::emit::assembler::Ty], context: &'a mut Context<'p>) -> Body<'a, 'p> {
        let evaluate = Entry::EvaluateRecord;
        context.data.set_of_texts(true);
        Body { code: Code::new(parameters), context, tables: &self.tables, outputs: &self.outputs, evaluate }
    }

    /// An entry.
    pub(crate) fn entry(&self, entry: Entry, context: &mut Context<'_>) -> Result<Code, EmitError> {
        let mut body = self.body(entry.parameters(), context);
        match entry {
            Entry::Alloc => entry::alloc(&mut body),
            Entry::Reset => entry::reset(&mut body),
            Entry::EvaluateJson => entry::answered(&mut body, false),
            Entry::ExplainJson => entry::answered(&mut body, true),
            Entry::ConfigureJson => settings::configure_json(&mut body),
            Entry::SelfTest => self_test::self_test(&mut body),
            Entry::Describe => unpack::describe(&mut body),
            Entry::DescribeBytes => unpack::describe_bytes(&mut body),
            Entry::JsonOut => entry::json_out(&mut body),
            _ => entry::json_out_bytes(&mut body),
        }?;
        let code = body.code;
        context.data.set_of_texts(false);
        Ok(code)
    }

    /// A function that something calls.
    pub(crate) fn function(&self, codec: Codec, context: &mut Context<'_>) -> Result<Draft, EmitError> {
        let routine = Routine::of(codec).ok_or(EmitError::NoSuch("a function of the codec", codec.number))?;
        let mut body = self.body(codec.parameters, context);
        read(routine, &mut body)?;
        let code = body.code;
        context.data.set_of_texts(false);
        let parameters = codec.parameters.to_vec();
        let is_seldom = !routine.is_often();
        Ok(Draft { export: None, parameters, result: codec.result, code, as_written: None, is_brief: true, is_seldom })
    }
}

/// Builds what reads a text.
fn read(routine: Routine, b: &mut Body<'_, '_>) -> Written {
    match routine {
        Routine::White => scan::white(b),
        Routine::Bad => scan::bad(b),
        Routine::Past => scan::past(b),
        Routine::Key => scan::key(b),
        Routine::Digits => scan::digits(b),
        Routine::NumberEnd => scan::number_end(b),
        Routine::Skip => scan::skip(b),
        Routine::SkipPlain => scan::skip_plain(b),
        Routine::String => strings::string(b),
        Routine::Unescape => strings::unescape(b),
        Routine::Hex => strings::hex(b),
        Routine::Encode => strings::encode(b),
        Routine::Mapped => strings::map(b),
        Routine::Character => strings::character(b),
        Routine::Characters => strings::characters(b),
        Routine::Same => keys::same(b),
        Routine::Find => keys::find(b),
        Routine::Is => keys::is_text(b),
        Routine::Name => keys::name(b),
        Routine::Members => keys::members(b),
        Routine::UnknownKey => keys::unknown_key(b),
        Routine::Fault => faults::fault(b),
        Routine::Value => values::value(b),
        Routine::Text => values::text(b),
        Routine::Beyond => values::beyond(b),
        Routine::Ends => values::ends(b),
        Routine::EndOf => values::end_of(b),
        Routine::Label => labels::label(b),
        Routine::Case => case::case(b),
        Routine::AsOf => case::as_of(b),
        Routine::List => events::list(b),
        Routine::Event => events::event(b),
        Routine::KindNamed => events::kind_named(b),
        Routine::MomentAt => events::moment_at(b),
        Routine::When => events::when(b),
        Routine::Arrange => arrange::arrange(b),
        Routine::Reserve => entry::reserve(b),
        Routine::Copy => entry::copy(b),
        Routine::Read => entry::read(b),
        Routine::Take => entry::take(b),
        Routine::Evaluate => entry::evaluate(b),
        Routine::Settings => settings::settings(b),
        Routine::Configure => settings::configure(b),
        Routine::Digest => self_test::digest(b),
        Routine::Line => self_test::line(b),
        Routine::Unpack => unpack::unpack(b),
        Routine::Bit => unpack::bit(b),
        other => read_value(other, b),
    }
}

/// Builds what reads a value of one kind.
fn read_value(routine: Routine, b: &mut Body<'_, '_>) -> Written {
    match routine {
        Routine::Decimal => numbers::decimal(b),
        Routine::Two => numbers::two(b),
        Routine::Scaled => units::scaled(b),
        Routine::Times => units::times(b),
        Routine::TimesTen => units::times_ten(b),
        Routine::InUnit => units::in_unit(b),
        Routine::FirstOfMonth => times::first_of(b),
        Routine::Date => times::date(b),
        Routine::Clock => times::clock(b),
        Routine::Instant => times::instant(b),
        Routine::Moment => times::moment(b),
        Routine::Blank => durations::blank(b),
        Routine::Count => durations::count(b),
        Routine::Longer => durations::longer(b),
        Routine::Duration => durations::duration(b),
        Routine::IsoDuration => durations::iso(b),
        Routine::WordsDuration => durations::words(b),
        Routine::Unit => durations::unit(b),
        Routine::NhsNumber => names::nhs_number(b),
        Routine::Code => codes::code(b),
        Routine::ListedCode => codes::listed_code(b),
        Routine::FindCode => codes::find_code(b),
        Routine::Choice => names::choice(b),
        other => write(other, b),
    }
}

/// Builds what writes one.
fn write(routine: Routine, b: &mut Body<'_, '_>) -> Written {
    match routine {
        Routine::Put => put::put(b),
        Routine::PutBytes => put::put_bytes(b),
        Routine::PutByte => put::put_one(b),
        Routine::PutForm => put::put_form(b),
        Routine::PutWhole => put::put_whole(b),
        Routine::PutDecimal => put::put_decimal(b),
        Routine::PutIso => put::put_iso(b),
        Routine::PutDuration => put::put_duration(b),
        Routine::PutDate => put::put_date(b),
        Routine::PutDay => put::put_day(b),
        Routine::PutClock => put::put_clock(b),
        Routine::PutUtc => put::put_utc(b),
        Routine::PutLocal => put::put_local(b),
        Routine::PutCode => codes::put_code(b),
        Routine::PutFaults => faults::put_faults(b),
        Routine::PutFault => faults::put_fault(b),
        Routine::PutName => faults::put_name(b),
        Routine::PutExpected => faults::put_expected(b),
        Routine::PutShown => shown::put_shown(b),
        Routine::PutJson => shown::put_json(b),
        Routine::PutChoice => shown::put_choice(b),
        Routine::Separate => shown::separate(b),
        Routine::PutChoices => shown::put_choices(b),
        Routine::PutChoicesShown => shown::put_choices_shown(b),
        Routine::Cell => answers::cell(b),
        Routine::PutNeeds => answers::put_needs(b),
        Routine::PutValue => answers::put_value(b),
        Routine::PutUnknown => answers::put_unknown(b),
        Routine::PutPossible => answers::put_possible(b),
        Routine::PutAnswers => answers::put_answers(b),
        Routine::PutSettings => answers::put_settings(b),
        Routine::DueBy => verdicts::due_by(b),
        Routine::PutDue => verdicts::put_due(b),
        Routine::PutInstant => verdicts::put_instant(b),
        Routine::PutVerdict => verdicts::put_verdict(b),
        Routine::PutDays => verdicts::put_days(b),
        Routine::WorkingDaysBetween => verdicts::working_days_between(b),
        other => tell(other, b),
    }
}

/// Builds what tells reasons.
fn tell(routine: Routine, b: &mut Body<'_, '_>) -> Written {
    match routine {
        Routine::PutReasons => because::put_reasons(b),
        Routine::PutLine => because::put_line(b),
        Routine::PutTable => because::put_table(b),
        Routine::PutRow => because::put_row(b),
        Routine::PutPath => because::put_path(b),
        Routine::PutBundle => because::put_bundle(b),
        Routine::PutMember => because::put_member(b),
        Routine::PutObligation => times_of::put_obligation(b),
        Routine::PutOfMember => times_of::put_of_member(b),
        Routine::PutLateBy => times_of::put_late_by(b),
        Routine::PutParts => parts::put_parts(b),
        Routine::PutPart => parts::put_part(b),
        Routine::PutRange => parts::put_range(b),
        Routine::PutNamed => parts::put_named(b),
        Routine::CountEvents => parts::count_events(b),
        Routine::PutCounts => parts::put_counts(b),
        Routine::PutCame => parts::put_came(b),
        _ => Ok(()),
    }
}
