//! `concord keygen`: a pair of keys to sign modules with.

use std::path::Path;

use crate::args::Keygen;
use crate::exit::Exit;
use crate::output::Output;
use crate::{files, signing};

/// Makes a pair of keys and writes each to a file of its own; neither replaces one that is there.
pub fn run(args: &Keygen, output: &Output) -> Exit {
    keygen(args, output).unwrap_or_else(|exit| exit)
}

fn keygen(args: &Keygen, output: &Output) -> Result<Exit, Exit> {
    let (private, public) = (args.out.with_extension("key.pem"), args.out.with_extension("pub.pem"));
    [&private, &public].into_iter().try_for_each(|path| absent(path, output))?;
    let (secret, open) = signing::new_keys().map_err(|why| {
        output.error(&why, None);
        Exit::Internal
    })?;
    files::write_private(&private, secret.as_bytes(), output)?;
    files::write(&public, open.as_bytes(), output)?;
    output.note(&format!("private  {}  signs: keep it where only the signatory reads it", private.display()));
    output.note(&format!("public   {}  checks: give it to every member", public.display()));
    Ok(Exit::Fine)
}

/// A key that is lost cannot be made again.
fn absent(path: &Path, output: &Output) -> Result<(), Exit> {
    if path.exists() {
        output.error(
            &format!("{} is there already", path.display()),
            Some("choose another name with --out, or move it away"),
        );
        return Err(Exit::Usage);
    }
    Ok(())
}
