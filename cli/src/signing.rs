//! Ed25519 signatures over files, in the forms that other tools read: keys as PEM (RFC 8410), signatures as their 64 bytes in a file
//! of their own. OpenSSL makes and checks both.

use std::path::{Path, PathBuf};

use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePrivateKey, EncodePublicKey};
use ed25519_dalek::{SECRET_KEY_LENGTH, Signature, Signer as _, SigningKey, VerifyingKey};

/// A new pair of keys as PEM: the private one, and the public one.
///
/// # Errors
/// Where the system has no random numbers to give, in words.
pub fn new_keys() -> Result<(String, String), String> {
    let mut secret = [0_u8; SECRET_KEY_LENGTH];
    getrandom::fill(&mut secret).map_err(|error| format!("the system gives no random numbers: {error}"))?;
    let key = SigningKey::from_bytes(&secret);
    let private = key.to_pkcs8_pem(LineEnding::LF).map_err(|error| error.to_string())?;
    let public = key.verifying_key().to_public_key_pem(LineEnding::LF).map_err(|error| error.to_string())?;
    Ok((private.to_string(), public))
}

/// The signature over bytes by the private key in a PEM text.
///
/// # Errors
/// What is wrong with the key, in words.
pub fn sign(private: &str, bytes: &[u8]) -> Result<[u8; 64], String> {
    let key = SigningKey::from_pkcs8_pem(private.trim()).map_err(|_| {
        "this is not an Ed25519 private key in PEM, as `concord keygen` and `openssl genpkey -algorithm ed25519` make it".to_owned()
    })?;
    Ok(key.sign(bytes).to_bytes())
}

/// Checks a signature over bytes with the public key in a PEM text.
///
/// # Errors
/// Why it does not hold, in words.
pub fn check(public: &str, bytes: &[u8], signature: &[u8]) -> Result<(), String> {
    let key = verifying(public)?;
    let signature = Signature::from_slice(signature).map_err(|_| "the signature is not 64 bytes long".to_owned())?;
    let held = key.verify_strict(bytes, &signature);
    held.map_err(|_| "the signature was not made with this key over this file: one of the three was changed".to_owned())
}

/// Whether a PEM text is a public key.
///
/// # Errors
/// That it is none, in words.
pub fn is_public_key(public: &str) -> Result<(), String> {
    verifying(public).map(|_| ())
}

fn verifying(public: &str) -> Result<VerifyingKey, String> {
    VerifyingKey::from_public_key_pem(public.trim()).map_err(|_| {
        "this is not an Ed25519 public key in PEM, as `concord keygen` and `openssl pkey -pubout` make it".to_owned()
    })
}

/// Where the signature over a file stands: beside it, with `.sig` at the end.
#[must_use]
pub fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".sig");
    PathBuf::from(name)
}
