//! The body of a program of one's own: `{"branch": …, "commit": …, "paths": […], "variables": {…}}`, each if it likes.

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::payload::{checked, hash, parse, shown};
use super::{Push, Target, Unreadable};

/// Variables are kept with the run, so that a body may not be as large as a forge's.
const LARGEST: usize = 1024 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    branch: Option<String>,
    commit: Option<String>,
    paths: Option<Vec<String>>,
    #[serde(default)]
    variables: Map<String, Json>,
    #[serde(default)]
    message: String,
    #[serde(default)]
    sender: String,
}

pub(super) fn read(body: &[u8]) -> Result<Push, Unreadable> {
    if body.len() > LARGEST {
        return Err(Unreadable("the body has more than 1 MiB".to_owned()));
    }
    let body: Body = parse(if body.trim_ascii().is_empty() { b"{}" } else { body })?;
    let mut paths = body.paths;
    if let Some(paths) = &mut paths {
        paths.sort_unstable();
        paths.dedup();
    }
    Ok(Push {
        repository: String::new(),
        addresses: Vec::new(),
        target: body.branch.map(|name| checked(&name).map(Target::Branch)).transpose()?.unwrap_or(Target::Unnamed),
        commit: body.commit.map(|text| hash(&text)).transpose()?.flatten(),
        before: None,
        deleted: false,
        changed_paths: paths,
        message: body.message,
        sender: shown(&body.sender),
        variables: body.variables,
    })
}
