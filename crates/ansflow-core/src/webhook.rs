//! What a forge says when somebody pushes, and whether a pipeline starts for it.
//!
//! A delivery comes in as the bytes of its body, whose signature somebody else has checked, and the name of its event.
//! Only pushes to branches start anything. Requests to merge do not: what a stranger proposes runs nowhere, and so
//! never beside a secret.

pub mod address;
mod bounded;
mod filters;
mod generic;
mod payload;

#[cfg(test)]
mod tests;

use serde_json::{Map, Value as Json};

pub use filters::{Verdict, verdict};

/// Who sends deliveries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// github.com, and GitHub Enterprise.
    Github,
    /// GitLab.
    Gitlab,
    /// Gitea, and Forgejo.
    Gitea,
    /// Gitee.
    Gitee,
    /// A program of one's own.
    Generic,
}

impl Source {
    /// The word of the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Source::Github => "github",
            Source::Gitlab => "gitlab",
            Source::Gitea => "gitea",
            Source::Gitee => "gitee",
            Source::Generic => "generic",
        }
    }

    /// The forge of this name; a program of one's own is none.
    #[must_use]
    pub fn forge(name: &str) -> Option<Source> {
        [Source::Github, Source::Gitlab, Source::Gitea, Source::Gitee].into_iter().find(|forge| forge.as_str() == name)
    }
}

/// What a delivery says.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    /// Somebody pushed, or a program asks for the same.
    Push(Box<Push>),
    /// Something that starts nothing, and why.
    Other(String),
}

/// A push.
#[derive(Debug, Clone, PartialEq)]
pub struct Push {
    /// Name of the repository, such as `octo/shop`; empty where none is named.
    pub repository: String,
    /// Where it can be cloned from, HTTPS first.
    pub addresses: Vec<String>,
    /// What was pushed.
    pub target: Target,
    /// Where it stands now, as a hexadecimal hash.
    pub commit: Option<String>,
    /// Where it stood before; none: it is new.
    pub before: Option<String>,
    /// It is there no more.
    pub deleted: bool,
    /// Files that were added, changed or removed, sorted; none: not known.
    pub changed_paths: Option<Vec<String>>,
    /// The message of the last commit.
    pub message: String,
    /// Who pushed; empty where nobody is named.
    pub sender: String,
    /// Variables for the run, from a program of one's own.
    pub variables: Map<String, Json>,
}

/// What a push moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A branch.
    Branch(String),
    /// A tag.
    Tag(String),
    /// A program of one's own named none.
    Unnamed,
    /// Something of the forge's own, such as `refs/notes/commits`.
    Elsewhere(String),
}

/// A body that is not what its sender says it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(String);

/// Reads the body of a delivery. `event` is what its headers call it; empty where they do not.
///
/// # Errors
/// [`Unreadable`]; says what is wrong.
pub fn read(source: Source, event: &str, body: &[u8]) -> Result<Said, Unreadable> {
    match source {
        Source::Generic => generic::read(body).map(|push| Said::Push(Box::new(push))),
        Source::Github | Source::Gitlab | Source::Gitea | Source::Gitee => payload::read(source, event, body),
    }
}

impl Push {
    /// The branch that was pushed.
    #[must_use]
    pub fn branch(&self) -> Option<&str> {
        match &self.target {
            Target::Branch(name) => Some(name),
            Target::Tag(_) | Target::Unnamed | Target::Elsewhere(_) => None,
        }
    }

    /// Why no pipeline at all starts for it.
    #[must_use]
    pub fn starts_nothing(&self) -> Option<String> {
        match &self.target {
            Target::Tag(name) => return Some(format!("`{name}` is a tag, and only branches start pipelines")),
            Target::Elsewhere(name) => return Some(format!("`{name}` is no branch")),
            Target::Branch(name) if self.deleted => return Some(format!("the branch `{name}` was deleted")),
            Target::Branch(_) | Target::Unnamed => {}
        }
        let message = self.message.to_ascii_lowercase();
        let asked = ["[skip ci]", "[ci skip]"].into_iter().find(|words| message.contains(words));
        asked.map(|words| format!("the last commit says `{words}`"))
    }
}
