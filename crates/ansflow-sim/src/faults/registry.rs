//! Registries that a test answers for: what they have is pulled under its own digest, and what they do not have is not found.

use std::fmt;
use std::sync::Arc;

/// Says under which digest it has an image, by the reference in full: `127.0.0.1:5000/web:1`. None: it does not have it.
type Answer = dyn Fn(&str) -> Option<String> + Send + Sync;

/// What a registry, or a part of one, has.
#[derive(Clone)]
pub(crate) struct Registry {
    /// Of which references it is asked: what they begin with.
    of: String,
    answer: Arc<Answer>,
}

impl Registry {
    pub(crate) fn new(of: &str, answer: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Registry {
        Registry { of: of.to_owned(), answer: Arc::new(answer) }
    }

    /// Whether a reference in full is one of its own.
    pub(crate) fn has_word_on(&self, full: &str) -> bool {
        full.strip_prefix(&self.of).is_some_and(|rest| rest.starts_with(['/', ':', '@']))
    }

    /// The id of an image as a runtime tells it: repository and digest.
    pub(crate) fn id(&self, full: &str) -> Option<String> {
        let digest = (self.answer)(full)?;
        let name = full.split_once('@').map_or(full, |(name, _)| name);
        let slash = name.rfind('/').map_or(0, |at| at + 1);
        let colon = name[slash..].rfind(':').map_or(name.len(), |at| slash + at);
        Some(format!("{}@{digest}", &name[..colon]))
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Registry({})", self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_is_asked_about_what_is_its_own_and_tells_the_digest() {
        let has = |full: &str| full.ends_with("/web:1").then(|| "sha256:4711".to_owned());
        let registry = Registry::new("127.0.0.1:5000", has);
        assert!(registry.has_word_on("127.0.0.1:5000/web:1") && !registry.has_word_on("127.0.0.1:50001/web:1"));
        assert_eq!(registry.id("127.0.0.1:5000/web:1").as_deref(), Some("127.0.0.1:5000/web@sha256:4711"));
        assert_eq!(registry.id("127.0.0.1:5000/web:2"), None);
    }
}
