//! `POST /evaluate` and `POST /explain`: one case in, one decision record out.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use concord_wasm::run::Replied;
use hyper::body::Body as _;

use crate::app::App;
use crate::asked::outcome;
use crate::choose::{Chosen, Named, chosen};
use crate::faults::{codes, read};
use crate::member::Asked;
use crate::module::Served;
use crate::pool::{Entry, Failure};
use crate::problem::{BROKEN, DEADLINE, LARGE, MEDIA, REFUSED, SETTINGS, SLOW, STOPPED, SYNTAX};
use crate::reply::{JSON, Reply, json, signed, without};

/// A case of at most so many bytes is answered where its request is read; a larger one on a thread of its own, so that no other waits for it.
const SMALL: usize = 16 << 10;

/// What is logged of an answer.
#[derive(Clone)]
pub struct Used {
    /// The module.
    pub served: Arc<Served>,
    /// What came of it.
    pub outcome: &'static str,
}

/// The answers.
pub async fn evaluate(State(app): State<Arc<App>>, named: Named, request: Request) -> Reply {
    one(app, named, request, Entry::Evaluate).await.unwrap_or_else(|problem| *problem)
}

/// The answers with their reasons.
pub async fn explain(State(app): State<Arc<App>>, named: Named, request: Request) -> Reply {
    one(app, named, request, Entry::Explain).await.unwrap_or_else(|problem| *problem)
}

async fn one(app: Arc<App>, named: Named, request: Request, entry: Entry) -> Result<Reply, Box<Reply>> {
    let (head, body) = request.into_parts();
    is_of(&head.headers, &[JSON])?;
    let Chosen { served, terms } = chosen(&app, &head.uri, named, &head.headers)?;
    let case = whole(&app, &head.headers, body).await?;
    let ask = move |served: &Served| terms.ask(served, &case, entry);
    let small = head.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let asked = if small.is_some_and(|bytes: usize| bytes <= SMALL) {
        ask(&served)
    } else {
        let served = Arc::clone(&served);
        let asked = tokio::task::spawn_blocking(move || ask(&served)).await;
        asked.unwrap_or_else(|_| Err(Failure::Stopped("its thread ended".to_owned())))
    };
    let (asked, not_applied) = match asked {
        Ok(Asked { replied, not_applied }) => (Ok(replied), not_applied),
        Err(failure) => (Err(failure), Vec::new()),
    };
    let outcome = outcome(&app, &served, &asked);
    let reply = match asked {
        Ok(Replied::Answered(record)) => json(with_module(&record, &served)),
        Ok(Replied::Refused(faults)) => refused(&faults),
        Ok(Replied::Broken(said)) => BROKEN.of_module(&read(&said)),
        Err(Failure::Settings(faults)) => SETTINGS.of_module(&read(&faults)),
        Err(Failure::Deadline) => DEADLINE.reply(),
        Err(Failure::Stopped(_)) => STOPPED.reply(),
    };
    let mut reply = without(signed(reply, &served), &not_applied);
    reply.extensions_mut().insert(Used { served, outcome });
    Ok(reply)
}

/// A case that is refused: as no JSON, as too large, or for what it says.
fn refused(faults: &[u8]) -> Reply {
    let faults = read(faults);
    let problem = match codes(&faults).first() {
        Some(&("D01" | "D02" | "D04")) => SYNTAX,
        Some(&"D03") => LARGE,
        _ => REFUSED,
    };
    problem.of_module(&faults)
}

/// A record with the hash of the module in it, before `as_of`, where `concord eval` has it. A quotation mark within a text is escaped,
/// so that the first place where the name stands in quotation marks is the name.
pub fn with_module(record: &[u8], served: &Served) -> Vec<u8> {
    const NAME: &[u8] = b"\"as_of\":";
    let place = record.windows(NAME.len()).position(|window| window == NAME);
    let Some((head, tail)) = place.and_then(|place| record.split_at_checked(place)) else { return record.to_vec() };
    [head, b"\"module\":\"", served.hash.as_bytes(), b"\",", tail].concat()
}

/// Whether a body says that it is of one of these types.
///
/// # Errors
/// Where it is of none.
pub fn is_of(headers: &HeaderMap, kinds: &[&str]) -> Result<(), Box<Reply>> {
    // A body that does not say of which type it is, is of none that is taken.
    let said = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    // What is split has a first part.
    let said = said.split(';').next().unwrap_or_default().trim();
    if kinds.iter().any(|kind| kind.eq_ignore_ascii_case(said)) {
        return Ok(());
    }
    Err(Box::new(MEDIA.because(&format!("send it as {}", kinds.join(" or ")))))
}

/// A whole body, if it arrives in time and is not too large.
///
/// # Errors
/// Where it is not.
pub async fn whole(app: &App, headers: &HeaderMap, body: Body) -> Result<Bytes, Box<Reply>> {
    let most = app.options.most_bytes;
    let announced = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    let too_large = || Box::new(LARGE.because(&format!("at most {most} bytes")));
    if announced.is_some_and(|bytes| usize::try_from(bytes).map_or(true, |bytes| bytes > most)) {
        return Err(too_large());
    }
    let read = tokio::time::timeout(app.options.receive_within, gathered(body, most)).await;
    match read {
        Ok(Ok(Some(whole))) => Ok(whole),
        Ok(Ok(None)) => Err(too_large()),
        Ok(Err(())) => Err(Box::new(SYNTAX.because("the body broke off"))),
        Err(_) => Err(Box::new(SLOW.reply())),
    }
}

/// All of a body; none where it is larger than it may be.
async fn gathered(mut body: Body, most: usize) -> Result<Option<Bytes>, ()> {
    let mut all: Option<Vec<u8>> = None;
    let mut first = Bytes::new();
    while let Some(more) = next(&mut body).await {
        let more = more?;
        match &mut all {
            None if first.is_empty() => first = more,
            None => all = Some([first.as_ref(), more.as_ref()].concat()),
            Some(all) => all.extend_from_slice(&more),
        }
        if all.as_ref().map_or(first.len(), Vec::len) > most {
            return Ok(None);
        }
    }
    Ok(Some(all.map_or(first, Bytes::from)))
}

/// The next part of a body; none at its end.
pub async fn next(body: &mut Body) -> Option<Result<Bytes, ()>> {
    loop {
        let frame = poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await?;
        match frame.map(hyper::body::Frame::into_data) {
            Ok(Ok(data)) => return Some(Ok(data)),
            // Trailers say nothing about a case.
            Ok(Err(_)) => {}
            Err(_) => return Some(Err(())),
        }
    }
}
