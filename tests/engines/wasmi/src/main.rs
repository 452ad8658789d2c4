//! Replays the corpus in wasmi, an interpreter: `concord-in-wasmi FOLDER`.

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use wasmi::{Engine, Extern, Instance, Linker, Memory, Module, Store, Val};

/// The bytes of a page.
const PAGE: u64 = 65_536;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// A module that runs.
struct Running {
    store: Store<()>,
    instance: Instance,
    memory: Memory,
}

impl Running {
    fn new(bytes: &[u8]) -> Outcome<Running> {
        let engine = Engine::default();
        let module = Module::new(&engine, bytes)?;
        let mut store = Store::new(&engine, ());
        let instance = Linker::new(&engine).instantiate_and_start(&mut store, &module)?;
        let memory = instance.get_memory(&store, "memory").ok_or("it has no memory")?;
        Ok(Running { store, instance, memory })
    }

    fn call(&mut self, name: &str, arguments: &[&str]) -> Outcome<i32> {
        let value = |text: &&str| -> Outcome<Val> {
            Ok(match text.strip_suffix('L') {
                Some(long) => Val::I64(long.parse()?),
                None => Val::I32(text.parse::<i64>()? as i32),
            })
        };
        let arguments: Vec<Val> = arguments.iter().map(value).collect::<Outcome<_>>()?;
        let Some(Extern::Func(function)) = self.instance.get_export(&self.store, name) else {
            return Err(format!("there is no {name}").into());
        };
        let mut results = [Val::I32(0)];
        function.call(&mut self.store, &arguments, &mut results)?;
        results[0].i32().ok_or_else(|| "it is no i32".into())
    }

    /// Plays one line of a script; what is wrong, or nothing.
    fn play(&mut self, line: &str) -> Outcome<Option<String>> {
        let words: Vec<&str> = line.split(' ').collect();
        match words.as_slice() {
            ["call", name, arguments @ .., "=", wanted] => {
                let found = self.call(name, arguments)?;
                let wrong = || format!("{name} gave {found} and not {wanted}");
                Ok((found != wanted.parse::<i32>()?).then(wrong))
            }
            ["room", end] => {
                let pages = end.parse::<u64>()?.div_ceil(PAGE);
                let have = self.memory.size(&self.store);
                if pages > have {
                    self.memory.grow(&mut self.store, pages - have)?;
                }
                Ok(None)
            }
            ["put", at, data] => {
                self.memory.write(&mut self.store, at.parse()?, &bytes(data)?)?;
                Ok(None)
            }
            ["get", at, data] => {
                let wanted = bytes(data)?;
                let mut found = vec![0; wanted.len()];
                self.memory.read(&self.store, at.parse()?, &mut found)?;
                Ok((found != wanted).then(|| format!("at {at} stands something else")))
            }
            _ => Err(format!("this is no line of a script: {line}").into()),
        }
    }
}

fn bytes(hex: &str) -> Outcome<Vec<u8>> {
    let digits = hex.as_bytes().chunks(2).map(|pair| Ok(u8::from_str_radix(str::from_utf8(pair)?, 16)?));
    digits.collect()
}

/// How many trials of a script there are, and what is wrong with those that do not hold.
fn replay(running: &mut Running, script: &str) -> (usize, Vec<String>) {
    let (mut trials, mut wrong, mut trial) = (0, Vec::new(), "");
    let mut holds = true;
    for line in script.lines() {
        if let Some(name) = line.strip_prefix("trial ") {
            (trial, holds) = (name, true);
            trials += 1;
            continue;
        }
        let fault = running.play(line).unwrap_or_else(|error| Some(error.to_string()));
        if let Some(fault) = fault.filter(|_| holds) {
            wrong.push(format!("{trial}: {fault}"));
            holds = false;
        }
    }
    (trials, wrong)
}

fn run(folder: &Path) -> Outcome<(usize, usize)> {
    let (mut passed, mut failed) = (0, 0);
    for entry in fs::read_to_string(folder.join("index.txt"))?.lines() {
        let name = entry.split(' ').next().unwrap_or_default();
        let mut running = Running::new(&fs::read(folder.join(format!("{name}.wasm")))?)?;
        let (trials, wrong) = replay(&mut running, &fs::read_to_string(folder.join(format!("{name}.calls")))?);
        passed += trials - wrong.len();
        failed += wrong.len();
        wrong.iter().take(3).for_each(|fault| eprintln!("{name}: {fault}"));
    }
    Ok((passed, failed))
}

fn main() -> ExitCode {
    let folder = env::args().nth(1).unwrap_or_default();
    match run(Path::new(&folder)) {
        Ok((passed, failed)) => {
            println!("{passed} passed, {failed} failed");
            if passed > 0 && failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
