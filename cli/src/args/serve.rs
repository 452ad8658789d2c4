//! The flags of `concord serve`.

use std::path::PathBuf;

use clap::Args;
use clap::builder::RangedU64ValueParser;

use crate::exit;

/// Answer cases over HTTP from modules that `concord build` made
#[derive(Args, Debug)]
#[command(after_help = exit::HELP)]
pub struct Serve {
    /// Modules (.wasm), or folders of them; several packages, and several versions of one
    #[arg(required = true, value_name = "MODULES")]
    pub modules: Vec<PathBuf>,
    /// A file that says which rules answer at which CDS Hooks, and with which cards
    #[arg(long, value_name = "FILE")]
    pub cds: Option<PathBuf>,
    /// Where to listen; other machines are let in only with --token-file
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8733")]
    pub listen: String,
    /// The certificate to speak TLS with, and those that vouch for it after it (PEM), in a build with the feature `tls`
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// The private key of that certificate (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// A file that holds the token which callers must show (Authorization: Bearer …)
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// Serve drafts too, which nobody has approved for use
    #[arg(long)]
    pub allow_draft: bool,
    /// The public key of whoever must have signed the manifests beside the modules
    #[arg(short, long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// The longest that one case may take
    #[arg(long, value_name = "DURATION", default_value = "1 s")]
    pub deadline: String,
    /// The longest that a request may take to arrive
    #[arg(long, value_name = "DURATION", default_value = "10 s")]
    pub receive_within: String,
    /// The longest that requests may take to end once the service is told to stop
    #[arg(long, value_name = "DURATION", default_value = "30 s")]
    pub grace: String,
    /// How often to look for modules that have changed; SIGHUP does so at once
    #[arg(long, value_name = "DURATION", default_value = "2 s")]
    pub look_every: String,
    /// The most bytes of a case; 16 MiB at most
    #[arg(long, value_name = "BYTES", default_value_t = 2 << 20, value_parser = RangedU64ValueParser::<usize>::new().range(1..=16 << 20))]
    pub most_bytes: usize,
    /// The most requests at once; more are told to try again
    #[arg(long, value_name = "COUNT", default_value_t = 256, value_parser = RangedU64ValueParser::<usize>::new().range(1..))]
    pub most_requests: usize,
    /// The most connections at once; more wait to be let in
    #[arg(long, value_name = "COUNT", default_value_t = 1024, value_parser = RangedU64ValueParser::<usize>::new().range(1..))]
    pub most_connections: usize,
}
