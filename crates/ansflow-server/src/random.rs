//! What nobody can guess, and the form in which it is remembered.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// 62^43 is more than 2^256.
const TOKEN_CHARS: usize = 43;
const CHECK_CHARS: usize = 6;

/// 256 random bits for a cookie.
pub(crate) fn session() -> String {
    URL_SAFE_NO_PAD.encode(bytes())
}

/// An API token: 256 random bits, and a check so that scanners of leaked secrets know it for one.
pub(crate) fn token() -> String {
    let body = base62(&bytes(), TOKEN_CHARS);
    let check = base62(&crc32(body.as_bytes()).to_be_bytes(), CHECK_CHARS);
    format!("ansf_{body}{check}")
}

/// What is stored of either.
pub(crate) fn fingerprint(secret: &str) -> String {
    Sha256::digest(secret).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes() -> [u8; 32] {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the system gives randomness");
    bytes
}

/// A number, most significant byte first, in so many digits.
fn base62(number: &[u8], digits: usize) -> String {
    let mut number = number.to_vec();
    let mut text = vec![b'0'; digits];
    for digit in text.iter_mut().rev() {
        let mut rest = 0_usize;
        for byte in &mut number {
            let value = rest * 256 + usize::from(*byte);
            *byte = u8::try_from(value / 62).expect("the rest is below 62, so the quotient is below 256");
            rest = value % 62;
        }
        *digit = BASE62[rest];
    }
    text.into_iter().map(char::from).collect()
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
    !bytes.iter().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_long_plain_and_never_the_same() {
        let (one, two) = (token(), token());
        assert_ne!(one, two);
        assert_eq!(one.len(), 5 + TOKEN_CHARS + CHECK_CHARS);
        assert!(one.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'));
    }

    #[test]
    fn digits_and_checks_are_those_of_everybody_else() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(base62(&[0xFF; 4], 6), "4gfFC3");
        assert_eq!(base62(&[0; 32], 43), "0".repeat(43));
    }
}
