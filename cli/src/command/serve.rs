//! `concord serve`: modules answered over HTTP.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use concord_serve::{Ended, Identity, Options, Services, Signed, TLS, Token};

use crate::args::Serve;
use crate::command::sign::public_key;
use crate::data::duration::read_duration;
use crate::exit::Exit;
use crate::output::Output;
use crate::signing;

/// Serves until it is told to stop.
pub fn run(args: &Serve, output: &Output) -> Exit {
    serve(args, output).unwrap_or_else(|exit| exit)
}

fn serve(args: &Serve, output: &Output) -> Result<Exit, Exit> {
    let options = options(args, output)?;
    match concord_serve::serve(options) {
        Ok(Ended::Answered) => Ok(Exit::Fine),
        Ok(Ended::CutOff(requests)) => {
            output.error(&format!("{requests} requests took longer than --grace allows and were cut off"), None);
            Err(Exit::Limit)
        }
        Err(why) => {
            output.error(&why, None);
            Err(Exit::Rule)
        }
    }
}

fn options(args: &Serve, output: &Output) -> Result<Options, Exit> {
    let usage = |title: String, help: &str| {
        output.error(&title, Some(help));
        Exit::Usage
    };
    let listen: SocketAddr = args.listen.parse().map_err(|_| {
        usage(format!("--listen {}: this is no address", args.listen), "such as 127.0.0.1:8733, or [::1]:8733")
    })?;
    let token = args.token_file.as_ref().map(|file| {
        let text = fs::read_to_string(file).map_err(|error| error.to_string());
        text.and_then(|text| Token::of(&text))
            .map_err(|why| usage(format!("{}: {why}", file.display()), "make one with: openssl rand -hex 32"))
    });
    let token = token.transpose()?;
    if !listen.ip().is_loopback() && token.is_none() {
        let help = "give --token-file, or listen at 127.0.0.1 behind a proxy that knows who calls";
        return Err(usage(format!("{listen} can be reached from other machines, and anyone there could ask"), help));
    }
    let within = |option: &str, text: &str| -> Result<Duration, Exit> {
        let millis = read_duration(text).and_then(|millis| u64::try_from(millis).ok());
        let duration = millis.filter(|millis| *millis > 0).map(Duration::from_millis);
        duration.ok_or_else(|| usage(format!("--{option} {text}: this is no duration"), "such as \"10 s\" or PT10S"))
    };
    let cds = args.cds.as_deref().map(|file| {
        let text = fs::read_to_string(file).map_err(|error| error.to_string());
        text.and_then(|text| Services::read(&text))
            .map_err(|why| usage(format!("{}: {why}", file.display()), "docs/serving.md has an example"))
    });
    Ok(Options {
        cds: cds.transpose()?.unwrap_or_default(), // without a file there are no hooks
        paths: args.modules.clone(),
        listen,
        tls: identity(args, &usage)?,
        token,
        allow_draft: args.allow_draft,
        signed: args.key.as_deref().map(|key| signed(key, output)).transpose()?,
        deadline: within("deadline", &args.deadline)?,
        receive_within: within("receive-within", &args.receive_within)?,
        grace: within("grace", &args.grace)?,
        look_every: within("look-every", &args.look_every)?,
        most_bytes: args.most_bytes.min(CASE),
        most_requests: args.most_requests,
        most_connections: args.most_connections,
        threads: available_parallelism().map_or(2, usize::from),
        log_requests: !output.quiet,
    })
}

/// Who the service is under TLS.
fn identity(args: &Serve, usage: &impl Fn(String, &str) -> Exit) -> Result<Option<Identity>, Exit> {
    let (Some(certificate), Some(key)) = (args.tls_cert.clone(), args.tls_key.clone()) else { return Ok(None) };
    if TLS {
        return Ok(Some(Identity { certificate, key }));
    }
    let help =
        "build it with: cargo build --release --features tls; or put a proxy in front of it, as docs/serving.md says";
    Err(usage("--tls-cert: this program is built without TLS".to_owned(), help))
}

/// Says whether a manifest is signed with the private key that belongs to this one.
fn signed(key: &Path, output: &Output) -> Result<Signed, Exit> {
    let public = public_key(key, output)?;
    Ok(Arc::new(move |manifest: &[u8], signature: &[u8]| signing::check(&public, manifest, signature)))
}

/// The largest case that a module takes.
const CASE: usize = 16 << 20;
