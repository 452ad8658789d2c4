//! Answers of many cases, column by column. Rows go through the module's entry for batches, some thousands at a time; a row with an entry that no column can
//! hold, such as `"<0.5"` or what is refused, is asked about as a case, and so is the whole of a table of which something is wanted that batches do not give.

mod block;
mod cells;
mod placing;
mod values;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::ask::Asking;
use crate::error::{Error, Fault};
use crate::rule::{Rule, begun};
use block::Block;
use cells::{Cells, Wanted};
pub(crate) use placing::Placing;

/// Facts by name, each with an entry for every case; one that is null is missing. `as_of` may be one of them.
pub type Columns = BTreeMap<String, Vec<Value>>;
/// What came out, by name.
pub type Table = BTreeMap<String, Vec<Value>>;

/// How many faults are listed.
const MOST_FAULTS: usize = 50;

impl Rule {
    /// Answers many cases without events; every kind of event counts as not supplied. For a wanted answer come out `NAME`, `NAME.kind` and, of what can lie
    /// between two values, `NAME.from` and `NAME.to`; `NAME.due` and the like of an obligation where they are wanted by this name.
    ///
    /// # Errors
    /// As [`Rule::evaluate`]; when there is no such answer, or the columns are not of one length.
    pub fn evaluate_table(&self, columns: &Columns, want: &[&str], asking: &Asking) -> Result<Table, Error> {
        let rows = columns.values().next().map_or(0, Vec::len);
        if let Some((name, _)) = columns.iter().find(|(_, column)| column.len() != rows) {
            return Err(Error::Unnamed(format!("column `{name}` of {rows} entries")));
        }
        let wanted = want.iter().map(|name| self.wanted(name)).collect::<Result<Vec<_>, _>>()?;
        let (begun, mut cells) = (begun(), Cells::new(wanted, rows));
        let answered = self.answer_rows(columns, &mut cells, asking);
        self.told(begun, rows, if answered.is_ok() { cells.unknown() } else { 0 }, answered.as_ref().err());
        answered?;
        self.log_rows(columns, rows, asking)?;
        Ok(cells.table())
    }

    /// Tells the decision log, where there is one, of each row as of a case.
    fn log_rows(&self, columns: &Columns, rows: usize, asking: &Asking) -> Result<(), Error> {
        for row in (0..rows).filter(|_| self.is_logged()) {
            match self.evaluate_row(&self.row(columns, row), asking, true) {
                Ok(_) | Err(Error::ClaimBroken(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Answers every row, or none.
    fn answer_rows(&self, columns: &Columns, cells: &mut Cells, asking: &Asking) -> Result<(), Error> {
        let mut faults = Vec::new();
        for row in self.in_batches(columns, cells, asking)? {
            match self.evaluate_row(&self.row(columns, row), asking, false) {
                Ok(decision) => cells.decided(row, &decision)?,
                Err(Error::ClaimBroken(_)) => cells.broken(row),
                Err(Error::CaseRefused(found)) => {
                    let at_row = |fault: Fault| Fault { at: format!("/{row}{}", fault.at), ..fault };
                    faults.extend(found.into_iter().map(at_row));
                    if faults.len() > MOST_FAULTS {
                        faults.truncate(MOST_FAULTS);
                        faults.push(Fault { code: "D19".to_owned(), at: String::new(), expected: None });
                        break;
                    }
                }
                Err(error) => return Err(error),
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(Error::CaseRefused(faults)) }
    }

    /// Answers the rows that batches can; which ones are left.
    fn in_batches(&self, columns: &Columns, cells: &mut Cells, asking: &Asking) -> Result<Vec<usize>, Error> {
        let rows = columns.values().next().map_or(0, Vec::len);
        let timed = columns.contains_key("as_of");
        // A member's settings hold by the day of each row.
        let one_by_one = timed && asking.member.is_some();
        let block = Block::of(self.placing(), columns, cells, asking).filter(|_| !one_by_one);
        let untimed = || Ok::<_, Error>(!timed && asking.as_of.is_none() && self.wants_an_instant()?);
        let Some(block) = block.filter(|_| rows > 0) else { return Ok((0..rows).collect()) };
        if untimed()? {
            return Ok((0..rows).collect());
        }
        let mut left = Vec::new();
        let mut kept = self.instance(self.settings(asking)?, asking)?;
        let module = &mut kept.module;
        let base = module.room(block.bytes)?;
        for start in (0..rows).step_by(block.rows) {
            let count = block.rows.min(rows - start);
            left.extend(block.fill(module.bytes(base, block.bytes)?, base, start, count));
            let records = module.evaluate_batch(count, base, base + block.out)?;
            block.take(module.bytes(base, block.bytes)?, start, count, records, cells);
        }
        self.give(kept);
        Ok(left)
    }

    /// The text of one case.
    fn row(&self, columns: &Columns, row: usize) -> String {
        let entry = |(name, column): (&String, &Vec<Value>)| Some((name.clone(), column.get(row)?.clone()));
        let mut case: Map<String, Value> = columns.iter().filter_map(entry).collect();
        let events = &self.schema().events;
        if !events.is_empty() {
            let kinds: Vec<Value> = events.iter().map(|event| event.name.as_str().into()).collect();
            case.insert("not_supplied".to_owned(), kinds.into());
        }
        Value::Object(case).to_string()
    }

    fn wanted(&self, name: &str) -> Result<Wanted, Error> {
        Wanted::of(&self.schema().answers, name)
            .ok_or_else(|| Error::Unnamed(format!("answer `{name}` of {}", self.info().package)))
    }
}
