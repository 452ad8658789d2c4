//! Counts that small-number control suppresses: `null` in JSON. In memory each stands as 0 with a bit set, so that nothing is added to it.

/// Gives a struct a form for JSON in which each count is `null` where its bit is set: bit `i` is that of the count in place `i`.
macro_rules! null_where_hidden {
    ($of:ident as $json:ident, $bits:ty, [$($count:ident),+ $(,)?], {$($(#[$attribute:meta])* $rest:ident: $ty:ty),* $(,)?}) => {
        /// The same as JSON has it.
        #[derive(serde::Serialize, serde::Deserialize)]
        struct $json {
            $($count: Option<u64>,)+
            $($(#[$attribute])* $rest: $ty,)*
            #[serde(default)]
            hidden: $bits,
        }

        impl From<$of> for $json {
            fn from(of: $of) -> $json {
                let mut bits = of.hidden;
                let mut shown = || {
                    let shown = bits & 1 == 0;
                    bits >>= 1;
                    shown
                };
                $json { $($count: shown().then_some(of.$count),)+ $($rest: of.$rest,)* hidden: of.hidden }
            }
        }

        impl From<$json> for $of {
            fn from(of: $json) -> $of {
                // What is suppressed stands as 0, and its bit says so.
                $of { $($count: of.$count.unwrap_or(0),)+ $($rest: of.$rest,)* hidden: of.hidden }
            }
        }
    };
}
pub(super) use null_where_hidden;

/// Lists of counts that are all above 0: one that is suppressed stands as 0, and is `null` in JSON.
pub(super) mod listed {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(in crate::results) fn serialize<S: Serializer>(list: &[(String, u64)], to: S) -> Result<S::Ok, S::Error> {
        let shown = list.iter().map(|(name, count)| (name, Some(*count).filter(|count| *count > 0)));
        shown.collect::<Vec<_>>().serialize(to)
    }

    pub(in crate::results) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<(String, u64)>, D::Error> {
        let list: Vec<(String, Option<u64>)> = Vec::deserialize(from)?;
        // As above.
        Ok(list.into_iter().map(|(name, count)| (name, count.unwrap_or(0))).collect())
    }
}
