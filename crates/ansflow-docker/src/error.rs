//! What can go wrong, each in one sentence that names the cause and, where there is one, the remedy.

use std::path::PathBuf;

use crate::build::BuildFailure;
use crate::cause::Cause;
use crate::daemon::Tried;

/// The result of everything in here.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failure. Its text is for people; the variants are for those who act on them.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing answers anywhere: each place that was looked at, and why it was not that.
    #[error("no Docker daemon answers: {}", list(.tried))]
    NoDaemon {
        /// In the order of the looks.
        tried: Vec<Tried>,
    },
    /// The address of a daemon, or the context that should give one, is unusable as it stands.
    #[error("{origin} names no usable Docker daemon: {why}")]
    Address {
        /// Who said so: a variable, a file, a context.
        origin: String,
        /// What is wrong with it.
        why: String,
    },
    /// The daemon speaks only an API that is older than what is needed.
    #[error("the Docker daemon at {place} speaks API {theirs}; 1.41 (Docker 20.10) or later is needed")]
    TooOld {
        /// Its address.
        place: String,
        /// The newest API that it speaks.
        theirs: String,
    },
    /// The daemon went away, or never said anything more.
    #[error("the Docker daemon did not answer while {doing}: {why}")]
    DaemonLost {
        /// What was asked of it.
        doing: String,
        /// What the connection said.
        why: String,
    },
    /// The daemon said no.
    #[error("the Docker daemon refused {doing}: {why}")]
    DaemonRefused {
        /// What was asked of it.
        doing: String,
        /// Its own words.
        why: String,
    },
    /// A value that no request is made of.
    #[error("{what} `{value}` cannot be used: {why}")]
    Invalid {
        /// What the value is.
        what: &'static str,
        /// The value, which is never a secret.
        value: String,
        /// What is wrong with it.
        why: String,
    },
    /// The credentials of a registry could not be had.
    #[error("the credentials for {host} could not be read: {why}")]
    Credentials {
        /// The registry.
        host: String,
        /// The helper or the file, and what was wrong with it.
        why: String,
    },
    /// A file or folder of ours or the user's.
    #[error("{} could not be {verb}: {why}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Past participle: "read", "written".
        verb: &'static str,
        /// What the system said.
        why: String,
    },
    /// There is no such image at the daemon.
    #[error("the Docker daemon has no image `{image}`: build or pull it first")]
    NoImage {
        /// Its name.
        image: String,
    },
    /// There is no such container, or not any more.
    #[error("the container {} is gone", crate::run::short(.id))]
    NoContainer {
        /// Its id or name.
        id: String,
    },
    /// A container of that name is there already: attach to it, or remove it.
    #[error("there is a container named `{name}` already")]
    NameTaken {
        /// The name.
        name: String,
    },
    /// A pull or a push failed.
    #[error("the image `{image}` could not be {verb}: {}", of_transfer(.verb, .cause))]
    Transfer {
        /// The whole name of the image.
        image: String,
        /// Past participle: "pulled", "pushed".
        verb: &'static str,
        /// Why.
        cause: Cause,
    },
    /// An instruction of the Dockerfile failed, or the Dockerfile itself is wrong.
    #[error("{0}")]
    Build(Box<BuildFailure>),
    /// The build needs something that only BuildKit can do.
    #[error("{what} need BuildKit, which is not here: install docker-buildx on this machine")]
    NeedsBuildKit {
        /// What was asked for.
        what: &'static str,
    },
    /// The container was made and did not start; it was removed again.
    #[error("the container of `{image}` could not be started: {why}")]
    NotStarted {
        /// The image.
        image: String,
        /// Why, from the daemon's words.
        why: String,
        /// What a shell would have exited with: 127 for a command that is not there, 126 for one that may not run.
        code: Option<i64>,
    },
    /// A registry's own API did not do it.
    #[error("the registry {host} {cause}")]
    Registry {
        /// Its address.
        host: String,
        /// Why, as what follows its name.
        cause: Cause,
    },
    /// A command that we started did not do it.
    #[error("`{program}` {why}")]
    Program {
        /// Which.
        program: String,
        /// How it ended.
        why: String,
    },
}

impl Error {
    pub(crate) fn invalid(what: &'static str, value: impl Into<String>, why: impl Into<String>) -> Error {
        Error::Invalid { what, value: shorten(&value.into()), why: why.into() }
    }

    /// What the daemon's answer means where nothing more is known of it.
    pub(crate) fn daemon(doing: impl Into<String>, error: bollard::errors::Error) -> Error {
        let doing = doing.into();
        let (status, why) = said(error);
        match status {
            Some(_) => Error::DaemonRefused { doing, why },
            None => Error::DaemonLost { doing, why },
        }
    }

    pub(crate) fn file(path: impl Into<PathBuf>, verb: &'static str, error: &std::io::Error) -> Error {
        Error::File { path: path.into(), verb, why: error.to_string() }
    }
}

/// The daemon's words, in one line; with its status where it gave one. An error in a stream has status 0.
pub(crate) fn said(error: bollard::errors::Error) -> (Option<u16>, String) {
    use bollard::errors::Error as Theirs;
    match error {
        Theirs::DockerResponseServerError { status_code, message } => (Some(status_code), one_line(&message)),
        Theirs::DockerStreamError { error } => (Some(0), one_line(&error)),
        Theirs::RequestTimeoutError => (None, "it took too long".to_owned()),
        other => (None, one_line(&root(&other))),
    }
}

/// The last cause of an error: those above it say less.
pub(crate) fn root(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

/// A sentence has no line breaks and an end; nor what a terminal or a database would stumble over.
pub(crate) fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    shorten(&words.collect::<Vec<_>>().join(" "))
}

fn shorten(text: &str) -> String {
    const LONGEST: usize = 600;
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// Whose trouble it is, and which.
fn of_transfer(verb: &str, cause: &Cause) -> String {
    match cause {
        Cause::DiskFull if verb == "pulled" => "the Docker daemon has no space left on its disk".to_owned(),
        Cause::PlainHttp => {
            let remedy = "the Docker daemon takes that only of its `insecure-registries` (daemon.json)";
            format!("its registry speaks plain HTTP, not TLS: {remedy}")
        }
        Cause::Other(why) => why.clone(),
        _ => format!("its registry {cause}"),
    }
}

fn list(tried: &[Tried]) -> String {
    match tried {
        [] => "there is no place to look at".to_owned(),
        _ => tried.iter().map(Tried::to_string).collect::<Vec<_>>().join("; "),
    }
}
