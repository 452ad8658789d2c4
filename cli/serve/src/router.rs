//! The routes.

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};

use crate::app::App;
use crate::batch::batch;
use crate::catalogue::{description, health, manifest, metrics, packages, schema};
use crate::cds::{call, feedback, services};
use crate::evaluate::{evaluate, explain};
use crate::guard::guard;
use crate::problem::{METHOD, NOWHERE};
use crate::query::none;

/// All of them, behind the guard.
pub fn router(app: Arc<App>) -> Router {
    let without_query = Router::new()
        .route("/packages", get(packages))
        .route("/packages/{package}/{version}", get(manifest))
        .route("/packages/{package}/{version}/schema", get(schema))
        .route("/cds-services", get(services))
        .route("/cds-services/{id}", post(call))
        .route("/cds-services/{id}/feedback", post(feedback))
        .route("/health", get(health))
        .route("/metrics", get(metrics))
        .route("/openapi.json", get(description))
        .route_layer(from_fn(none));
    Router::new()
        .route("/evaluate", post(evaluate))
        .route("/evaluate/batch", post(batch))
        .route("/explain", post(explain))
        .route("/packages/{package}/{version}/evaluate", post(evaluate))
        .route("/packages/{package}/{version}/evaluate/batch", post(batch))
        .route("/packages/{package}/{version}/explain", post(explain))
        .merge(without_query)
        .fallback(async || NOWHERE.reply())
        .method_not_allowed_fallback(async || METHOD.reply())
        .layer(from_fn_with_state(Arc::clone(&app), guard))
        .with_state(app)
}
