//! The token that callers show. Only its hash is kept, and two hashes are compared in the same time whatever they are.

use sha2::{Digest as _, Sha256};

/// The hash of a token.
#[derive(Clone)]
pub struct Token([u8; 32]);

/// The fewest characters a token may have: 128 bits, where they are random and hexadecimal.
pub const FEWEST: usize = 32;

impl Token {
    /// That of a text, without the blanks around it.
    ///
    /// # Errors
    /// Where it is too short to be one.
    pub fn of(text: &str) -> Result<Token, String> {
        let text = text.trim();
        if text.len() < FEWEST || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(format!("a token has at least {FEWEST} characters of ASCII, without blanks"));
        }
        Ok(Token(Sha256::digest(text).into()))
    }

    /// Whether a header shows it.
    #[must_use]
    pub fn is_shown(&self, header: Option<&[u8]>) -> bool {
        let Some((scheme, shown)) = header.and_then(|header| header.split_at_checked(7)) else { return false };
        let hash: [u8; 32] = Sha256::digest(shown.trim_ascii()).into();
        let differ = hash.iter().zip(&self.0).fold(0, |all, (a, b)| all | (a ^ b));
        scheme.eq_ignore_ascii_case(b"bearer ") && differ == 0
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token")
    }
}
