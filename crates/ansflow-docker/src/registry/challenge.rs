//! `WWW-Authenticate`: how a registry wants to be told who asks.

use std::collections::BTreeMap;

/// What a registry asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Challenge {
    /// Name and password with each request.
    Basic,
    /// A token, made somewhere else for name and password.
    Bearer {
        /// Where it is made.
        realm: String,
        /// For whom.
        service: Option<String>,
    },
}

impl Challenge {
    /// Reads the header's values; a token is preferred, as Docker prefers it.
    pub(super) fn read<'h>(headers: impl Iterator<Item = &'h str>) -> Option<Challenge> {
        let mut found: Vec<Challenge> = headers.filter_map(one).collect();
        found.sort_by_key(|challenge| matches!(challenge, Challenge::Basic));
        found.into_iter().next()
    }
}

fn one(header: &str) -> Option<Challenge> {
    let (scheme, rest) = header.trim().split_once(' ').unwrap_or((header.trim(), ""));
    match scheme.to_ascii_lowercase().as_str() {
        "basic" => Some(Challenge::Basic),
        "bearer" => {
            let mut values = parameters(rest);
            Some(Challenge::Bearer { realm: values.remove("realm")?, service: values.remove("service") })
        }
        _ => None,
    }
}

/// `name="value",other="with, a comma"`.
fn parameters(mut text: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    while let Some((name, rest)) = text.split_once('=') {
        let (value, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => rest.split_once(',').unwrap_or((rest, "")),
        };
        found.insert(name.trim().trim_start_matches(',').trim().to_ascii_lowercase(), value.to_owned());
        text = after.trim_start_matches([',', ' ']);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenges_are_read_with_commas_in_their_values() {
        let header = r#"Bearer realm="https://auth.example/token",service="registry, the one",scope="a:b:c,d""#;
        let bearer = Challenge::Bearer {
            realm: "https://auth.example/token".to_owned(),
            service: Some("registry, the one".to_owned()),
        };
        assert_eq!(Challenge::read(["Basic realm=\"x\"", header].into_iter()), Some(bearer));
        assert_eq!(Challenge::read(["basic"].into_iter()), Some(Challenge::Basic));
        assert_eq!(Challenge::read(["Negotiate", "Bearer nothing", ""].into_iter()), None);
    }
}
