//! What there is for steps on images and in containers: a daemon that answers, and who builds with it.

use std::time::Duration;

use ansflow_docker::build::{self, Builder};
use ansflow_docker::{Daemon, Environment};

/// A daemon that is well answers at once.
const PATIENCE: Duration = Duration::from_secs(10);

/// What there is, or why there is not.
pub(super) struct Found {
    pub(super) daemon: Result<String, String>,
    pub(super) buildkit: Result<String, String>,
}

/// Asks as a step would.
pub(super) fn look() -> Found {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(problem) => return none(problem.to_string()),
    };
    runtime.block_on(async {
        match tokio::time::timeout(PATIENCE, ask()).await {
            Ok(found) => found,
            Err(_) => none(format!("the Docker daemon did not answer within {} s", PATIENCE.as_secs())),
        }
    })
}

async fn ask() -> Found {
    let daemon = match Daemon::connect(&Environment::of_process()).await {
        Ok(daemon) => daemon,
        Err(problem) => return none(problem.to_string()),
    };
    let (about, place) = (daemon.about(), daemon.place());
    let name = if about.is_podman { "Podman" } else { "Docker" };
    let buildkit = match build::builder(&daemon).await {
        Builder::Buildx(program) => Ok(format!("{} (buildx)", program.display())),
        Builder::Docker(program) => Ok(program.display().to_string()),
        Builder::Classic => Err("the daemon's own builder is used; install docker-buildx".to_owned()),
    };
    Found {
        daemon: Ok(format!("{name} {}, API {}, {} at {place}", about.version, about.api, about.platform)),
        buildkit,
    }
}

fn none(why: String) -> Found {
    Found { daemon: Err(why), buildkit: Err("there is no daemon to build with".to_owned()) }
}
