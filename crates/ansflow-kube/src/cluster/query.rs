//! What is asked for of a kind: which of its objects, and how many at once.

use crate::kind::encoded;

/// Which objects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selector {
    /// `app=web,tier!=cache`; everything where it is empty.
    pub labels: String,
    /// `metadata.name=web`; everything where it is empty.
    pub fields: String,
}

impl Selector {
    /// Every object.
    #[must_use]
    pub fn all() -> Selector {
        Selector::default()
    }

    /// Those with labels.
    #[must_use]
    pub fn labels(labels: impl Into<String>) -> Selector {
        Selector { labels: labels.into(), fields: String::new() }
    }

    /// The one of a name.
    #[must_use]
    pub fn name(name: &str) -> Selector {
        Selector { labels: String::new(), fields: format!("metadata.name={name}") }
    }
}

/// Which part of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// How many at most; as many as there are where it is 0.
    pub limit: u32,
    /// Where the last page ended: its [`Listed::next`].
    pub after: Option<String>,
}

impl Page {
    /// The first so many.
    #[must_use]
    pub fn first(limit: u32) -> Page {
        Page { limit, after: None }
    }
}

/// A page of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed<T> {
    /// Its objects.
    pub items: Vec<T>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
    /// How many are on later pages, where the cluster says so.
    pub remaining: Option<u64>,
    /// The version of the list, from which it can be watched.
    pub version: String,
}

/// A query of a path, `?` included.
#[derive(Default)]
pub(super) struct Query(String);

impl Query {
    pub(super) fn of(selector: &Selector) -> Query {
        let mut query = Query::default();
        query.put_some("labelSelector", &selector.labels);
        query.put_some("fieldSelector", &selector.fields);
        query
    }

    pub(super) fn put(&mut self, name: &str, value: &str) {
        self.0.push(if self.0.is_empty() { '?' } else { '&' });
        self.0.push_str(name);
        self.0.push('=');
        self.0.push_str(&encoded(value));
    }

    /// Unless there is nothing to say.
    pub(super) fn put_some(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.put(name, value);
        }
    }

    pub(super) fn page(&mut self, page: &Page) {
        if page.limit > 0 {
            self.put("limit", &page.limit.to_string());
        }
        self.put_some("continue", page.after.as_deref().unwrap_or_default());
    }

    pub(super) fn on(&self, path: &str) -> String {
        format!("{path}{}", self.0)
    }
}
