//! Registry, project, image and tag, put together as users mean it.

use super::reference::Written;
use super::refused::shown;
use super::{Address, LATEST, Reference, Refused, parts};

/// The name of an image in a registry, with a tag: the image's own, else `tag`, else `latest`.
///
/// - A bare image gets the registry's host and path and the project in front, each only where it does not already begin
///   with them: `team/shop` in project `team` is not `team/team/shop`.
/// - An image that already starts with the registry's host keeps it and all that follows. A project between the two is
///   put in where there is none; another one than the project that is asked for is refused.
/// - An image of another registry moves: its host is replaced, and its project where one is given.
///
/// # Errors
/// Why one of the parts, or what would come of them, is no name.
pub fn join(
    registry: Option<&Address>,
    project: Option<&str>,
    image: &str,
    tag: Option<&str>,
) -> Result<Reference, Refused> {
    let written = Written::parse(image)?;
    let project = project.map(|project| project.trim_matches('/')).filter(|project| !project.is_empty());
    if let Some(project) = project {
        check_project(project)?;
    }
    let path = match (&written.host, registry) {
        (Some(host), Some(registry)) if host != registry.host() => moved(registry, project, &written.path),
        (Some(host), _) => kept(host, project, &written.path)?,
        (None, Some(registry)) => {
            let path = behind(registry.path(), &written.path);
            under(registry.path(), &under(project.unwrap_or_default(), path))
        }
        (None, None) => under(project.unwrap_or_default(), &written.path),
    };
    let host = registry.map(|registry| registry.host().to_owned()).or(written.host);
    // A digest says which bytes; a tag that comes from elsewhere would say something else.
    let given = tag.filter(|tag| written.digest.is_none() && !tag.is_empty());
    let reference = Written { host, path, ..written }.measured()?.meant();
    match (reference.tag(), given) {
        (None, Some(tag)) => reference.with_tag(tag),
        (None, None) if reference.digest().is_none() => reference.with_tag(LATEST),
        (Some(_), _) | (None, None) => Ok(reference),
    }
}

pub(super) fn check_project(project: &str) -> Result<(), Refused> {
    parts::path(project).map_err(|refused| {
        let reason = format!("`{}` is no name of a project", shown(project));
        let reason = refused.reason.split_once(": ").map_or(reason.clone(), |(_, why)| format!("{reason}: {why}"));
        Refused::new(reason).instead(parts::tamed_path(project))
    })
}

/// The path of an image that already names the registry.
fn kept(host: &str, project: Option<&str>, path: &str) -> Result<String, Refused> {
    match (project, path.split_once('/')) {
        (None, _) => Ok(path.to_owned()),
        (Some(project), None) => Ok(under(project, path)),
        (Some(project), Some(_)) if begins(path, project) => Ok(path.to_owned()),
        (Some(project), Some((other, _))) => {
            let last = path.rsplit('/').next().unwrap_or(path);
            let message =
                format!("image `{host}/{}` names project `{other}`, and `project` says `{project}`", shown(path));
            Err(Refused::new(message).instead(Some(format!("{host}/{project}/{last}"))))
        }
    }
}

/// The path of an image of another registry.
fn moved(registry: &Address, project: Option<&str>, path: &str) -> String {
    let path = match project {
        Some(project) if begins(path, project) => path.to_owned(),
        Some(project) => under(project, path.split_once('/').map_or(path, |(_, rest)| rest)),
        None => path.to_owned(),
    };
    under(registry.path(), behind(registry.path(), &path))
}

fn begins(path: &str, with: &str) -> bool {
    path.strip_prefix(with).is_some_and(|rest| rest.starts_with('/'))
}

/// What is left of a path behind a prefix that it may have.
fn behind<'p>(prefix: &str, path: &'p str) -> &'p str {
    match path.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('/')) {
        Some(rest) if !prefix.is_empty() => rest,
        Some(_) | None => path,
    }
}

/// A path with a prefix in front, where it has not got it.
fn under(prefix: &str, path: &str) -> String {
    match prefix.is_empty() || begins(path, prefix) {
        true => path.to_owned(),
        false => format!("{prefix}/{path}"),
    }
}
