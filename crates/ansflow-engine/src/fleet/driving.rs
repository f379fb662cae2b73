//! One run of a server: loaded, given its folder and its secrets, driven to its end.

use std::sync::Arc;

use ansflow_core::run::Input;
use ansflow_core::run::event::RunStatus;
use ansflow_store::runs::DecideError;
use jiff::Timestamp;
use tokio::sync::mpsc;
use tracing::warn;

use super::trouble::NotDriven;
use super::workspace::{self, NoWorkspace};
use super::{Fleet, GRACE, is_plain};
use crate::docker::{self, Containers};
use crate::engine::{Engine, Replay};
use crate::observer::Unobserved;

pub(super) async fn drive(fleet: &Fleet, id: &str) -> Result<RunStatus, NotDriven> {
    if !is_plain(id) {
        return Err(NotDriven::Corrupt("its id is no name for a folder".to_owned()));
    }
    let store = &fleet.store;
    // Kept until the run is driven: what is stored while we load it is news to whoever drives it.
    let _listener = store.changes().listen(id);
    let mut run = store.runs().replay(id).await?;
    if run.created().run != id {
        return Err(NotDriven::Corrupt(format!("its events are those of `{}`", run.created().run)));
    }
    if run.is_ended() {
        // It ended while we looked, unless the row says otherwise for good.
        return match store.runs().get(id).await?.status {
            RunStatus::Queued | RunStatus::Running | RunStatus::Waiting => {
                Err(NotDriven::Corrupt("its row says that it goes on, its events that it has ended".to_owned()))
            }
            status @ (RunStatus::Success | RunStatus::Failed | RunStatus::Cancelled | RunStatus::TimedOut) => {
                Ok(status)
            }
        };
    }
    match workspace::prepare(&fleet.files, &run).await {
        Ok(()) => {}
        Err(NoWorkspace::System(error)) => return Err(NotDriven::Folder(error)),
        Err(NoWorkspace::Gone { of }) => {
            warn!(run.id = %id, "{id} is cancelled: it goes on where {of} ended, whose workspace is gone");
            let by = format!("ansflow: the workspace of {of} is gone");
            match store.runs().decide(id, &Input::Cancel { by }, Timestamp::now()).await {
                Ok(cancelled) => run = cancelled,
                // Somebody else has ended it, which is as good.
                Err(DecideError::Refused(_)) => run = store.runs().replay(id).await?,
                Err(DecideError::Store(error)) => return Err(error.into()),
            }
        }
    }
    let env = Arc::clone(&fleet.env);
    let engine = Engine {
        store: store.clone(),
        run_dir: fleet.files.run(id),
        spawner: Arc::clone(&fleet.spawner),
        env: Arc::new(move |name| env.get(name).cloned()),
        secrets: (fleet.sources.secrets)().await.map_err(NotDriven::Secrets)?,
        git_credentials: (fleet.sources.git_credentials)().await.map_err(NotDriven::Secrets)?,
        registries: Arc::clone(&fleet.sources.registries),
        clusters: Arc::clone(&fleet.sources.clusters),
        containers: Containers {
            instance: docker::instance(fleet.files.root()).map_err(NotDriven::Folder)?,
            allowed_mounts: fleet.sources.allowed_mounts.clone(),
        },
        mail: (fleet.sources.mail)().await.map_err(NotDriven::Secrets)?,
        allow_loopback: fleet.sources.allow_loopback,
        grace: GRACE,
    };
    // Nobody speaks to the engine but through the store.
    let (_, silent) = mpsc::channel(1);
    Ok(Box::pin(engine.drive(run, Replay::Nothing, &mut Unobserved, silent)).await?)
}
