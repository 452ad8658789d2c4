//! `POST /evaluate/batch`: a case a line in, a record a line out, while the lines still come. A line that is refused has a record of its own
//! and stops no other. The whole batch is answered by one module, whatever is put in its place meanwhile.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use concord_wasm::run::Replied;
use hyper::body::Frame;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::app::{App, Ticket};
use crate::asked::outcome;
use crate::choose::{Chosen, Named, chosen};
use crate::evaluate::{Used, is_of, next, with_module};
use crate::faults::read;
use crate::member::Asked;
use crate::pool::{Entry, Failure};
use crate::problem::{DEADLINE, Problem, SETTINGS, SLOW, STOPPED, SYNTAX};
use crate::reply::{NDJSON, Reply, reply, signed};

/// What the lines may be called.
const KINDS: [&str; 3] = [NDJSON, "application/ndjson", "application/jsonl"];
/// How many answers wait for the caller to read them before no more are made.
const AHEAD: usize = 4;

/// The answers of many cases.
pub async fn batch(State(app): State<Arc<App>>, named: Named, request: Request) -> Reply {
    many(app, named, request).await.unwrap_or_else(|problem| *problem)
}

async fn many(app: Arc<App>, named: Named, request: Request) -> Result<Reply, Box<Reply>> {
    let (head, body) = request.into_parts();
    is_of(&head.headers, &KINDS)?;
    let chosen = chosen(&app, &head.uri, named, &head.headers)?;
    if let Err(Failure::Settings(faults)) = chosen.served.pool.ask(b"{}", Entry::Evaluate, &chosen.terms.all()) {
        return Err(Box::new(SETTINGS.of_module(&read(&faults))));
    }
    let (sender, receiver) = mpsc::channel(AHEAD);
    let served = Arc::clone(&chosen.served);
    // The request counts as one that is being answered until its last line.
    let ticket = head.extensions.get::<Arc<Ticket>>().cloned();
    let work = Work { app, chosen: Arc::new(chosen), sender };
    tokio::spawn(async move {
        work.run(body).await;
        drop(ticket);
    });
    let mut reply = signed(reply(StatusCode::OK, NDJSON, Body::new(Written(receiver))), &served);
    reply.extensions_mut().insert(Used { served, outcome: "batch" });
    Ok(reply)
}

/// The lines that go out.
struct Written(mpsc::Receiver<Bytes>);

impl hyper::body::Body for Written {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(context).map(|more| more.map(|bytes| Ok(Frame::data(bytes))))
    }
}

/// A batch that is being answered.
struct Work {
    app: Arc<App>,
    chosen: Arc<Chosen>,
    sender: mpsc::Sender<Bytes>,
}

impl Work {
    /// Answers lines as they come, until there are no more, or nobody reads the answers.
    async fn run(self, mut body: Body) {
        let mut lines = Lines::new(self.app.options.most_bytes);
        loop {
            let more = tokio::time::timeout(self.app.options.receive_within, next(&mut body)).await;
            let (whole, end) = match more {
                Ok(Some(Ok(data))) => (lines.add(&data), None),
                Ok(None) => (lines.end().into_iter().collect(), Some(None)),
                Ok(Some(Err(()))) => (Vec::new(), Some(Some(SYNTAX))),
                Err(_) => (Vec::new(), Some(Some(SLOW))),
            };
            let answered = whole.is_empty() || self.answer(whole).await;
            if let Some(Some(problem)) = end {
                let _ = self.sender.send(Bytes::from(of_line(lines.number + 1, problem))).await;
            }
            if end.is_some() || !answered {
                return;
            }
        }
    }

    /// Answers some lines on a thread for long work; false where nobody reads the answers.
    async fn answer(&self, lines: Vec<Line>) -> bool {
        let (app, chosen) = (Arc::clone(&self.app), Arc::clone(&self.chosen));
        let answered = tokio::task::spawn_blocking(move || {
            lines.iter().flat_map(|line| answer(&app, &chosen, line)).collect::<Vec<u8>>()
        });
        let Ok(answered) = answered.await else { return false };
        self.sender.send(Bytes::from(answered)).await.is_ok()
    }
}

/// What is made of one line.
fn answer(app: &App, chosen: &Chosen, line: &Line) -> Vec<u8> {
    let Chosen { served, terms } = chosen;
    let (number, case) = match line {
        Line::Whole(number, case) => (*number, case),
        Line::Long(number) => {
            app.metrics.refused(&served.package, "D03");
            return written(&json!({ "line": number, "refused": [{ "code": "D03", "at": "" }] }));
        }
    };
    let (asked, not_applied) = match terms.ask(served, case, Entry::Evaluate) {
        Ok(Asked { replied, not_applied }) => (Ok(replied), not_applied),
        Err(failure) => (Err(failure), Vec::new()),
    };
    outcome(app, served, &asked);
    match asked {
        Ok(Replied::Answered(record)) => {
            let record = with_module(&record, served);
            headed(number, name_of(case), &of_member(&record, &not_applied))
        }
        Ok(Replied::Refused(faults)) => headed(number, None, &faults),
        Ok(Replied::Broken(said)) => headed(number, name_of(case), &said),
        Err(Failure::Deadline) => of_line(number, DEADLINE),
        Err(_) => of_line(number, STOPPED),
    }
}

/// A case's own name, where it has one.
fn name_of(case: &[u8]) -> Option<String> {
    /// All of a case that matters here.
    #[derive(Deserialize)]
    struct Named {
        case: Option<String>,
    }
    serde_json::from_slice::<Named>(case).ok()?.case
}

/// An object with its line before everything else, and the name of its case.
fn headed(number: u64, case: Option<String>, object: &[u8]) -> Vec<u8> {
    // A case need not have a name.
    let case = case.map(|case| format!("\"case\":{},", Value::from(case))).unwrap_or_default();
    let rest = object.strip_prefix(b"{").unwrap_or(object);
    [format!("{{\"line\":{number},{case}").as_bytes(), rest, b"\n"].concat()
}

/// A record with the settings of the member that were not in force before everything else.
fn of_member(record: &[u8], not_applied: &[String]) -> Vec<u8> {
    let rest = record.strip_prefix(b"{").filter(|_| !not_applied.is_empty());
    rest.map_or_else(
        || record.to_vec(),
        |rest| [format!("{{\"not_applied\":{},", json!(not_applied)).as_bytes(), rest].concat(),
    )
}

/// A line that came to nothing.
fn of_line(number: u64, problem: Problem) -> Vec<u8> {
    written(&json!({ "line": number, "problem": { "type": problem.urn(), "title": problem.2, "status": problem.1 } }))
}

fn written(object: &Value) -> Vec<u8> {
    format!("{object}\n").into_bytes()
}

/// A line, with its number.
enum Line {
    /// One that is to be answered.
    Whole(u64, Vec<u8>),
    /// One that is longer than it may be.
    Long(u64),
}

/// Lines out of what comes in parts.
struct Lines {
    begun: Vec<u8>,
    /// The line that is begun is too long already.
    long: bool,
    /// Lines that have ended.
    number: u64,
    most: usize,
}

impl Lines {
    fn new(most: usize) -> Lines {
        Lines { begun: Vec::new(), long: false, number: 0, most }
    }

    /// The lines that end in this part; blank ones only count.
    fn add(&mut self, data: &[u8]) -> Vec<Line> {
        let mut whole = Vec::new();
        let mut parts = data.split(|byte| *byte == b'\n');
        // What is split has a last part.
        let last = parts.next_back().unwrap_or_default();
        for part in parts {
            self.take(part);
            whole.extend(self.end());
        }
        self.take(last);
        whole
    }

    fn take(&mut self, part: &[u8]) {
        self.long |= self.begun.len().saturating_add(part.len()) > self.most;
        if self.long {
            self.begun = Vec::new();
        } else {
            self.begun.extend_from_slice(part);
        }
    }

    /// Ends the line that is begun.
    fn end(&mut self) -> Option<Line> {
        self.number += 1;
        let line = std::mem::take(&mut self.begun);
        if std::mem::take(&mut self.long) {
            return Some(Line::Long(self.number));
        }
        let blank = line.iter().all(u8::is_ascii_whitespace);
        (!blank).then_some(Line::Whole(self.number, line))
    }
}
