//! Reasons for the answers of a path: how far the case came, and what took it off.

use super::because::Reasons;
use super::{Answered, value};
use crate::plan::{Answer, AnswerKind, CellId, Op, PathOf, Step};
use crate::values::calendar::show_local_instant;

impl Reasons<'_> {
    /// Why an answer of a path is what it is; nothing for other answers.
    pub fn of_path(&self, answer: &Answer) -> Option<Vec<String>> {
        let (path, _) = answer.name.rsplit_once('.')?;
        let of = self.path_of(&format!("{path}.left_at"))?;
        let [reached, left, left_at] =
            ["reached", "left", "left_at"].map(|what| self.answered(&format!("{path}.{what}")));
        let sentence = match (left?, reached?, left_at?) {
            (Answered::Known { text, .. }, _, Answered::Known { value: at, .. }) => {
                let came = self.came(of, at);
                format!("left the path at stage {text}: {came} came at {}", show_local_instant(at))
            }
            (Answered::Known { text, .. }, ..) => format!("left the path at stage {text}"),
            (Answered::Unknown { possible, .. }, ..) if self.has_left(path) => {
                format!("left the path at stage {possible}")
            }
            (Answered::Unknown { possible, .. }, ..) => {
                format!("where it left the path, if it did, is not known: {possible}")
            }
            (_, Answered::Known { text, .. }, _) => format!("on the path, at stage {text}"),
            (_, Answered::None, _) => "nothing on the path has happened yet".to_owned(),
            (_, Answered::Unknown { possible, .. }, _) => format!("on the path, at stage {possible}"),
            _ => return None,
        };
        Some(vec![sentence])
    }

    fn has_left(&self, path: &str) -> bool {
        let left = self.cell_of(&format!("{path}.left"));
        left.is_some_and(|(left, _)| !super::cell(self.outcome, left).may_be_none)
    }

    /// The automaton behind an answer.
    fn path_of(&self, name: &str) -> Option<&PathOf> {
        let (cell, _) = self.cell_of(name)?;
        self.plan.steps.iter().find_map(|step| match step {
            Step::Value { cell: own, expr } if *own == cell => match &expr.op {
                Op::Path(path) => Some(&**path),
                _ => None,
            },
            _ => None,
        })
    }

    fn cell_of(&self, name: &str) -> Option<(CellId, &crate::values::types::Type)> {
        let answer = self.plan.answers.iter().find(|answer| answer.name == name)?;
        match &answer.kind {
            AnswerKind::Value { cell, ty } => Some((*cell, ty)),
            _ => None,
        }
    }

    fn answered(&self, name: &str) -> Option<Answered> {
        let (cell, ty) = self.cell_of(name)?;
        Some(value(self.plan, self.case, self.outcome, cell, ty))
    }

    /// The events of the path at an instant, by name.
    fn came(&self, path: &PathOf, at: i64) -> String {
        let mut names: Vec<&str> = Vec::new();
        for event in
            self.case.events.iter().filter(|event| event.at.known() == Some(at) && path.kinds.contain(event.kind))
        {
            let name = self.plan.subject.events.get(event.kind).map_or("an event", |kind| kind.name.as_str());
            if !names.contains(&name) {
                names.push(name);
            }
        }
        if names.is_empty() { "an event".to_owned() } else { super::or(&names) }
    }
}
