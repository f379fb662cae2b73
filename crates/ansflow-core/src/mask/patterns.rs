//! The forms in which a secret is likely to be printed.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::SHORTEST;

/// Pieces of base64 of fewer characters would mask ordinary words.
const SHORTEST_BASE64: usize = 6;
/// Where `base64` and PEM break their lines.
const LINES: [usize; 2] = [76, 64];

/// All forms of all secrets, sorted, each once.
pub(super) fn all(secrets: &[&str]) -> Vec<Vec<u8>> {
    let mut forms = BTreeSet::new();
    for secret in secrets {
        whole(secret, &mut forms);
        // A file of one line ends with a line feed that nobody prints with it.
        let trimmed = secret.trim();
        if trimmed.len() < secret.len() && is_long(trimmed) {
            whole(trimmed, &mut forms);
        }
        if secret.contains('\n') {
            forms
                .extend(secret.lines().map(str::trim).filter(|line| is_long(line) && !is_trivial(line)).map(Vec::from));
        }
    }
    forms.into_iter().collect()
}

fn whole(secret: &str, forms: &mut BTreeSet<Vec<u8>>) {
    let mut add = |form: String| forms.insert(form.into_bytes());
    add(secret.to_owned());
    add(secret.replace('\'', r"'\''"));
    add(json(secret));
    add(url(secret, "%20", |byte| format!("%{byte:02X}")));
    add(url(secret, "%20", |byte| format!("%{byte:02x}")));
    add(url(secret, "+", |byte| format!("%{byte:02X}")));
    add(url(secret, "+", |byte| format!("%{byte:02x}")));
    add(secret.bytes().map(|byte| format!("{byte:02x}")).collect());
    add(secret.bytes().map(|byte| format!("{byte:02X}")).collect());
    for base64 in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
        let alone = base64.encode(secret);
        let padding = "=".repeat((4 - alone.len() % 4) % 4);
        for line in LINES.into_iter().filter(|line| alone.len() > *line) {
            for piece in alone.as_bytes().chunks(line).filter(|piece| piece.len() >= SHORTEST_BASE64) {
                add(String::from_utf8_lossy(piece).into_owned());
            }
        }
        add(format!("{alone}{padding}"));
        add(alone);
        for before in 0..3 {
            let inner = inside(&base64, before, secret);
            if inner.len() >= SHORTEST_BASE64 {
                add(inner);
            }
        }
    }
}

/// The characters of the secret's base64 that do not depend on its neighbours, when it begins so many bytes after a
/// group of three.
fn inside(base64: &impl Engine, before: usize, secret: &str) -> String {
    let bytes = [&[0; 2][..before], secret.as_bytes()].concat();
    // A character holds six bits: the first whole one after the neighbour's, up to the last whole one.
    let (start, end) = ((before * 8).div_ceil(6), bytes.len() * 8 / 6);
    base64.encode(bytes)[start..end].to_owned()
}

fn json(secret: &str) -> String {
    let quoted = serde_json::Value::from(secret).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

fn url(secret: &str, space: &str, escape: impl Fn(u8) -> String) -> String {
    let one = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        b' ' => space.to_owned(),
        _ => escape(byte),
    };
    secret.bytes().map(one).collect()
}

fn is_long(text: &str) -> bool {
    text.chars().count() >= SHORTEST
}

/// Lines that stand in every file of their kind.
fn is_trivial(line: &str) -> bool {
    let frame = line.starts_with("-----BEGIN ") || line.starts_with("-----END ");
    frame || line.chars().all(|c| "{}[]()<>-=_*#,;:.\"'".contains(c))
}
