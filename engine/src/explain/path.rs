//! Reasons for the answers of a path: how far the case came, and what took it off.

use super::because::Reasons;
use super::{Answered, PathTemplate};
use crate::plan::Kinds;
use crate::values::calendar::show_local_instant;

impl Reasons<'_> {
    /// Why the answers of a path are what they are.
    pub fn of_path(&self, path: &PathTemplate) -> Option<String> {
        let [left, reached, left_at] = [path.left, path.reached, path.left_at].map(|answer| self.answered(answer));
        Some(match (left?, reached?, left_at?) {
            (Answered::Known { text, .. }, _, Answered::Known { value: at, .. }) => {
                let came = self.came(path.kinds, at);
                format!("left the path at stage {text}: {came} came at {}", show_local_instant(at))
            }
            (Answered::Known { text, .. }, ..) => format!("left the path at stage {text}"),
            (Answered::Unknown { value, possible, .. }, ..) if !value.may_be_none => {
                format!("left the path at stage {possible}")
            }
            (Answered::Unknown { possible, .. }, ..) => {
                format!("where it left the path, if it did, is not known: {possible}")
            }
            (_, Answered::Known { text, .. }, _) => format!("on the path, at stage {text}"),
            (_, Answered::None, _) => "nothing on the path has happened yet".to_owned(),
            (_, Answered::Unknown { possible, .. }, _) => format!("on the path, at stage {possible}"),
            _ => return None,
        })
    }

    /// The events of these kinds at an instant, by name.
    fn came(&self, kinds: Kinds, at: i64) -> String {
        let mut names: Vec<&str> = Vec::new();
        for event in self.case.events.iter().filter(|event| event.at.known() == Some(at) && kinds.contain(event.kind)) {
            let name = self.plan.subject.events.get(event.kind).map_or("an event", |kind| kind.name.as_str());
            if !names.contains(&name) {
                names.push(name);
            }
        }
        if names.is_empty() { "an event".to_owned() } else { super::or(&names) }
    }
}
