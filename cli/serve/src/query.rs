//! The query of an address, read strictly: what a route does not have is refused, so that a misspelt `version` does not go unnoticed.

use axum::extract::Request;
use axum::http::Uri;
use axum::middleware::Next;

use crate::problem::QUERY;
use crate::reply::Reply;

/// The values of these names, in their order.
///
/// # Errors
/// Another name, one that occurs twice, or what is no UTF-8.
pub fn read<const N: usize>(uri: &Uri, names: [&str; N]) -> Result<[Option<String>; N], Box<Reply>> {
    let refuse = |why: &str| Box::new(QUERY.because(why));
    let mut values = [const { None }; N];
    // An address without a query asks for nothing.
    for pair in uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (Some(name), Some(value)) = (decoded(name), decoded(value)) else {
            return Err(refuse("it is not percent-encoded UTF-8"));
        };
        let place = names.iter().position(|known| *known == name);
        let Some(place) = place.and_then(|place| values.get_mut(place)) else {
            let all = if N == 0 { "none".to_owned() } else { names.join(", ") };
            return Err(refuse(&format!("this route has: {all}")));
        };
        if place.is_some() {
            return Err(refuse("a name occurs twice"));
        }
        *place = Some(value);
    }
    Ok(values)
}

/// Lets a request through whose route has no query, where it has none.
pub async fn none(request: Request, next: Next) -> Reply {
    match read(request.uri(), []) {
        Ok([]) => next.run(request).await,
        Err(reply) => *reply,
    }
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            b'+' => b' ',
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}
