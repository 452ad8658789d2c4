//! Cells of tables as tests of the values of their columns.

use concord_engine::plan::{Class, Region, Shape, TableRow};

use super::domain::Domain;

/// A column that tells rows of a table apart, worked out once.
pub(crate) struct SeenColumn<V> {
    /// Its place in the table.
    pub(crate) place: usize,
    pub(crate) shape: Shape,
    pub(crate) value: V,
}

/// What a row asks: its cells that are not `any`, each with its column.
pub(crate) fn asked<'a, V>(
    row: &'a TableRow,
    seen: &'a [SeenColumn<V>],
) -> impl Iterator<Item = (&'a Region, &'a SeenColumn<V>)> {
    let cells = seen.iter().filter_map(|column| Some((row.cells.get(column.place)?, column)));
    cells.filter(|(region, column)| !region.is_all(column.shape))
}

/// Whether a value that is not none is among those of a region.
pub(crate) fn is_among<'p, D: Domain<'p>>(d: &mut D, region: &Region, x: D::Value, shape: Shape) -> D::Value {
    match region.ranges.as_slice() {
        _ if shape.class == Class::Set => d.one_of(x, shape, region.mask()),
        [(1, 1)] if shape == Shape::YES_NO => x,
        [(0, 0)] if shape == Shape::YES_NO => d.not(x),
        [(low, high)] => d.within(x, shape, *low, *high),
        ranges => {
            let tests: Vec<_> = ranges.iter().map(|(low, high)| d.within(x.clone(), shape, *low, *high)).collect();
            d.any(&tests)
        }
    }
}
