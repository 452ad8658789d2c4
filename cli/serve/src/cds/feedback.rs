//! `POST /cds-services/{id}/feedback`: what became of a card. It is logged and counted: the id of the card, whether it was taken up, and the code of the
//! reason; never what somebody wrote.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use concord_engine::values::patterns::is_uuid;
use serde::Deserialize;
use serde_json::json;

use crate::app::App;
use crate::evaluate::{is_of, whole};
use crate::object::Object;
use crate::problem::{NOWHERE, SHAPE};
use crate::reply::{JSON, Reply, json as reply_json};

/// What a record system sends.
#[derive(Deserialize)]
struct Given {
    feedback: Vec<Object<One>>,
}

/// What became of one card.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct One {
    card: String,
    outcome: Outcome,
    override_reason: Option<Object<Overridden>>,
    #[serde(rename = "outcomeTimestamp")]
    _at: String,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Accepted,
    Overridden,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Overridden {
    reason: Option<Object<Reason>>,
    #[serde(rename = "userComment")]
    _comment: Option<String>,
}

#[derive(Deserialize)]
struct Reason {
    code: String,
    #[serde(rename = "system")]
    _system: Option<String>,
}

/// Takes feedback.
pub async fn feedback(State(app): State<Arc<App>>, Path(id): Path<String>, request: Request) -> Reply {
    taken(&app, &id, request).await.unwrap_or_else(|problem| *problem)
}

async fn taken(app: &Arc<App>, id: &str, request: Request) -> Result<Reply, Box<Reply>> {
    let (head, body) = request.into_parts();
    let Some(service) = app.options.cds.called(id) else { return Err(Box::new(NOWHERE.reply())) };
    is_of(&head.headers, &[JSON])?;
    let text = whole(app, &head.headers, body).await?;
    let Object(given): Object<Given> = serde_json::from_slice(&text).map_err(|_| Box::new(SHAPE.reply()))?;
    if !given.feedback.iter().all(|Object(one)| is_uuid(&one.card)) {
        return Err(Box::new(SHAPE.because("`card` is the uuid of a card")));
    }
    let served = app.keeper.shelf().find(&service.package, service.which()).map_err(|_| Box::new(NOWHERE.reply()))?;
    let reasons = service.reasons(&served);
    for Object(one) in given.feedback {
        let outcome = match one.outcome {
            Outcome::Accepted => "accepted",
            Outcome::Overridden => "overridden",
        };
        // A code that is none of the service's own could be anything.
        let reason = one.override_reason.and_then(|Object(of)| of.reason).map(|Object(reason)| reason.code);
        let reason = reason.filter(|code| reasons.iter().any(|of| of.code == *code));
        app.metrics.feedback(&service.id, outcome);
        app.log.event(
            "feedback",
            json!({ "service": service.id, "card": one.card, "outcome": outcome, "reason": reason }),
        );
    }
    Ok(reply_json("{}"))
}
