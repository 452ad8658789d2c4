//! When a case is over: `ends with Discharge, Death`.

use crate::diagnostics::codes;
use crate::plan::{Alternative, Expr, Function, Op, Query};
use crate::syntax::tree;
use crate::types::expressions::terms::at;
use crate::types::{Builder, Place};

impl Builder<'_> {
    /// Works out when a case is over, where the subject says with which events it ends.
    pub(in crate::types) fn end_of_case(&mut self) {
        let Some(tree) = self.names().subject else { return };
        let mut alternatives: Vec<Option<Alternative>> = Vec::new();
        for (place, ends) in tree.ends.iter().enumerate() {
            let owner = self.names().owner_of_end(place);
            let queries = ends.events.iter().map(|query| self.declared_by(owner, |b| b.ends(query)));
            alternatives.extend(queries);
        }
        let alternatives: Option<Vec<Alternative>> = alternatives.into_iter().collect();
        self.over = alternatives.filter(|all| !all.is_empty()).map(|alternatives| Expr {
            op: Op::Query(Box::new(Query { function: Function::First, alternatives })),
            shape: at().shape.or_none(),
        });
    }

    fn ends(&mut self, query: &tree::Query) -> Option<Alternative> {
        if let Some(function) = query.function.as_ref().filter(|f| f.node != "first") {
            let title = format!("a case ends with the first such event, not with `{}`", function.node);
            return self.error(codes::E0313, query.span, title, "leave it out");
        }
        let (kinds, filter) = self.chosen(query, Place::default())?;
        Some(Alternative { kinds, filter, value: at() })
    }
}
