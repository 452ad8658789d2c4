//! A message of HL7 version 2, and what stands at a place of it.

use std::collections::BTreeMap;

/// An identifier says in these components who gave it, and of which kind it is.
const GIVEN_BY: usize = 4;
const KIND: usize = 5;
/// A kind of identifier that is named is no longer than this.
const LONGEST_KIND: usize = 12;

/// A place: a segment, a field of it, the kind of identifier that is wanted of several, a component and a subcomponent, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    segment: String,
    field: usize,
    kind: Option<String>,
    component: Option<usize>,
    subcomponent: Option<usize>,
}

impl Place {
    /// `PID-3.4.1`, `PID-3[MR].1`
    pub(super) fn read(text: &str) -> Option<Place> {
        let (segment, rest) = text.trim().split_once('-')?;
        let is_name =
            |text: &str| text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        let (rest, kind) = match rest.split_once('[') {
            None => (rest.to_owned(), None),
            Some((field, rest)) => {
                let (kind, rest) = rest.split_once(']')?;
                (format!("{field}{rest}"), Some(kind.trim().to_owned()).filter(|kind| !kind.is_empty()))
            }
        };
        let mut numbers = rest.split('.').map(|part| part.parse().ok().filter(|number| *number > 0));
        let field = numbers.next()??;
        let component = numbers.next().map_or(Some(None), |number| number.map(Some))?;
        let subcomponent = numbers.next().map_or(Some(None), |number| number.map(Some))?;
        let whole = is_name(segment) && numbers.next().is_none();
        whole.then(|| Place { segment: segment.to_owned(), field, kind, component, subcomponent })
    }

    /// Whether it is in a field, or in a part of it.
    pub(super) fn is_of(&self, segment: &str, field: usize) -> bool {
        self.segment == segment && self.field == field
    }

    /// Whether it is in the first identifier of a field, of whatever kind.
    pub(super) fn is_first_of(&self, segment: &str, field: usize) -> bool {
        self.is_of(segment, field) && self.kind.is_none()
    }

    /// The same in another field.
    pub(super) fn at(&self, segment: &str, field: usize) -> Place {
        Place { segment: segment.to_owned(), field, ..self.clone() }
    }
}

/// A message.
pub(super) struct Message {
    /// Each with its line.
    segments: Vec<(u64, String)>,
    /// By name, the places of segments, which rise: a message may have many thousands of observations, each of which asks what stands before it.
    places: BTreeMap<String, Vec<usize>>,
    field: char,
    component: char,
    repetition: char,
    escape: char,
    subcomponent: char,
    spoilt: bool,
}

impl Message {
    /// Begins with its first segment, which says which signs it is written with; none where it does not.
    pub(super) fn begin(text: &str, line: u64) -> Option<Message> {
        let mut signs = text.strip_prefix("MSH")?.chars();
        let (field, component, repetition) = (signs.next()?, signs.next()?, signs.next()?);
        let (escape, subcomponent) = (signs.next()?, signs.next()?);
        let all = [field, component, repetition, escape, subcomponent];
        let apart = all.iter().enumerate().all(|(n, sign)| !all.iter().skip(n + 1).any(|other| other == sign));
        let plain = all.iter().all(|sign| sign.is_ascii_punctuation());
        let (segments, places, spoilt) = (Vec::new(), BTreeMap::new(), false);
        let mut message = Message { segments, places, field, component, repetition, escape, subcomponent, spoilt };
        message.add(text.to_owned(), line);
        (apart && plain).then_some(message)
    }

    pub(super) fn add(&mut self, text: String, line: u64) {
        let (name, at) = (named(&text, self.field), self.segments.len());
        match self.places.get_mut(name) {
            Some(places) => places.push(at),
            None => drop(self.places.insert(name.to_owned(), vec![at])),
        }
        self.segments.push((line, text));
    }

    /// The last segment of a name before another.
    fn last(&self, name: &str, before: usize) -> Option<usize> {
        let places = self.places.get(name)?;
        let count = places.partition_point(|at| *at < before);
        places.get(count.checked_sub(1)?).copied()
    }

    /// Something of it cannot be read.
    pub(super) fn spoil(&mut self) {
        self.spoilt = true;
    }

    pub(super) fn is_spoilt(&self) -> bool {
        self.spoilt
    }

    /// The segments that are rows: the first, which stands for the message, and each observation.
    pub(super) fn rows(&self) -> Vec<usize> {
        let observed = (1..self.segments.len()).filter(|place| self.name(*place) == "OBX");
        std::iter::once(0).chain(observed).collect()
    }

    /// The line of a segment.
    pub(super) fn line(&self, segment: usize) -> u64 {
        // Only messages are without a line where there is no such segment.
        self.segments.get(segment).map_or(0, |(line, _)| *line)
    }

    fn name(&self, segment: usize) -> &str {
        // A segment that there is not has no name.
        named(self.segments.get(segment).map_or("", |(_, text)| text), self.field)
    }

    /// What a row has in a field, or in a part of it.
    pub(super) fn word(&self, row: usize, segment: &str, field: usize) -> Option<String> {
        self.text(row, &Place { segment: segment.to_owned(), field, kind: None, component: None, subcomponent: None })
    }

    pub(super) fn part(&self, row: usize, segment: &str, field: usize, component: usize) -> Option<String> {
        let component = Some(component);
        self.text(row, &Place { segment: segment.to_owned(), field, kind: None, component, subcomponent: None })
    }

    /// What the order (ORC) of an observation has in a field: it stands before the request (OBR) that is before the observation, and after the one before that.
    pub(super) fn of_order(&self, row: usize, field: usize) -> Option<String> {
        let request = self.last("OBR", row);
        // Where there is no request, or none before it, the message has one order.
        let from = request.and_then(|request| self.last("OBR", request)).unwrap_or(0);
        let order = self.last("ORC", request.unwrap_or(row)).filter(|order| *order > from)?;
        self.word(order, "ORC", field)
    }

    /// The segments of a name.
    pub(super) fn places_of(&self, segment: &str) -> impl Iterator<Item = usize> {
        (1..self.segments.len()).filter(move |at| self.name(*at) == segment)
    }

    /// Of which kind the first identifier in a field is, or else who gave it; none where it says neither, or what nobody would name.
    pub(super) fn kind_of_first(&self, segment: &str, field: usize) -> Option<String> {
        let kind = [KIND, GIVEN_BY].into_iter().find_map(|component| {
            let subcomponent = (component == GIVEN_BY).then_some(1);
            let (segment, component) = (segment.to_owned(), Some(component));
            self.text(0, &Place { segment, field, kind: None, component, subcomponent })
        })?;
        let is_plain = kind.len() <= LONGEST_KIND && kind.bytes().all(|byte| byte.is_ascii_alphanumeric());
        is_plain.then_some(kind)
    }

    /// Whether one of several identifiers in a field is of a kind, or was given by those of that name.
    fn is_of_kind(&self, identifier: &str, kind: &str) -> bool {
        let component = |number: usize| identifier.split(self.component).nth(number - 1);
        let given_by = component(GIVEN_BY).and_then(|by| by.split(self.subcomponent).next());
        [component(KIND), given_by].into_iter().flatten().any(|own| self.unescaped(own) == kind)
    }

    /// What all segments of a name have in a field.
    pub(super) fn all(&self, segment: &str, field: usize) -> impl Iterator<Item = Option<String>> {
        let own = (1..self.segments.len()).filter(move |at| self.name(*at) == segment);
        own.map(move |at| self.word(at, segment, field))
    }

    /// What the row of a segment has at a place; none where that is not there, is empty, or is said to be nothing (`""`).
    pub(super) fn text(&self, row: usize, place: &Place) -> Option<String> {
        let found = if row > 0 {
            self.last(&place.segment, row + 1)
        } else if place.segment == "OBX" {
            None
        } else {
            self.places.get(&place.segment).and_then(|places| places.first()).copied()
        };
        let (_, segment) = self.segments.get(found?)?;
        // The sign after `MSH` is itself its first field.
        let of_head = place.segment == "MSH";
        if of_head && place.field == 1 {
            return Some(self.field.to_string());
        }
        let field = segment.split(self.field).nth(place.field - usize::from(of_head))?;
        if of_head && place.field == 2 {
            return Some(field.to_owned());
        }
        let mut each = field.split(self.repetition);
        let first = each.find(|own| place.kind.as_ref().is_none_or(|kind| self.is_of_kind(own, kind)))?;
        let part = match place.component {
            None => first,
            Some(component) => first.split(self.component).nth(component - 1)?,
        };
        let part = match place.subcomponent {
            None => part,
            Some(number) => part.split(self.subcomponent).nth(number - 1)?,
        };
        (!part.is_empty() && part != "\"\"").then(|| self.unescaped(part))
    }

    /// `\T\` is the sign between subcomponents, and so on; what else is escaped stays as it stands.
    fn unescaped(&self, text: &str) -> String {
        if !text.contains(self.escape) {
            return text.to_owned();
        }
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(self.escape) {
            out.push_str(before);
            let Some((code, next)) = after.split_once(self.escape) else {
                out.push(self.escape);
                rest = after;
                continue;
            };
            match code {
                "F" => out.push(self.field),
                "S" => out.push(self.component),
                "R" => out.push(self.repetition),
                "E" => out.push(self.escape),
                "T" => out.push(self.subcomponent),
                ".br" => out.push(' '),
                "H" | "N" => {}
                _ => {
                    out.push(self.escape);
                    out.push_str(code);
                    out.push(self.escape);
                }
            }
            rest = next;
        }
        out + rest
    }
}

/// The name of a segment.
fn named(text: &str, field: char) -> &str {
    text.split_once(field).map_or(text, |(name, _)| name)
}
