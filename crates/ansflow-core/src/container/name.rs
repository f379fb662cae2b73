//! Names that Docker takes: of containers and networks, and who a container runs as.

use crate::catalog::Misfit;

/// The name of a container or a volume.
///
/// # Errors
/// Why it is none.
pub(crate) fn container(text: &str) -> Result<(), Misfit> {
    match is_name(text) {
        true => Ok(()),
        false => Err(Misfit::new(
            format!("`{}` is no name of a container", text.escape_debug()),
            "use two or more letters, digits, `_`, `.` and `-`, and begin with a letter or a digit",
        )),
    }
}

pub(super) fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|first| first.is_ascii_alphanumeric())
        && (2..=128).contains(&text.len())
        && chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
}

/// A network: a name, `host`, `none`, or that of another container.
///
/// # Errors
/// Why it is none.
pub(crate) fn network(text: &str) -> Result<(), Misfit> {
    match is_name(text.strip_prefix("container:").unwrap_or(text)) {
        true => Ok(()),
        false => Err(Misfit::new(
            format!("`{}` is no name of a network", text.escape_debug()),
            "write a network's name, `host`, `none` or `bridge`",
        )),
    }
}

/// A user, or user and group, by name or number.
///
/// # Errors
/// Why it is none.
pub(crate) fn user(text: &str) -> Result<(), Misfit> {
    let word = |part: &str| {
        !part.is_empty()
            && part.len() <= 64
            && !part.starts_with('-')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
    };
    let (user, group) = text.split_once(':').map_or((text, None), |(user, group)| (user, Some(group)));
    match word(user) && group.is_none_or(word) {
        true => Ok(()),
        false => Err(Misfit::new(
            format!("`{}` is no user of a container", text.escape_debug()),
            "write a user, or user and group, such as `1000:1000` or `node`",
        )),
    }
}
