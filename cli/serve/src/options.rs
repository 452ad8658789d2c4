//! What was asked for when the service was started.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::hooks::Services;
use crate::module::{Signed, Terms};
use crate::tls::Identity;
use crate::token::Token;

/// What was asked for.
#[derive(Clone)]
pub struct Options {
    /// Modules, or folders of them.
    pub paths: Vec<PathBuf>,
    /// Which rules answer at which hooks.
    pub cds: Services,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Who the service is under TLS; it speaks none where there is none.
    pub tls: Option<Identity>,
    /// What callers must show; anyone may call where there is none.
    pub token: Option<Token>,
    /// Whether drafts are served.
    pub allow_draft: bool,
    /// Whether manifests must be signed, and by whom.
    pub signed: Option<Signed>,
    /// The longest that one case may take.
    pub deadline: Duration,
    /// The longest that a request may take to arrive.
    pub receive_within: Duration,
    /// The longest that requests may take to end once the service is told to stop.
    pub grace: Duration,
    /// How often changed modules are looked for.
    pub look_every: Duration,
    /// Bytes of a request's body, and of a line of a batch.
    pub most_bytes: usize,
    /// Requests at once.
    pub most_requests: usize,
    /// Connections at once.
    pub most_connections: usize,
    /// Threads that answer.
    pub threads: usize,
    /// Whether each request is logged, or only what goes wrong.
    pub log_requests: bool,
}

impl Options {
    /// On which terms a module is served.
    #[must_use]
    pub fn terms(&self) -> Terms {
        Terms { allow_draft: self.allow_draft, deadline: self.deadline, signed: self.signed.clone() }
    }
}
