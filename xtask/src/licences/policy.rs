//! The part of `deny.toml` that is checked without cargo-deny.

use toml::{Table, Value};

use crate::Result;

/// What is allowed.
pub(super) struct Policy {
    licences: Vec<String>,
    /// Name and reason.
    bans: Vec<(String, String)>,
    registries: Vec<String>,
}

impl Policy {
    /// Reads cargo-deny's format.
    pub(super) fn parse(text: &str) -> Result<Policy> {
        let table: Table = text.parse()?;
        let list = |section: &str, key: &str| -> Result<&Vec<Value>> {
            let found = table.get(section).and_then(|section| section.get(key)).and_then(Value::as_array);
            found.ok_or_else(|| format!("no list `{key}` under [{section}] in deny.toml").into())
        };
        let words = |list: &[Value]| list.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        let word = |ban: &Value, key: &str| ban.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        Ok(Policy {
            licences: words(list("licenses", "allow")?),
            bans: list("bans", "deny")?.iter().map(|ban| (word(ban, "crate"), word(ban, "reason"))).collect(),
            registries: words(list("sources", "allow-registry")?),
        })
    }

    /// Why a crate may not be used.
    pub(super) fn ban(&self, name: &str) -> Option<&str> {
        self.bans.iter().find(|(banned, _)| banned == name).map(|(_, reason)| reason.as_str())
    }

    /// Whether a crate may come from there.
    pub(super) fn knows(&self, source: Option<&str>) -> bool {
        let registry = source.and_then(|source| source.strip_prefix("registry+"));
        registry.is_some_and(|registry| self.registries.iter().any(|known| known == registry))
    }

    /// Whether an SPDX expression leaves us a licence that is allowed. `OR` gives a choice, `AND` does not.
    pub(super) fn allows(&self, expression: &str) -> bool {
        let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
        let words: Vec<&str> = spaced.split_whitespace().collect();
        let mut rest = words.as_slice();
        self.any(&mut rest) && rest.is_empty()
    }

    fn any(&self, rest: &mut &[&str]) -> bool {
        let mut allowed = self.all(rest);
        while take(rest, "OR") {
            allowed |= self.all(rest);
        }
        allowed
    }

    fn all(&self, rest: &mut &[&str]) -> bool {
        let mut allowed = self.one(rest);
        while take(rest, "AND") {
            allowed &= self.one(rest);
        }
        allowed
    }

    fn one(&self, rest: &mut &[&str]) -> bool {
        if take(rest, "(") {
            let allowed = self.any(rest);
            return take(rest, ")") && allowed;
        }
        let Some((licence, after)) = rest.split_first() else { return false };
        *rest = after;
        let mut name = (*licence).to_owned();
        if take(rest, "WITH") {
            let Some((exception, after)) = rest.split_first() else { return false };
            *rest = after;
            name = format!("{name} WITH {exception}");
        }
        self.licences.contains(&name)
    }
}

fn take(rest: &mut &[&str], word: &str) -> bool {
    let found = rest.first() == Some(&word);
    if found {
        *rest = &rest[1..];
    }
    found
}
