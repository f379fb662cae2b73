//! Containers: made, watched, stopped, removed; and found again by their labels.

mod create;
mod follow;
mod output;
mod spec;
mod started;

use std::time::Duration;

use bollard::query_parameters::{
    ListContainersOptionsBuilder, RemoveContainerOptionsBuilder, StopContainerOptionsBuilder,
};

pub use self::create::{ensure_image, start};
pub use self::follow::{Ended, Running, follow, state};
pub use self::output::{OnOutput, Position, Stream};
pub use self::spec::{Mount, Port, Protocol, Pull, Source, Spec};
use crate::daemon::Daemon;
use crate::error::{Error, Result, said};
use crate::labels::Labels;

/// A container that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its id.
    pub id: String,
    /// Its name, without the slash.
    pub name: String,
    /// Whether it runs.
    pub is_running: bool,
    /// Its labels.
    pub labels: Labels,
}

/// The containers that carry all of these labels, running or not. No labels are no question: nothing is found.
pub async fn find(daemon: &Daemon, labels: &Labels) -> Result<Vec<Found>> {
    if labels.is_empty() {
        return Ok(Vec::new());
    }
    let wanted: Vec<String> = labels.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let options = ListContainersOptionsBuilder::default().all(true).filters(&[("label", wanted)].into());
    let listed = daemon.docker.list_containers(Some(options.build())).await;
    let listed = listed.map_err(|error| Error::daemon("listing containers", error))?;
    let found = listed.into_iter().map(|container| Found {
        id: container.id.unwrap_or_default(),
        name: container.names.unwrap_or_default().concat().trim_start_matches('/').to_owned(),
        is_running: container.state == Some(bollard::models::ContainerSummaryStateEnum::RUNNING),
        labels: container.labels.unwrap_or_default().into_iter().collect(),
    });
    // A daemon that did not understand the filter would list everything.
    let carries = |found: &Found| labels.iter().all(|(name, value)| found.labels.get(name) == Some(value));
    Ok(found.filter(carries).collect())
}

/// Asks a container to end, with its own signal, and kills it when the grace is over. One that does not run is stopped.
pub async fn stop(daemon: &Daemon, id: &str, grace: Duration) -> Result<()> {
    let seconds = i32::try_from(grace.as_secs()).unwrap_or(i32::MAX);
    let options = StopContainerOptionsBuilder::default().t(seconds).build();
    match daemon.docker.stop_container(id, Some(options)).await.map_err(said) {
        Ok(()) | Err((Some(304 | 404), _)) => Ok(()),
        Err((Some(_), why)) => Err(Error::DaemonRefused { doing: format!("to stop the container {}", short(id)), why }),
        Err((None, why)) => Err(Error::DaemonLost { doing: format!("stopping the container {}", short(id)), why }),
    }
}

/// Removes a container with its nameless volumes, killing it when it runs. One that is gone is removed.
pub async fn remove(daemon: &Daemon, id: &str) -> Result<()> {
    let options = RemoveContainerOptionsBuilder::default().force(true).v(true).build();
    match daemon.docker.remove_container(id, Some(options)).await.map_err(said) {
        Ok(()) | Err((Some(404), _)) => Ok(()),
        Err((Some(409), why)) if why.contains("already in progress") => Ok(()),
        Err((Some(_), why)) => {
            Err(Error::DaemonRefused { doing: format!("to remove the container {}", short(id)), why })
        }
        Err((None, why)) => Err(Error::DaemonLost { doing: format!("removing the container {}", short(id)), why }),
    }
}

/// As people know a container that has no name.
pub(crate) fn short(id: &str) -> &str {
    id.get(..12).filter(|_| id.len() == 64).unwrap_or(id)
}
