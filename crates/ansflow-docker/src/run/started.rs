//! What the daemon's words mean when a container does not come to be, or not to run.

use super::spec::Spec;
use crate::error::{Error, said};

pub(super) fn not_made(error: bollard::errors::Error, spec: &Spec, image: &str) -> Error {
    match said(error) {
        (Some(404), why) if why.contains("o such image") => Error::NoImage { image: image.to_owned() },
        (Some(409), _) if spec.name.is_some() => Error::NameTaken { name: spec.name.clone().unwrap_or_default() },
        (Some(status), why) => not_started((Some(status), why), image),
        (None, why) => Error::DaemonLost { doing: "making the container".to_owned(), why },
    }
}

pub(super) fn not_started((status, why): (Option<u16>, String), image: &str) -> Error {
    if status.is_none() {
        return Error::DaemonLost { doing: "starting the container".to_owned(), why };
    }
    let image = image.to_owned();
    let quoted = |from: &str| why.rfind(from).map(|at| why[at + from.len()..].to_owned());
    let refused = |why: String, code| Error::NotStarted { image: image.clone(), why, code };
    if why.contains("executable file not found") || (why.contains("exec:") && why.contains("no such file")) {
        return refused(
            format!("its command was not found in the image: {}", quoted("exec: ").unwrap_or(why.clone())),
            Some(127),
        );
    }
    if why.contains("exec:") && (why.contains("permission denied") || why.contains("is a directory")) {
        return refused(
            format!("its command may not be executed: {}", quoted("exec: ").unwrap_or(why.clone())),
            Some(126),
        );
    }
    if let Some(path) = quoted("bind source path does not exist: ") {
        return refused(format!("there is no `{path}` on the daemon's machine to mount"), None);
    }
    if why.contains("port is already allocated") || why.contains("address already in use") {
        return refused(format!("a port that it wants on the host is taken: {why}"), None);
    }
    if why.contains("no command specified") || why.contains("o command specified") {
        return refused("neither the image nor the step says what to run".to_owned(), None);
    }
    if why.contains("unable to find user") || why.contains("no matching entries in passwd") {
        return refused(
            format!("its user is not in the image: {}", quoted("unable to find ").unwrap_or(why.clone())),
            None,
        );
    }
    if let Some(network) = why.strip_prefix("network ").and_then(|rest| rest.strip_suffix(" not found")) {
        return refused(format!("there is no network `{network}`"), None);
    }
    if why.contains("no space left on device") {
        return refused("the daemon's disk is full".to_owned(), None);
    }
    refused(why, None)
}
