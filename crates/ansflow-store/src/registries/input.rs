//! What a registry is to be.

use ansflow_core::image::Address;

use super::{DEFAULT, Kind};
use crate::error::Invalid;

/// The longest name, in characters.
const NAME_MAX: usize = 100;

/// What a registry is to be.
#[derive(Clone, Copy)]
pub struct Input<'i> {
    /// As [`check_name`] takes it.
    pub name: &'i str,
    /// Whose it is.
    pub kind: Kind,
    /// Where it is, and whether it may do without TLS.
    pub address: &'i Address,
    /// Who signs in; empty: nobody, and a stored password is forgotten.
    pub username: &'i str,
    /// Their password; none keeps the stored one, an empty one forgets it.
    pub password: Option<&'i str>,
}

/// Whether a registry may be called this.
///
/// # Errors
/// What is wrong with it.
pub fn check_name(name: &str) -> Result<(), Invalid> {
    let refuse = |why: String| Err(Invalid::new("name", why));
    if name.trim().is_empty() || name.trim() != name || name.chars().count() > NAME_MAX {
        return refuse(format!("a registry's name has 1 to {NAME_MAX} characters, with no space at its ends"));
    }
    // Steps name it, and in their texts braces are holes.
    if name.contains(char::is_control) || name.contains(['{', '}']) {
        return refuse("a registry's name is one line, with no braces".to_owned());
    }
    if name == DEFAULT {
        return refuse(format!("`{DEFAULT}` is what steps call the default registry, whichever that is"));
    }
    if name.starts_with("reg_") {
        return refuse("names that begin with `reg_` are ids".to_owned());
    }
    Ok(())
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 6] = [Kind::DockerHub, Kind::Private, Kind::Harbor, Kind::Ecr, Kind::Gcr, Kind::Acr];

    /// Its word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::DockerHub => "dockerhub",
            Kind::Private => "private",
            Kind::Harbor => "harbor",
            Kind::Ecr => "ecr",
            Kind::Gcr => "gcr",
            Kind::Acr => "acr",
        }
    }

    /// What this word means.
    #[must_use]
    pub fn of(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == word)
    }
}

impl std::fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Input { name, kind, address, username, password: _ } = self;
        write!(f, "Input({name:?}, {kind:?}, {address}, {username:?}, [hidden])")
    }
}

#[cfg(test)]
mod tests {
    use super::check_name;

    #[test]
    fn a_name_is_something_that_a_step_can_say() {
        for good in ["harbor", "1", "团队仓库", "registry.example.com:5000", "a b"] {
            assert_eq!(check_name(good), Ok(()), "{good}");
        }
        for bad in ["", " ", " a", "a\nb", "a\0b", "{{ x }}", "default", "reg_1", &"x".repeat(101)] {
            assert_eq!(check_name(bad).unwrap_err().field, "name", "{bad:?}");
        }
    }
}
