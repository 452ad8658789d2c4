//! The rows of a table that let a value through, as masks in the constant data: one for each class of the values of a column, and one for
//! none. Which rows may match is then what all columns have in common.

use concord_engine::plan::{Class, Expr, Region, Shape, Table, TableRow};

use super::General;
use super::value::Possible;
use crate::abi::bytes_of;
use crate::emit::assembler::{Bin, EmitError, Node, Ty, Width, address, count, int, long};
use crate::emit::memory::CERTAIN;
use crate::emit::runtime::{Helper, class_of};
use crate::emit::walk::{cuts, walk};

/// The most rows, and the most classes of a column: as many as a mask has bits.
const MOST: usize = 64;

/// Whether the rows of a table are masks.
pub(crate) fn is_masked(table: &Table) -> bool {
    MaskedRows::of(table).is_some()
}

/// The rows of a table.
pub(super) struct MaskedRows<'p> {
    /// Those with an answer.
    pub(super) answering: i64,
    /// All of them.
    all: i64,
    columns: Vec<MaskedColumn<'p>>,
}

/// A column that tells rows apart.
struct MaskedColumn<'p> {
    expr: &'p Expr,
    /// Where a new class starts, the first left out; of a set every variant is a class.
    cuts: Vec<i64>,
    /// The rows that let each class through, then those that let none through, where there may be none.
    rows: Vec<u64>,
}

/// What a column leaves of the rows, as far as one class tells: that of its one value, or of the least where there are several.
struct Left {
    /// Where the masks of its classes stand.
    masks: u32,
    value: Possible,
    class: Node,
    /// Whether more than one class is possible.
    open: Node,
    rows: Node,
}

/// The rows that may match.
pub(super) struct Found {
    /// Up to the first that certainly does: those that claim to be impossible, where there are any.
    pub(super) claims: Node,
    /// The others; where one certainly does, that alone unless the first one counts.
    pub(super) rows: Node,
    /// Whether these are several.
    pub(super) several: Node,
    /// What would tell.
    pub(super) needs: Node,
}

impl<'p> MaskedRows<'p> {
    /// Of a table of few rows, none of whose columns has many classes.
    pub(super) fn of(table: &'p Table) -> Option<MaskedRows<'p>> {
        if table.rows.len() > MOST {
            return None;
        }
        let columns = table.tested().map(|(place, _)| MaskedColumn::of(table, place)).collect::<Option<_>>()?;
        let mask = |of: &dyn Fn(&TableRow) -> bool| {
            let rows = table.rows.iter().zip(0_u32..).filter(|(row, _)| of(row));
            rows.fold(0, |mask, (_, row)| mask | 1_i64.wrapping_shl(row))
        };
        let (all, answering) = (mask(&|_| true), mask(&|row| row.outputs.is_some()));
        Some(MaskedRows { answering, all, columns })
    }

    /// Whether no value that is known lets two rows match.
    fn are_apart(&self) -> bool {
        let rows = || (0..MOST).filter(|row| self.all >> row & 1 == 1);
        let share = |column: &MaskedColumn<'_>, one: usize, other: usize| {
            column.rows.iter().any(|rows| rows >> one & rows >> other & 1 == 1)
        };
        rows().all(|one| {
            rows()
                .take_while(|other| *other < one)
                .all(|other| self.columns.iter().any(|column| !share(column, one, other)))
        })
    }

    /// What all columns have in common of the rows that each leaves: all rows where no column tells them apart.
    fn common<'n>(&self, each: impl Iterator<Item = &'n Node>) -> Node {
        each.cloned().reduce(|all, rows| all.bin(Bin::And, &rows)).unwrap_or(long(self.all))
    }

    /// The least width that holds a mask.
    fn width(&self) -> Width {
        let bytes = [(0xFF, 1), (0xFFFF, 2)].into_iter().find(|(most, _)| self.all.cast_unsigned() <= *most);
        Width::unsigned(bytes.map_or(8, |(_, bytes)| bytes))
    }
}

impl<'p> MaskedColumn<'p> {
    fn of(table: &'p Table, place: usize) -> Option<MaskedColumn<'p>> {
        let expr = &table.columns.get(place)?.expr;
        let regions: Vec<&Region> = table.rows.iter().filter_map(|row| row.cells.get(place)).collect();
        let letting = |lets: &dyn Fn(&Region) -> bool| {
            let rows = regions.iter().zip(0..).filter(|(region, _)| lets(region));
            rows.fold(0, |rows, (_, row)| rows | 1_u64 << row)
        };
        let of = |value: i64| letting(&|region| region.covers(value, value));
        let (mut starts, mut rows) = (Vec::new(), Vec::new());
        match expr.shape.class {
            Class::Set => rows.extend((0..=expr.shape.high).map(of)),
            Class::Range => {
                rows.push(of(expr.shape.low));
                for cut in cuts(table, place, expr.shape) {
                    let next = of(cut);
                    if rows.last() != Some(&next) {
                        starts.push(cut);
                        rows.push(next);
                    }
                }
            }
        }
        if expr.shape.optional {
            rows.push(letting(&|region| region.none));
        }
        (rows.len() <= MOST).then_some(MaskedColumn { expr, cuts: starts, rows })
    }

    fn bytes(&self, width: Width) -> Vec<u8> {
        self.rows.iter().flat_map(|rows| rows.to_le_bytes().into_iter().take(usize::from(width.bytes))).collect()
    }

    /// The class of a value that is there, bounded whatever the value.
    fn class(&self, value: &Node) -> Node {
        class_of(value, &self.cuts, self.expr.shape)
    }

    /// All classes, the rows that let any of them through, and those that let through all.
    fn of_all(&self) -> [i64; 3] {
        let classes = self.rows.iter().fold(0, |classes, _| classes << 1 | 1);
        let (any, all) = self.rows.iter().fold((0, u64::MAX), |(any, all), rows| (any | rows, all & rows));
        [classes, any.cast_signed(), all.cast_signed()]
    }

    /// The mask of the class none.
    fn none(&self) -> i64 {
        // Classes are at most 64, and none is the last.
        1_i64.wrapping_shl(u32::try_from(self.rows.len()).unwrap_or(0).wrapping_sub(1))
    }

    /// The cuts, and how wide each is written.
    fn written_cuts(&self) -> (Vec<u8>, Width) {
        let (Some(least), Some(most)) = (self.cuts.first().copied(), self.cuts.last().copied()) else {
            return (Vec::new(), Width::signed(1));
        };
        let width = Width::signed(bytes_of(Shape::range(least, most), 0));
        let bytes = self.cuts.iter().flat_map(|cut| cut.to_le_bytes().into_iter().take(usize::from(width.bytes)));
        (bytes.collect(), width)
    }
}

impl<'p> General<'_, 'p> {
    /// The rows that may match, and what would tell which. Where every column has one class, that is what its masks have in common, and
    /// nothing else is worked out.
    pub(super) fn masked_rows(&mut self, table: &'p Table, rows: &MaskedRows<'p>) -> Result<Found, EmitError> {
        let width = rows.width();
        let left = rows.columns.iter().map(|column| self.left_by(column, width)).collect::<Result<Vec<_>, _>>()?;
        let matching = rows.common(left.iter().map(|left| &left.rows));
        let matching = if rows.are_apart() {
            matching
        } else {
            let matching = self.code.share(&matching);
            matching.bin(Bin::And, &long(0).sub(&matching))
        };
        let (all, answering) = (self.code.variable(&matching), rows.answering);
        let (claims, several) = (self.code.variable(&long(0)), self.code.variable(&int(0)));
        let answered = if answering == rows.all {
            all.clone()
        } else {
            self.code.set(&claims, &all.bin(Bin::And, &long(!answering)));
            self.code.variable(&all.bin(Bin::And, &long(answering)))
        };
        let found = Found { claims, rows: answered, several, needs: self.code.variable(&long(0)) };
        let open = left.iter().fold(int(0), |any, left| any.either(&left.open));
        if open.is(0) {
            return Ok(found);
        }
        self.code.when(&open);
        let certain = self.meet(&rows.columns, &left, width)?;
        let (possible, sure) = (rows.common(left.iter().map(|left| &left.rows)), rows.common(certain.iter()));
        let (possible, sure) = (self.code.share(&possible), self.code.share(&sure));
        let reached = possible.bin(Bin::And, &sure.bin(Bin::Xor, &sure.sub(&long(1))));
        let reached = if table.first || answering != rows.all { self.code.share(&reached) } else { reached };
        let only = sure.bin(Bin::And, &long(0).sub(&sure)).when(&sure.ne(&long(0)), &possible);
        self.code.set(&all, if table.first { &reached } else { &only });
        if answering != rows.all {
            self.code.set(&found.claims, &reached.bin(Bin::And, &long(!answering)));
            self.code.set(&found.rows, &all.bin(Bin::And, &long(answering)));
        }
        self.code.set(&found.several, &found.rows.without_lowest().ne(&long(0)));
        for (left, certain) in left.iter().zip(&certain).filter(|(left, _)| !left.value.needs.is(0)) {
            let unsure = left.rows.bin(Bin::And, &certain.bin(Bin::Xor, &long(-1)));
            let tells = unsure.bin(Bin::And, &all).ne(&long(0));
            self.code.set(&found.needs, &found.needs.bin(Bin::Or, &left.value.needs.when(&tells, &long(0))));
        }
        self.code.end();
        Ok(found)
    }

    /// What a column leaves as far as one class tells.
    fn left_by(&mut self, column: &MaskedColumn<'p>, width: Width) -> Result<Left, EmitError> {
        let of_set = column.expr.shape.class == Class::Set;
        let mut value = walk(self, column.expr)?;
        let needs = value.needs.clone();
        value = Possible { needs: long(0), ..value }.shared(self.code, column.expr.shape.class);
        value.needs = needs;
        let masks = self.context.constant(&column.bytes(width))?;
        let (class, several) = if value.some.is(0) {
            (count(column.rows.len() - 1)?, int(0))
        } else if of_set {
            (value.low.ctz().when(&value.some, &long(0)).to(Ty::I32), value.low.without_lowest().ne(&long(0)))
        } else {
            (column.class(&value.low), value.low.ne(&value.high))
        };
        let open = if value.some.is(0) { several } else { several.either(&value.none).either(&value.some.not()) };
        let (class, open) = (self.code.share(&class), self.code.share(&open));
        let rows = class.shl(width.log2()).load(width, masks).to(Ty::I64);
        let rows = self.code.variable(&rows);
        Ok(Left { masks, value, class, open, rows })
    }

    /// Where a column has several classes, takes account of all of them: in place the rows that it may let through, and those that it
    /// certainly does.
    fn meet(&mut self, columns: &[MaskedColumn<'p>], left: &[Left], width: Width) -> Result<Vec<Node>, EmitError> {
        let alone = left.iter().filter(|left| !left.open.is(0)).count() == 1;
        let mut certain = Vec::new();
        for (column, left) in columns.iter().zip(left) {
            if left.open.is(0) {
                certain.push(left.rows.clone());
                continue;
            }
            let sure = if alone { self.code.local(Ty::I64) } else { self.code.variable(&left.rows) };
            if !alone {
                self.code.when(&left.open);
            }
            let mut operands = vec![int(i64::from(left.masks)), self.classes(column, left)?];
            let helper = if self.context.layout.has_events {
                Helper::Meet(width)
            } else {
                operands.extend(column.of_all().map(long));
                Helper::MeetOrAll(width)
            };
            self.code.set(&left.rows, &self.context.helpers.call(helper, operands));
            self.code.set(&sure, &CERTAIN);
            if !alone {
                self.code.end();
            }
            certain.push(sure);
        }
        Ok(certain)
    }

    /// The classes of the values that are possible.
    fn classes(&mut self, column: &MaskedColumn<'p>, left: &Left) -> Result<Node, EmitError> {
        let value = &left.value;
        let of_values = match column.expr.shape.class {
            Class::Set => value.low.clone(),
            Class::Range if column.cuts.is_empty() => long(1),
            Class::Range => {
                let most = self.class_of_most(column, &value.high)?;
                long(2).bin(Bin::Shl, &most).sub(&long(1).bin(Bin::Shl, &left.class.to(Ty::I64)))
            }
        };
        let none = long(column.none()).when(&value.none, &long(0));
        Ok(of_values.when(&value.some, &long(0)).bin(Bin::Or, &none))
    }

    /// The class of the greatest value that is possible. Where there are events, a call is shorter, and not often made.
    fn class_of_most(&mut self, column: &MaskedColumn<'p>, value: &Node) -> Result<Node, EmitError> {
        if !self.context.layout.has_events {
            return Ok(column.class(value).to(Ty::I64));
        }
        let (cuts, width) = column.written_cuts();
        let (first, bytes) = (self.context.constant(&cuts)?, address(cuts.len())?);
        let ends = [first, first + bytes].map(|at| int(i64::from(at)));
        let operands = ends.into_iter().chain([value.clone()]).collect();
        Ok(self.context.helpers.call(Helper::Class(width), operands))
    }
}
