//! The objects and events of OCEL 2.0 in JSON, one after another, as they stand in a file.

use serde::de::{DeserializeOwned, DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::fmt;
use std::io::Read;
use std::marker::PhantomData;

/// An object.
#[derive(Deserialize)]
pub(super) struct Object {
    pub(super) id: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) attributes: Vec<Attribute>,
}

/// An event.
#[derive(Deserialize)]
pub(super) struct Event {
    pub(super) id: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) time: String,
    #[serde(default)]
    pub(super) attributes: Vec<Attribute>,
    #[serde(default)]
    pub(super) relationships: Vec<Relationship>,
}

/// What an event is about, and how.
#[derive(Deserialize)]
pub(super) struct Relationship {
    #[serde(rename = "objectId")]
    pub(super) object: String,
    #[serde(default)]
    pub(super) qualifier: String,
}

/// A value with its name, and the time from which on an object has it.
#[derive(Deserialize)]
pub(super) struct Attribute {
    pub(super) name: String,
    pub(super) value: Written,
    pub(super) time: Option<String>,
}

/// A value as it is written.
#[derive(Deserialize)]
pub(super) struct Written(Box<RawValue>);

impl Written {
    /// As a text: that of a string, nothing of `null`, and otherwise what stands there.
    pub(super) fn text(&self) -> String {
        match self.0.get() {
            "null" => String::new(),
            text if text.starts_with('"') => {
                serde_json::from_str(text).unwrap_or_else(|_| text.to_owned()) // no Unicode; it stays what it is
            }
            text => text.to_owned(),
        }
    }
}

/// One of them.
pub(super) enum Part {
    Object(Object),
    Event(Event),
}

/// Goes through all objects and events of a file, as long as more are wanted.
pub(super) fn walk(file: &mut impl Read, each: &mut dyn FnMut(Part) -> bool) -> Result<(), serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_reader(file);
    reader.deserialize_map(Log(each))?;
    reader.end()
}

struct Log<'e>(&'e mut dyn FnMut(Part) -> bool);

impl<'de> Visitor<'de> for Log<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event log")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let (mut objects, mut events) = (0, 0);
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "objects" => {
                    objects += 1;
                    map.next_value_seed(Each { each: &mut *self.0, part: Part::Object, of: PhantomData })?;
                }
                "events" => {
                    events += 1;
                    map.next_value_seed(Each { each: &mut *self.0, part: Part::Event, of: PhantomData })?;
                }
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        if (objects, events) == (1, 1) { Ok(()) } else { Err(A::Error::custom("no objects or events")) }
    }
}

/// Elements of a list, one at a time.
struct Each<'e, T> {
    each: &'e mut dyn FnMut(Part) -> bool,
    part: fn(T) -> Part,
    of: PhantomData<T>,
}

impl<'de, T: DeserializeOwned> DeserializeSeed<'de> for Each<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_seq(self)
    }
}

impl<'de, T: DeserializeOwned> Visitor<'de> for Each<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(one) = list.next_element::<T>()? {
            if !(self.each)((self.part)(one)) {
                return Err(A::Error::custom("no more are wanted"));
            }
        }
        Ok(())
    }
}
