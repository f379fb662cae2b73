//! A bearer token.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::refused::Refused;
use crate::access::Auth;

/// The longest token, in bytes; headers have no room for more.
const LONGEST: usize = 16 * 1024;

/// A token, as it is sent in a header.
///
/// # Errors
/// When it could not be, or is not the token itself.
pub fn token(text: &str) -> Result<Auth, Refused> {
    let refuse = |why: &str| Refused::new("token", why);
    let token = text.trim();
    let making = "make one: `kubectl create token NAME --duration 8760h`";
    if token.is_empty() {
        return Err(refuse("the token is empty").help(making));
    }
    if token.len() > LONGEST {
        return Err(refuse("the token is longer than 16 KiB, which no server takes"));
    }
    if token.contains(char::is_whitespace) {
        let why = "the token has spaces or several lines in it";
        return Err(refuse(why).help("give the token alone, without `Bearer` and without line breaks"));
    }
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(refuse("the token has characters that no header can carry"));
    }
    // What `kubectl get secret -o yaml` shows.
    let decoded = STANDARD.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok()).map(Zeroizing::new);
    if decoded.is_some_and(|text| text.starts_with("eyJ") && text.split('.').count() == 3) {
        return Err(refuse("the token is still Base64, as a Secret's data is").help("decode it first: `… | base64 -d`"));
    }
    Ok(Auth::Token(Zeroizing::new(token.to_owned())))
}
