//! Containers whose attempts could not end them: removed by whoever sees that it is so, and nobody else's.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ansflow_docker::labels::{ATTEMPT, INSTANCE, Labels, RUN};
use ansflow_docker::sweep::Swept;
use ansflow_docker::{Daemon, Environment, run};

use super::labels::{UNTIL, UNTIL_RUN};
use crate::attempt::CONTAINERS;
use crate::engine::Engine;
use crate::folder::Folder;
use crate::spare::ATTEMPTS;

/// A daemon that does not answer holds up the end of a run no longer.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is needed to tell whose attempts are over.
#[derive(Debug, Clone)]
pub struct Leftovers {
    /// Whose containers.
    instance: String,
    /// The folder in which runs have theirs.
    runs: PathBuf,
    /// How the daemon is found.
    environment: Environment,
}

impl Leftovers {
    /// Of an instance, with the daemon of this environment.
    #[must_use]
    pub fn new(instance: String, runs: PathBuf, environment: BTreeMap<String, String>) -> Leftovers {
        Leftovers { instance, runs, environment: Environment::new(environment) }
    }

    /// The same with the daemon that this process finds.
    #[must_use]
    pub fn here(instance: String, runs: PathBuf) -> Leftovers {
        Leftovers { instance, runs, environment: Environment::of_process() }
    }
}

/// Removes what killed attempts of this instance left behind. `has_ended` says it of a run: some containers stay until
/// their run ends.
///
/// # Errors
/// When there is no daemon, or it does not do it.
pub async fn sweep<F: Future<Output = bool>>(
    leftovers: &Leftovers,
    has_ended: impl Fn(String) -> F,
) -> ansflow_docker::Result<Swept> {
    let daemon = Daemon::connect(&leftovers.environment).await?;
    let mine = Labels::from([(INSTANCE.to_owned(), leftovers.instance.clone())]);
    let found = run::find(&daemon, &mine).await?;
    let waiting = found.iter().filter(|found| is_until_run(&found.labels));
    let runs: BTreeSet<String> = waiting.filter_map(|found| found.labels.get(RUN).cloned()).collect();
    let mut ended = BTreeSet::new();
    for run in runs {
        if has_ended(run.clone()).await {
            ended.insert(run);
        }
    }
    // Those that came meanwhile are of runs that were not asked about, and of attempts that live.
    let is_over = |labels: &Labels| is_over(&leftovers.runs, labels, &ended);
    ansflow_docker::sweep::sweep(&daemon, &leftovers.instance, is_over).await
}

fn is_until_run(labels: &Labels) -> bool {
    labels.get(UNTIL).is_some_and(|until| until == UNTIL_RUN)
}

/// Whether nobody wants a container any more. One whose labels are not as we make them is not ours to judge.
fn is_over(runs: &Path, labels: &Labels, ended: &BTreeSet<String>) -> bool {
    let (Some(run), Some(attempt)) = (labels.get(RUN), labels.get(ATTEMPT)) else { return false };
    let is_attempt = attempt.split_once('-').is_some_and(|(step, number)| {
        [step, number].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
    });
    if !crate::fleet::is_plain(run) || !is_attempt {
        return false;
    }
    match is_until_run(labels) {
        true => ended.contains(run),
        false => !lives(&Folder::at(runs.join(run).join(ATTEMPTS).join(attempt))),
    }
}

/// Whether an attempt's process lives. It has its lock before it makes a container.
pub(crate) fn lives(folder: &Folder) -> bool {
    match folder.try_own() {
        Ok(owned) => owned.is_none(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        // Nobody knows; then it stays.
        Err(_) => true,
    }
}

/// Removes what a killed attempt left running: how many, or why it could not be done. Nothing is asked of a daemon where
/// the attempt had made no container.
pub(crate) async fn after_loss(folder: &Folder, environment: &Environment) -> Result<usize, String> {
    let Some(labels) = noted(folder) else { return Ok(0) };
    bounded(async {
        let daemon = Daemon::connect(environment).await?;
        let found = run::find(&daemon, &labels).await?;
        for container in &found {
            run::remove(&daemon, &container.id).await?;
        }
        Ok(found.len())
    })
    .await
}

/// Whether a step of a run made containers.
#[must_use]
pub fn used_containers(run_dir: &Path) -> bool {
    let Ok(attempts) = fs::read_dir(run_dir.join(ATTEMPTS)) else { return false };
    attempts.flatten().any(|entry| noted(&Folder::at(entry.path())).is_some())
}

/// Removes what was to stay until the run's end, and what attempts could not remove themselves.
pub(crate) async fn after_run(engine: &Engine, run: &str) {
    if !used_containers(&engine.run_dir) {
        return;
    }
    let environment = engine.spawner.docker_environment();
    let swept = bounded(async {
        let daemon = Daemon::connect(&environment).await?;
        let is_its = |labels: &Labels| labels.get(RUN).is_some_and(|label| label == run);
        ansflow_docker::sweep::sweep(&daemon, &engine.containers.instance, is_its).await
    })
    .await;
    match swept {
        Ok(swept) => {
            for (container, why) in swept.failed {
                tracing::warn!(run.id = %run, "the container `{}` of {run} could not be removed: {why}", container.name);
            }
        }
        Err(why) => tracing::warn!(run.id = %run, "the containers of {run} could not be looked for: {why}"),
    }
}

/// The labels of the containers that an attempt has made, where it made some.
fn noted(folder: &Folder) -> Option<Labels> {
    let labels: Labels = serde_json::from_slice(&fs::read(folder.file(CONTAINERS)).ok()?).ok()?;
    // A file that the step's programs have changed must not make us remove more.
    [INSTANCE, RUN, ATTEMPT].iter().all(|name| labels.contains_key(*name)).then_some(labels)
}

async fn bounded<T>(work: impl Future<Output = ansflow_docker::Result<T>>) -> Result<T, String> {
    match tokio::time::timeout(PATIENCE, work).await {
        Ok(done) => done.map_err(|error| error.to_string()),
        Err(_) => Err(format!("the Docker daemon did not answer within {} s", PATIENCE.as_secs())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(changed: &[(&str, &str)], expected: bool) {
        let runs = tempfile::tempdir().unwrap();
        let alive = Folder::at(runs.path().join("run_1").join(ATTEMPTS).join("0-1"));
        let dead = Folder::at(runs.path().join("run_1").join(ATTEMPTS).join("1-1"));
        alive.create().unwrap();
        dead.create().unwrap();
        let _owned = alive.try_own().unwrap().unwrap();
        let mut labels = Labels::from([(RUN.to_owned(), "run_1".to_owned()), (ATTEMPT.to_owned(), "1-1".to_owned())]);
        labels.extend(changed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        labels.retain(|_, value| !value.is_empty());
        let ended = BTreeSet::from(["run_0".to_owned()]);
        assert_eq!(is_over(runs.path(), &labels, &ended), expected, "{changed:?}");
    }

    #[test]
    fn only_what_is_certainly_over_goes() {
        check(&[], true);
        check(&[(ATTEMPT, "0-1")], false);
        check(&[(ATTEMPT, "9-1")], true);
        check(&[(RUN, "run_9")], true);
        check(&[(UNTIL, UNTIL_RUN)], false);
        check(&[(UNTIL, UNTIL_RUN), (RUN, "run_0")], true);
    }

    #[test]
    fn labels_that_are_not_ours_lead_nowhere() {
        check(&[(RUN, "")], false);
        check(&[(ATTEMPT, "")], false);
        check(&[(ATTEMPT, "../../run_1/attempts/9-1")], false);
        check(&[(RUN, "../elsewhere")], false);
        check(&[(ATTEMPT, "1-")], false);
    }
}
