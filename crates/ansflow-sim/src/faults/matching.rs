//! Where a rule holds.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Where a rule holds: everything that is said must be so; what is not said is anything. A `*` stands for any text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Match {
    pub(crate) namespace: String,
    pub(crate) pod: String,
    pub(crate) container: String,
    pub(crate) image: String,
    pub(crate) node: String,
    pub(crate) labels: BTreeMap<String, String>,
    /// Of requests to the API: `PATCH`.
    pub(crate) method: String,
    pub(crate) path: String,
    /// As roles name it: `list`, `watch`, `create`.
    pub(crate) verb: String,
    /// `pods`, `pods/log`, `deployments.apps`.
    pub(crate) resource: String,
    pub(crate) user: String,
    pub(crate) user_agent: String,
    /// A webhook's name.
    pub(crate) webhook: String,
}

/// A place that rules are asked about.
#[derive(Debug, Default)]
pub(crate) struct Place<'a> {
    pub(crate) namespace: &'a str,
    pub(crate) pod: &'a str,
    pub(crate) container: &'a str,
    pub(crate) image: &'a str,
    pub(crate) node: &'a str,
    pub(crate) labels: Option<&'a BTreeMap<String, String>>,
    /// The pod's own wishes.
    pub(crate) annotation: Option<&'a str>,
}

impl Match {
    pub(crate) fn matches(&self, place: &Place<'_>) -> bool {
        let pairs = [
            (&self.namespace, place.namespace),
            (&self.pod, place.pod),
            (&self.container, place.container),
            (&self.image, place.image),
            (&self.node, place.node),
        ];
        let has =
            |(name, value): (&String, &String)| place.labels.is_some_and(|labels| labels.get(name) == Some(value));
        pairs.iter().all(|(pattern, text)| pattern.is_empty() || like(pattern, text)) && self.labels.iter().all(has)
    }

    pub(crate) fn is_node(&self, node: &str) -> bool {
        !self.node.is_empty() && like(&self.node, node)
    }
}

/// Whether a text is as a pattern has it.
pub(crate) fn like(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::like;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, text, expected) in [
            ("web", "web", true),
            ("web", "web-1", false),
            ("web-*", "web-1", true),
            ("*:*nosuch*", "busybox:1.36.nosuch", true),
            ("a*b*c", "abbc", true),
            ("a*a", "a", false),
        ] {
            assert_eq!(like(pattern, text), expected, "{pattern} {text}");
        }
    }
}
