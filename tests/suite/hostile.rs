//! Every entry but those for JSON, which `json_in_module` holds, called with anything: whatever stands in the blocks and wherever they are said to be, nothing is
//! written but where the host said that answers go. A call may trap: hosts that have not checked what they give must expect it.
//!
//! `CONCORD_CALLS=1000000 cargo test --release --test suite whatever_is_called -- --nocapture` calls each entry so often on each kind of rule, those for JSON too; it takes
//! some minutes.

use std::ops::Range;
use std::time::Duration;

use concord_engine::plan::bound::work_bound;
use concord_engine::plan::case::Case;
use concord_engine::plan::{Contract, Plan};
use concord_wasm::abi::{Layout, WORKSPACE_EVENTS};
use concord_wasm::run::{Calls, Instance, PlacedBatch, PlacedRecord, Program};

use crate::generate::{self, Random};
use crate::json_in_module::number;
use crate::packages::authored;

/// A score without events, an obligation, clocks, and a rule whose work grows with the square of the events.
pub const RULES: [&str; 4] = ["clinical/news2", "acute/sepsis", "elective/rtt", "workforce/rota_tcs2016"];

/// What a call of `evaluate_record` may cost: that of so many operators, or a little more than a millisecond.
const MOST_WORK: u64 = 1_000_000;

/// The most events of a case here, at instants that are known or not: as many as are in a module's own workspace, or fewer.
fn most_events(plan: &Plan) -> u32 {
    let work = work_bound(plan);
    (1..=WORKSPACE_EVENTS).rev().find(|most| work.at(u64::from(*most), u64::from(*most)) <= MOST_WORK).unwrap_or(1)
}

/// A module in whose memory a case or several are laid out.
struct Host {
    instance: Instance,
    layout: Layout,
    /// The memory before anything is spoilt.
    image: Vec<u8>,
    /// The memory before a call, and where it is not as the image.
    before: Vec<u8>,
    spoilt: Vec<Range<usize>>,
    /// The most events of a case.
    most: u32,
    /// Where room for them is given, at the end of memory.
    room: Range<usize>,
    /// Where the module may keep what it works out of events, above `heap`.
    workspace: Range<usize>,
}

/// Numbers that hosts get wrong.
fn any(random: &mut Random, image: &[u8]) -> i64 {
    let end = image.len() as i64;
    let near = [0, -1, 1, 64, 65_535, end, i64::from(i32::MAX), i64::from(i32::MIN), 1 << 32, i64::MIN, i64::MAX];
    match random.below(10) {
        0..4 => near[random.below(near.len())].wrapping_add(random.between(-9, 9)),
        4..8 => random.between(0, end),
        8 => random.between(-1 << 31, (1 << 31) - 1),
        _ => random.bits().cast_signed(),
    }
}

fn low(value: i64) -> u32 {
    value as u32
}

fn slot(memory: &[u8], at: usize) -> i64 {
    let bytes = memory.get(at..at + 8).and_then(|bytes| bytes.try_into().ok());
    i64::from_le_bytes(bytes.unwrap_or([0; 8]))
}

/// So many bytes from an address on.
fn part(at: u32, bytes: i64) -> Range<usize> {
    at as usize..at as usize + usize::try_from(bytes.max(0)).unwrap_or(usize::MAX >> 1)
}

impl Host {
    fn new(program: &Program) -> Host {
        let (mut instance, layout) = (program.instance().unwrap(), program.layout().clone());
        instance.within(Duration::from_millis(5));
        let most = most_events(program.plan());
        let bytes = (layout.workspace_each * layout.places(most)) as usize;
        instance.reserve(u64::from(layout.heap) + 100_000 + bytes as u64).unwrap();
        let image = instance.memory().to_vec();
        let room = image.len() - bytes..image.len();
        let before = image.clone();
        let mut host = Host { instance, layout, image, before, spoilt: Vec::new(), most, room, workspace: 0..0 };
        host.give_room(true);
        host
    }

    /// Cases of no more events than are taken.
    fn cases(&self, random: &mut Random, plan: &Plan) -> Vec<Case> {
        let mut cases: Vec<Case> = (0..1 + random.below(9)).map(|_| generate::case(random, plan)).collect();
        cases.iter_mut().for_each(|case| case.events.truncate(self.most as usize));
        cases
    }

    /// Lays something out in memory in which there is nothing else.
    fn laid_out<T>(&mut self, clean: &[u8], what: impl FnOnce(&mut Instance) -> T) -> T {
        self.instance.memory().copy_from_slice(clean);
        let placed = what(&mut self.instance);
        self.image = self.instance.memory().to_vec();
        self.before.clone_from(&self.image);
        self.spoilt.clear();
        placed
    }

    /// Puts the memory back.
    fn restore(&mut self) {
        self.instance.memory().copy_from_slice(&self.image);
        for part in self.spoilt.drain(..) {
            self.before[part.clone()].copy_from_slice(&self.image[part]);
        }
    }

    /// Puts the memory back and spoils some of what stands in the blocks.
    fn spoil(&mut self, random: &mut Random, blocks: Range<usize>) {
        self.restore();
        for _ in 0..random.below(4) {
            let at = random.between(blocks.start as i64, blocks.end as i64 - 8) as usize;
            let at = if random.percent(70) { blocks.start + (at - blocks.start) / 8 * 8 } else { at };
            let value = any(random, &self.image).to_le_bytes();
            let bytes = [1, 4, 8][random.below(3)];
            for memory in [self.instance.memory(), &mut self.before[..]] {
                memory[at..at + bytes].copy_from_slice(&value[..bytes]);
            }
            self.spoilt.push(at..at + bytes);
        }
    }

    /// Nothing above `heap` differs from before but in these parts and in the workspace.
    fn assert_kept(&mut self, parts: &[Range<usize>], what: &str) {
        let Host { instance, layout, before, workspace, .. } = self;
        let mut parts: Vec<Range<usize>> = parts.iter().chain([&*workspace]).cloned().collect();
        parts.sort_by_key(|part| part.start);
        let memory = instance.memory();
        let mut at = layout.heap as usize;
        for part in parts {
            let end = part.start.clamp(at, before.len());
            assert!(memory[at..end] == before[at..end], "{what}: something was written between {at} and {end}");
            at = part.end.clamp(at, before.len());
        }
        assert!(memory[at..] == before[at..], "{what}: something was written from {at} on");
    }

    /// Whether a block stands where the host's do. Below, the module works: what stands there is something else from one moment to the
    /// next, a pointer in a block too.
    fn is_the_hosts(&self, block: &Range<usize>) -> bool {
        block.start >= self.layout.heap as usize
    }

    fn record(&mut self, random: &mut Random, placed: PlacedRecord) -> bool {
        self.spoil(random, placed.record as usize..placed.end as usize);
        let anywhere = random.percent(15);
        let record = if anywhere { low(any(random, &self.image)) } else { placed.record };
        let out = if random.percent(15) { low(any(random, &self.image)) } else { placed.out };
        let answered = self.instance.call_record(record, out);
        let written = part(out, i64::from(self.layout.record_out));
        if self.is_the_hosts(&written) {
            self.assert_kept(&[written], &format!("record {record} {out}"));
        }
        answered.is_ok()
    }

    fn batch(&mut self, random: &mut Random, placed: &PlacedBatch, rows: u32) -> bool {
        self.spoil(random, placed.columns as usize..placed.end as usize);
        let rows = if random.percent(15) { any_rows(random, &self.image) } else { rows };
        let columns = if random.percent(10) { low(any(random, &self.image)) } else { placed.columns };
        let out = if random.percent(10) { low(any(random, &self.image)) } else { placed.out };
        let answered = self.instance.call_batch(rows, columns, out);
        let (count, block) = (i64::from(rows.cast_signed()), out as usize);
        let mut written = vec![part(low(slot(&self.before, block)), 4 * count)];
        let room = i64::from(low(slot(&self.before, block + 16)).cast_signed());
        written.push(part(low(slot(&self.before, block + 8)), room.saturating_mul(i64::from(self.layout.record_out))));
        for (number, output) in self.layout.outputs.iter().enumerate() {
            let pointer = low(slot(&self.before, block + 24 + 8 * number));
            written.push(part(pointer, count.saturating_mul(i64::from(output.bytes))));
        }
        // Where answers are to go over the block that says so, it says something else in the middle of the call.
        let own = block..block + self.layout.columns_out as usize;
        let is_over = |part: &Range<usize>| part.start < own.end && own.start < part.end;
        let is_the_hosts =
            written.iter().filter(|part| !part.is_empty()).chain([&own]).all(|part| self.is_the_hosts(part));
        if is_the_hosts && !written.iter().any(is_over) {
            self.assert_kept(&written, &format!("batch {rows} {columns} {out}"));
        }
        answered.is_ok()
    }

    fn workspace(&mut self, random: &mut Random) -> bool {
        self.restore();
        let (address, bytes) = (low(any(random, &self.image)), low(any(random, &self.image)));
        let most = self.instance.call_set_workspace(address, bytes).unwrap();
        self.assert_kept(&[], "set_workspace");
        if most >= 0 && address != 0 && self.layout.workspace_each > 0 {
            assert!(address >= self.layout.heap && u64::from(address) + u64::from(bytes) <= self.before.len() as u64);
        }
        self.give_room(random.percent(50));
        most >= 0
    }

    /// Gives the module room for as many events as are taken, or where it has that much itself its own.
    fn give_room(&mut self, given: bool) {
        let given = (given || self.most < WORKSPACE_EVENTS) && !self.room.is_empty();
        self.workspace = if given { self.room.clone() } else { 0..0 };
        let (address, bytes) = (self.workspace.start as u32, self.workspace.len() as u32);
        assert!(self.instance.call_set_workspace(address, bytes).unwrap() >= 0);
    }
}

/// How many rows a host may say that there are: mostly some, as going through very many takes as long as a call may.
fn any_rows(random: &mut Random, image: &[u8]) -> u32 {
    let rows = if random.percent(97) { random.between(-9, 200) } else { any(random, image) };
    low(rows)
}

/// What came of calls of one kind: how many were answered, and how many trapped or were refused.
type Seen = [u64; 2];

/// A round of calls of each entry around the same cases.
const ROUND: u64 = 250;

fn calls(rule: &str, calls: u64, random: &mut Random) -> [Seen; 3] {
    let package = authored(rule);
    let program = Program::compile_named(&package.plan, None, Calls::Limited).unwrap();
    let mut host = Host::new(&program);
    let clean = host.image.clone();
    let mut seen = [[0; 2]; 3];
    for _ in 0..calls.div_ceil(ROUND) {
        let cases = host.cases(random, &package.plan);
        let record = host.laid_out(&clean, |instance| instance.place_record(&cases[0]).unwrap());
        (0..ROUND).for_each(|_| seen[0][usize::from(!host.record(random, record))] += 1);
        let batch = host.laid_out(&clean, |instance| instance.place_batch(&cases).unwrap());
        assert!(batch.end as usize <= host.room.start, "the blocks are beside the room for events");
        let rows = u32::try_from(cases.len()).unwrap();
        (0..ROUND).for_each(|_| seen[1][usize::from(!host.batch(random, &batch, rows))] += 1);
        (0..ROUND).for_each(|_| seen[2][usize::from(!host.workspace(random))] += 1);
    }
    seen
}

#[test]
fn whatever_is_called_nothing_is_written_outside_the_blocks_given() {
    let of_each = number("CONCORD_CALLS", 2_500);
    let mut random = Random::new(number("CONCORD_SEED", 1));
    for rule in RULES {
        let seen = calls(rule, of_each, &mut random);
        println!("{rule}: answered and not: record {:?}, batch {:?}, workspace {:?}", seen[0], seen[1], seen[2]);
        assert!(seen[0][0] > 0 && seen[0][1] > 0 && seen[1][0] > 0 && seen[1][1] > 0, "{seen:?}");
    }
}

/// Every number of a parameter, and every value at and beyond the ends of what members may set.
#[test]
fn a_setting_outside_the_contract_is_refused_and_changes_nothing() {
    for rule in RULES {
        let package = authored(rule);
        let plan = &package.plan;
        let mut instance = Program::compile(plan).unwrap().instance().unwrap();
        let case = generate::case(&mut Random::new(1), plan);
        let kept = vec![None; plan.parameters.len()];
        let before = instance.evaluate(&case, &kept).unwrap();
        for (number, parameter) in plan.parameters.iter().enumerate() {
            let outside = match parameter.contract {
                Contract::Within(low, high) => [low - 1, high + 1, i64::MIN, i64::MAX],
                _ => [0, 1, i64::MIN, i64::MAX],
            };
            for value in outside {
                let mut settings = kept.clone();
                settings[number] = Some(value);
                assert!(instance.configure(&settings).is_err(), "{rule}: {} {value}", parameter.name);
            }
        }
        let mut more = kept.clone();
        more.push(Some(0));
        assert!(instance.configure(&more).is_err(), "{rule}: there is no such parameter");
        assert_eq!(instance.evaluate(&case, &kept).unwrap(), before, "{rule}");
    }
}
