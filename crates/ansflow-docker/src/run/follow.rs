//! A container that runs: its output, and how it ended.

use std::pin::Pin;
use std::time::Duration;

use bollard::container::LogOutput;
use bollard::errors::Error as Theirs;
use bollard::models::ContainerState;
use bollard::query_parameters::{LogsOptionsBuilder, WaitContainerOptionsBuilder};
use futures_util::{Stream as Futures, StreamExt};

use super::output::{OnOutput, Position, Rest, Stream};
use super::short;
use crate::daemon::Daemon;
use crate::error::{Error, Result, said};

/// A container's output ends so much before the container, at most.
const CLOSING: Duration = Duration::from_secs(2);

type Output = Pin<Box<dyn Futures<Item = std::result::Result<LogOutput, Theirs>> + Send>>;

/// A container that was started, with its output. It runs on when this is dropped.
pub struct Running {
    id: String,
    output: Output,
}

/// How a container ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// Its exit code; 137 when it was killed.
    pub code: i64,
    /// Whether it was killed because it used more memory than it was given.
    pub out_of_memory: bool,
    /// The daemon's words, where it had to say something about the end.
    pub error: Option<String>,
    /// When it started, in RFC 3339.
    pub started_at: Option<String>,
    /// When it ended, in RFC 3339.
    pub finished_at: Option<String>,
}

impl Running {
    pub(super) fn new(id: String, output: Output) -> Running {
        Running { id, output }
    }

    /// The container's id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Hands on the output until the container ends. `position` says at any time how far it came, so that who drops this
    /// can go on with [`follow`].
    pub async fn wait(
        mut self,
        daemon: &Daemon,
        position: &mut Position,
        on_output: &mut OnOutput<'_>,
    ) -> Result<Ended> {
        let whole = hand_on(&mut self.output, &mut Rest::after(Position::default()), position, on_output).await;
        match (whole, state(daemon, &self.id).await?) {
            (Ok(()), Some(ended)) => Ok(ended),
            (Ok(()), None) => match tokio::time::timeout(CLOSING, wait(daemon, &self.id)).await {
                Ok(ended) => ended,
                // The container closed its output and runs on, or the connection broke without a word.
                Err(_) => follow(daemon, &self.id, position, on_output).await,
            },
            (Err(_), _) => follow(daemon, &self.id, position, on_output).await,
        }
    }
}

/// Attaches to a container that runs or has ended: its output from `position` on, until it ends.
pub async fn follow(daemon: &Daemon, id: &str, position: &mut Position, on_output: &mut OnOutput<'_>) -> Result<Ended> {
    let options = LogsOptionsBuilder::default().follow(true).stdout(true).stderr(true).tail("all").build();
    let mut logs: Output = Box::pin(daemon.docker.logs(id, Some(options)));
    let mut rest = Rest::after(*position);
    hand_on(&mut logs, &mut rest, position, on_output).await.map_err(|error| lost(error, id))?;
    wait(daemon, id).await
}

/// How a container ended; none while it runs.
pub async fn state(daemon: &Daemon, id: &str) -> Result<Option<Ended>> {
    let found = daemon.docker.inspect_container(id, None).await.map_err(|error| lost(error, id))?;
    let state = found.state.unwrap_or_default();
    let runs = state.running == Some(true) || state.restarting == Some(true);
    Ok((!runs).then(|| ended(state)))
}

async fn wait(daemon: &Daemon, id: &str) -> Result<Ended> {
    let options = WaitContainerOptionsBuilder::default().condition("not-running").build();
    let mut waiting = Box::pin(daemon.docker.wait_container(id, Some(options)));
    match waiting.next().await {
        // bollard calls an exit code that is not 0 an error; the whole state says more than either.
        Some(Ok(_) | Err(Theirs::DockerContainerWaitError { .. })) | None => {}
        Some(Err(error)) => return Err(lost(error, id)),
    }
    let unfinished = || Error::DaemonLost {
        doing: format!("waiting for the container {}", short(id)),
        why: "the wait ended and the container did not".to_owned(),
    };
    state(daemon, id).await?.ok_or_else(unfinished)
}

async fn hand_on(
    output: &mut Output,
    rest: &mut Rest,
    position: &mut Position,
    on_output: &mut OnOutput<'_>,
) -> std::result::Result<(), Theirs> {
    while let Some(part) = output.next().await {
        let (stream, bytes) = match &part? {
            LogOutput::StdOut { message } | LogOutput::Console { message } => (Stream::Stdout, message.clone()),
            LogOutput::StdErr { message } => (Stream::Stderr, message.clone()),
            LogOutput::StdIn { .. } => continue,
        };
        let new = rest.of(stream, &bytes);
        if !new.is_empty() {
            position.advance(stream, new);
            on_output(stream, new);
        }
    }
    Ok(())
}

fn ended(state: ContainerState) -> Ended {
    Ended {
        code: state.exit_code.unwrap_or(-1),
        out_of_memory: state.oom_killed == Some(true),
        error: state.error.filter(|error| !error.is_empty()),
        started_at: state.started_at,
        finished_at: state.finished_at,
    }
}

fn lost(error: Theirs, id: &str) -> Error {
    match said(error) {
        (Some(404 | 409), why) if why.contains("o such container") || why.contains("dead or marked") => {
            Error::NoContainer { id: id.to_owned() }
        }
        (Some(_), why) => Error::DaemonRefused { doing: format!("to follow the container {}", short(id)), why },
        (None, why) => Error::DaemonLost { doing: format!("following the container {}", short(id)), why },
    }
}
