//! What a caller sees of a table.

use crate::names::Symbol;
use crate::plan::AnswerKind;
use crate::syntax::tree;
use crate::types::Builder;
use crate::types::tables::places::Placed;

impl Builder<'_> {
    pub(in crate::types) fn table_answers(&mut self, tree: &tree::Table) {
        let Some(Symbol::Table(index)) = self.names().get(&tree.name.node) else {
            return;
        };
        if tree.of.is_some() {
            return self.declared_of_event(&tree.name);
        }
        let Some(cells) = self.table(index, tree.name.span) else {
            return;
        };
        if matches!(tree.policy, tree::Policy::Collect(_)) {
            let own = format!("{}.", tree.name.node);
            let built: Vec<_> = self
                .tables
                .collects
                .iter()
                .filter(|(n, _)| *n == tree.name.node || n.starts_with(&own))
                .cloned()
                .collect();
            for (name, built) in built {
                let source = tree.source.as_ref().map(|c| self.citation(c));
                let kind = AnswerKind::Value { cell: built.cell, ty: built.ty };
                self.answer(&name, None, kind, source, tree.span);
            }
            return;
        }
        let places = self.tables.places.iter().find(|places| places.name == tree.name.span);
        let Some(Placed::Step(step)) = places.map(|places| places.table.clone()) else { return };
        let source = tree.source.as_ref().map(|c| self.citation(c));
        for (column, (built, output)) in cells.iter().zip(&tree.outputs).enumerate() {
            let name = match self.names().get(&output.node) {
                _ if cells.len() == 1 => tree.name.node.clone(),
                Some(Symbol::Output(t, c)) if (t, c) == (index, column) => output.node.clone(),
                _ => format!("{}.{}", tree.name.node, output.node),
            };
            let kind = AnswerKind::Output { cell: built.cell, ty: built.ty.clone(), step };
            self.answer(&name, None, kind, source.clone(), tree.span);
        }
    }
}
