//! The parts of a name, each by the grammar of `distribution/reference`.

use super::refused::{Refused, shown};

/// A host with its port, in small letters.
pub(super) fn host(text: &str) -> Result<String, Refused> {
    let refuse = |why: &str| Err(Refused::new(format!("`{}` is no host of a registry: {why}", shown(text))));
    let (name, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let Some((inside, behind)) = rest.split_once(']') else { return refuse("`[` without `]`") };
            if inside.parse::<std::net::Ipv6Addr>().is_err() {
                return refuse("in `[ ]` stands an IPv6 address");
            }
            match behind.strip_prefix(':') {
                Some(port) => (format!("[{inside}]"), Some(port)),
                None if behind.is_empty() => (format!("[{inside}]"), None),
                None => return refuse("behind `]` comes a port or nothing"),
            }
        }
        None => match text.split_once(':') {
            Some((name, port)) => (name.to_owned(), Some(port)),
            None => (text.to_owned(), None),
        },
    };
    if let Some(port) = port {
        let digits = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
        if !digits || !port.parse::<u16>().is_ok_and(|port| port > 0) {
            return refuse(&format!("`{}` is no port from 1 to 65535", shown(port)));
        }
    }
    if !name.starts_with('[') {
        for label in name.split('.') {
            if label.is_empty() {
                return refuse("a part between dots is empty");
            }
            if let Some(wrong) = label.chars().find(|c| !c.is_ascii_alphanumeric() && *c != '-') {
                return refuse(&format!("`{}` cannot stand in it", shown(&wrong.to_string())));
            }
            if label.starts_with('-') || label.ends_with('-') {
                return refuse("no part of it starts or ends with `-`");
            }
        }
    }
    // Without leading zeros, so that one registry has one spelling.
    let port = port.map(|port| format!(":{}", port.trim_start_matches('0'))).unwrap_or_default();
    Ok(format!("{}{port}", name.to_ascii_lowercase()))
}

/// A path such as `team/shop`.
pub(super) fn path(text: &str) -> Result<(), Refused> {
    let shown_text = shown(text);
    let refuse = |why: &str| Err(Refused::new(format!("`{shown_text}` is no name of an image: {why}")));
    if text.is_empty() {
        return Err(Refused::new("the name of the image is empty"));
    }
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return refuse("it has upper-case letters");
    }
    for part in text.split('/') {
        if part.is_empty() {
            return refuse("a part between slashes is empty");
        }
        if part == "." || part == ".." {
            return refuse("`.` and `..` mean nothing in it");
        }
        if let Some(wrong) = part.chars().find(|c| !matches!(c, 'a'..='z' | '0'..='9' | '.' | '_' | '-')) {
            return refuse(&match wrong {
                ' ' => "it has a space in it".to_owned(),
                wrong => format!("`{}` cannot stand in it", shown(&wrong.to_string())),
            });
        }
        let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        if !part.starts_with(edge) || !part.ends_with(edge) {
            return refuse("each part starts and ends with a letter or a digit");
        }
        let separators = part.split(edge).filter(|between| !between.is_empty());
        if separators.into_iter().any(|between| !is_separator(between)) {
            return refuse("between letters stands one `.`, one or two `_`, or any number of `-`");
        }
    }
    if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return refuse("64 hexadecimal digits are an image's id");
    }
    Ok(())
}

fn is_separator(text: &str) -> bool {
    matches!(text, "." | "_" | "__") || text.bytes().all(|byte| byte == b'-')
}

/// A tag.
pub(super) fn tag(text: &str) -> Result<(), Refused> {
    let refuse = |why: &str| Err(Refused::new(format!("`{}` is no tag: {why}", shown(text))));
    if text.is_empty() {
        return Err(Refused::new("the tag is empty"));
    }
    if let Some(wrong) = text.chars().find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '.' | '-')) {
        return refuse(&match wrong {
            ' ' => "it has a space in it".to_owned(),
            '/' => "it has a `/` in it, as names of branches have".to_owned(),
            wrong => format!("`{}` cannot stand in it", shown(&wrong.to_string())),
        });
    }
    if text.starts_with(['.', '-']) {
        return refuse("it starts with a letter, a digit or `_`");
    }
    if text.len() > 128 {
        return refuse("it is longer than 128 characters");
    }
    Ok(())
}

/// A digest, such as `sha256:` and 64 digits.
pub(super) fn digest(text: &str) -> Result<(), Refused> {
    let length = match text.split_once(':').map(|(algorithm, _)| algorithm) {
        Some("sha256") => 64,
        Some("sha384") => 96,
        Some("sha512") => 128,
        Some(_) | None => 0,
    };
    let digits = text.split_once(':').map_or("", |(_, digits)| digits);
    let hexadecimal = digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if length == 0 || digits.len() != length || !hexadecimal {
        let why = "it is `sha256:` and 64 hexadecimal digits in small letters";
        return Err(Refused::new(format!("`{}` is no digest: {why}", shown(text))));
    }
    Ok(())
}

/// The nearest name that would do; none where nothing is left of it.
pub(super) fn tamed_path(text: &str) -> Option<String> {
    let parts: Vec<String> =
        text.split('/').map(|part| tamed(&part.to_ascii_lowercase())).filter(|part| !part.is_empty()).collect();
    Some(parts.join("/")).filter(|tame| path(tame).is_ok())
}

/// The nearest tag that would do.
pub(super) fn tamed_tag(text: &str) -> Option<String> {
    let tame: String = text.chars().map(|c| if tag(&format!("x{c}")).is_ok() { c } else { '-' }).take(128).collect();
    Some(tame.trim_matches(['-', '.']).to_owned()).filter(|tame| tag(tame).is_ok())
}

fn tamed(part: &str) -> String {
    let mut tame = String::new();
    for c in part.chars() {
        match c {
            'a'..='z' | '0'..='9' => tame.push(c),
            // One of them is right between any two letters.
            '.' | '_' if !tame.ends_with(['.', '_', '-']) => tame.push(c),
            '.' | '_' => {}
            _ if tame.ends_with(['.', '_', '-']) => {}
            _ => tame.push('-'),
        }
    }
    tame.trim_matches(['.', '_', '-']).to_owned()
}
