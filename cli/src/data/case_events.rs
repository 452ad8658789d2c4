//! The events of a case in JSON; see [`super::case_json`].

use super::case_json::{Entries, Reader};
use super::case_path::join;
use super::case_value::{from_and_to, place_of};
use super::interval::when;
use super::json_text::Node;
use super::mapping::empty;
use concord_engine::plan::case::{Case, Datum, Occurrence, When};
use concord_engine::plan::{EventKind, FieldId, Id, KindId, Kinds};
use concord_engine::syntax::spelling::nearest;
use std::collections::BTreeMap;

/// What is said of an event that lasts and ends before it starts.
pub(super) const ENDS_EARLY: &str = "the event ends before it starts: this is earlier than its `at`";

/// The end of an event that lasts which is no time, but the empty date of a system.
pub(super) fn empty_end(kind: &EventKind, event: &Occurrence) -> Option<(FieldId, i64)> {
    let field = kind.ends?;
    match event.fields.get(field.place()) {
        Some(Datum::Known(end) | Datum::Between(end, _)) if empty::is_too_early(*end) => Some((field, *end)),
        _ => None,
    }
}

impl<'a> Reader<'a> {
    /// Takes the list of events into a case. `null` is a list that nobody has: what would stand in it is not known, so no kind is supplied.
    pub(super) fn take_events(&mut self, node: Node<'a>, case: &mut Case) {
        if node.is_null() {
            let kinds = self.plan.subject.events.placed();
            case.not_supplied |= kinds.fold(0, |mask, (kind, _)| mask | Kinds::one(kind).0);
        } else {
            case.events = self.events(node);
        }
    }

    fn events(&mut self, node: Node<'a>) -> Vec<Occurrence> {
        let Some(items) = node.items() else {
            self.wrong_kind("/events", node, "a list of events");
            return Vec::new();
        };
        let most = self.plan.most_events();
        if i64::try_from(items.len()).unwrap_or(i64::MAX) > most {
            let message = format!("a case has at most {most} events, this has {}", items.len());
            self.fault("D15", "/events", node, message, None);
            return Vec::new();
        }
        let read = |(place, item)| self.event(place, item);
        items.into_iter().enumerate().filter_map(read).collect()
    }

    fn event(&mut self, place: usize, node: Node<'a>) -> Option<Occurrence> {
        let path = join("/events", &place.to_string());
        let entries = self.entries(&path, node, "an event such as {\"event\": …, \"at\": …}")?;
        let (kind, of) = self.kind_of(&path, node, &entries)?;
        let mut occurrence = Occurrence { kind, at: When::Unknown, fields: vec![Datum::Missing; of.fields.len()] };
        let (mut timed, mut stands) = (false, true);
        let mut seen = BTreeMap::new();
        for (key, value) in entries {
            let Some(name) = self.name(&path, key, &mut seen) else { continue };
            let path = join(&path, &name);
            match name.as_str() {
                "event" => {}
                "at" => {
                    timed = true;
                    (occurrence.at, stands) = self.or_missing(&path, value, |reader| reader.when(&path, value));
                }
                _ => match place_of(&of.fields, &name) {
                    Some(field) => self.input_at(&of.fields, field, &path, value, &mut occurrence.fields),
                    None => {
                        let fields = of.fields.iter().map(|field| field.name.as_str());
                        let near = nearest(&name, fields.chain(["event", "at"]));
                        self.unknown_key(&path, key, format!("`{}` has no field of this name", of.name), near);
                    }
                },
            }
        }
        if !timed {
            let help = "write \"at\": null if it happened at an unknown time";
            let message = "the event does not say when it happened".to_owned();
            self.fault("D14", &join(&path, "at"), node, message, Some(help.to_owned()));
        }
        if let Some((field, end)) = empty_end(of, &occurrence).filter(|_| self.refused.is_some()) {
            let path = join(&path, of.fields.get(field).map_or("end", |field| field.name.as_str()));
            let message = empty::too_early(end).to_owned();
            self.or_missing(&path, node, |reader| reader.fault("D08", &path, node, message, None));
            occurrence.fields.get_mut(field.place()).into_iter().for_each(|slot| *slot = Datum::Missing);
        }
        if let Some(end) = of.ends_early(&occurrence).and_then(|field| of.fields.get(field)) {
            let path = join(&path, &end.name);
            // Of an export it is refused by itself: one of the two times is wrong, and nobody can tell which.
            stands &=
                self.or_missing(&path, node, |reader| reader.fault("D25", &path, node, ENDS_EARLY.to_owned(), None)).1;
        }
        if !stands {
            // One may be missing of its kind.
            self.refused.iter_mut().for_each(|refused| refused.kinds |= Kinds::one(kind).0);
            return None;
        }
        Some(occurrence)
    }

    /// When an event happened: an instant, a day, between two of them, or at an unknown time.
    fn when(&mut self, path: &str, node: Node<'a>) -> When {
        if node.is_null() {
            return When::Unknown;
        }
        let ends = match from_and_to(node) {
            Some((from, to)) => {
                let (first, last) = (self.moment(&join(path, "from"), from), self.moment(&join(path, "to"), to));
                first.zip(last).map(|((first, _), (_, last))| (first, last))
            }
            None => self.moment(path, node),
        };
        let Some(ends) = ends else { return When::Unknown };
        when(ends).unwrap_or_else(|_| {
            self.fault("D08", path, node, "the range ends below its start".to_owned(), None);
            When::Unknown
        })
    }

    fn kind_of(&mut self, path: &str, node: Node<'a>, entries: &Entries<'a>) -> Option<(KindId, &'a EventKind)> {
        let path = join(path, "event");
        let Some((_, value)) = entries.iter().find(|(key, _)| key.string().as_deref() == Some("event")) else {
            self.fault("D13", &path, node, "the event is not named".to_owned(), None);
            return None;
        };
        let Some(name) = value.string() else {
            self.wrong_kind(&path, *value, "the name of an event");
            return None;
        };
        self.kind_named(&path, *value, &name)
    }

    fn kind_named(&mut self, path: &str, node: Node<'_>, name: &str) -> Option<(KindId, &'a EventKind)> {
        let kinds = &self.plan.subject.events;
        let found = kinds.placed().find(|(_, kind)| kind.name == name);
        if found.is_none() {
            let near = nearest(name, kinds.iter().map(|kind| kind.name.as_str()));
            let help = near.map(|near| format!("did you mean `{near}`?"));
            let message = format!("`{}` has no event of this name", self.plan.subject.name);
            self.fault("D13", path, node, message, help);
        }
        found
    }

    pub(super) fn not_supplied(&mut self, node: Node<'a>) -> u64 {
        if node.is_null() {
            return 0;
        }
        let Some(items) = node.items() else {
            self.wrong_kind("/not_supplied", node, "a list of names of events");
            return 0;
        };
        let mut mask = 0;
        for (place, item) in items.into_iter().enumerate() {
            let path = join("/not_supplied", &place.to_string());
            match item.string() {
                None => self.wrong_kind(&path, item, "the name of an event"),
                Some(name) => {
                    if let Some((kind, _)) = self.kind_named(&path, item, &name) {
                        mask |= Kinds::one(kind).0;
                    }
                }
            }
        }
        mask
    }
}
