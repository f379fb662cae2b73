//! One container from its image to its end, whatever that is; and nothing of it left.

use std::fs;
use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use ansflow_core::image::Reference;
use ansflow_docker::labels::{ATTEMPT, INSTANCE, Labels, RUN, STEP};
use ansflow_docker::run::{self, Ended, Position, Pull, Running, Spec, Stream};
use ansflow_docker::transfer::{self, Local};
use ansflow_docker::{Daemon, Error};
use ansflow_store::output::Stream as Written;

use super::CONTAINERS;
use super::desk::Desk;
use super::verdict::verdict;
use crate::attempt::{NoGain, broken, failed};

/// The daemon gets so long for what it does at once when it is well.
const MOMENT: Duration = Duration::from_secs(30);

/// Runs it to its end: how it ended. It is removed, unless it is to be kept and ended by itself.
/// [`prepare`] comes first.
pub(super) async fn to_its_end(desk: &Desk<'_>, daemon: &Daemon, spec: &Spec, keep: bool) -> Result<Ended, NoGain> {
    let running = start(desk, daemon, spec).await?;
    let id = running.id().to_owned();
    let ended = follow(desk, daemon, running).await;
    if !keep || ended.is_err() {
        remove(desk, daemon, &id).await;
    }
    ended
}

/// Sees to it that the daemon has its image, and that nothing of earlier attempts at the step is in its way.
pub(super) async fn prepare(desk: &Desk<'_>, daemon: &Daemon, spec: &Spec) -> Result<Local, NoGain> {
    let image = Reference::parse(&spec.image).map_err(|refused| failed(refused.to_string()))?;
    note(desk)?;
    remove_earlier(desk, daemon).await?;
    // Who signs in is asked only where something is asked of a registry: a helper of credentials is a process.
    if spec.pull != Pull::Always {
        let found = desk.unless_ended(async {
            match transfer::inspect(daemon, &spec.image).await {
                Err(Error::NoImage { .. }) => Ok(None),
                other => other.map(|found| Some(found).filter(|found| found.is_for(spec.platform.as_deref()))),
            }
        });
        if let Some(found) = found.await? {
            return Ok(found);
        }
    }
    let login = desk.login(image.host()).await;
    let mut on_line = desk.on_line();
    desk.unless_ended(run::ensure_image(daemon, spec, login.as_ref(), &mut on_line)).await
}

/// Starts it, for nobody to wait for.
pub(super) async fn detached(desk: &Desk<'_>, daemon: &Daemon, spec: &Spec) -> Result<Running, NoGain> {
    let running = start(desk, daemon, spec).await?;
    // Whoever called the step off meanwhile does not want it.
    if let Err(why) = desk.unless_ended(std::future::ready(Ok(()))).await {
        remove(desk, daemon, running.id()).await;
        return Err(why);
    }
    Ok(running)
}

/// Not dropped in the middle: a container that the daemon is just making would be found by nobody. One that was started
/// when the step is to end already is ended as any other, by who follows it.
async fn start(desk: &Desk<'_>, daemon: &Daemon, spec: &Spec) -> Result<Running, NoGain> {
    let mut starting = pin!(with_init_if_there(daemon, spec));
    let started = tokio::select! {
        biased;
        started = &mut starting => started,
        why = desk.alarm.rings() => match tokio::time::timeout(MOMENT, starting).await {
            Ok(started) => started,
            Err(_) => return Err(why),
        },
    };
    started.map_err(|error| not_started(error, desk, spec))
}

/// Some daemons come without the little init.
async fn with_init_if_there(daemon: &Daemon, spec: &Spec) -> ansflow_docker::Result<Running> {
    match run::start(daemon, spec).await {
        Err(Error::NotStarted { why, .. }) if spec.init && why.contains("docker-init") => {
            run::start(daemon, &Spec { init: false, ..spec.clone() }).await
        }
        other => other,
    }
}

fn not_started(error: Error, desk: &Desk<'_>, spec: &Spec) -> NoGain {
    match error {
        Error::NameTaken { name } if spec.name.as_deref() != Some(desk.docker.name.as_str()) => {
            failed(format!("there is a container named `{name}` already: remove it, or give this one another `name`"))
        }
        other => verdict(other),
    }
}

/// Its output into the log until it ends; stopped with grace when the step is to end before.
async fn follow(desk: &Desk<'_>, daemon: &Daemon, running: Running) -> Result<Ended, NoGain> {
    let id = running.id().to_owned();
    let mut position = Position::default();
    let not_there = Mutex::new(None);
    let mut on_output = |stream, bytes: &[u8]| {
        let stream = match stream {
            Stream::Stdout => Written::Stdout,
            Stream::Stderr => {
                if let Some(program) = program_not_there(bytes) {
                    *not_there.lock().unwrap_or_else(PoisonError::into_inner) = Some(program);
                }
                Written::Stderr
            }
        };
        desk.outlet.bytes(stream, bytes);
    };
    let mut waiting = pin!(running.wait(daemon, &mut position, &mut on_output));
    let why = tokio::select! {
        biased;
        ended = &mut waiting => {
            let mut ended = ended.map_err(verdict)?;
            let not_there = not_there.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(program) = not_there.filter(|_| ended.code == 127) {
                ended.error.get_or_insert_with(|| format!("`{program}` was not found in the image"));
            }
            return Ok(ended);
        }
        why = desk.alarm.rings() => why,
    };
    // The daemon counts in seconds.
    let grace = Duration::from_secs(desk.order.grace_ms.div_ceil(1000));
    let ending = async { tokio::join!(run::stop(daemon, &id, grace), waiting) };
    // What does not end by then is killed when it is removed.
    let _ = tokio::time::timeout(grace + MOMENT, ending).await;
    Err(why)
}

/// The program that the little init did not find: the daemon, which starts the init, knows nothing of it.
fn program_not_there(line: &[u8]) -> Option<String> {
    let rest = line.strip_prefix(b"[FATAL tini (")?;
    let text = String::from_utf8_lossy(rest);
    let (program, _) = text.split_once(")] exec ")?.1.split_once(" failed: ")?;
    Some(program.to_owned())
}

/// What stays in spite of it is removed by whoever sweeps.
async fn remove(desk: &Desk<'_>, daemon: &Daemon, id: &str) {
    match tokio::time::timeout(MOMENT, run::remove(daemon, id)).await {
        Ok(Ok(())) => {}
        Ok(Err(why)) => desk.say(&format!("the container was not removed, which is tried again later: {why}")),
        Err(_) => desk.say("the container was not removed, which is tried again later: the daemon does not answer"),
    }
}

/// Says in the attempt's folder that there may be containers, and which, before there are.
fn note(desk: &Desk<'_>) -> Result<(), NoGain> {
    let problem = |error: &dyn std::fmt::Display| broken(format!("failed to note the step's container: {error}"));
    let text = serde_json::to_vec(&desk.docker.labels).map_err(|error| problem(&error))?;
    fs::write(desk.folder.file(CONTAINERS), text).map_err(|error| problem(&error))
}

/// A second attempt does not meet what the first one, killed or detached, has left.
async fn remove_earlier(desk: &Desk<'_>, daemon: &Daemon) -> Result<(), NoGain> {
    let labels = &desk.docker.labels;
    let is_first = labels.get(ATTEMPT).is_none_or(|attempt| attempt.ends_with("-1"));
    if is_first {
        return Ok(());
    }
    let of_step: Labels = labels
        .iter()
        .filter(|(name, _)| [INSTANCE, RUN, STEP].contains(&name.as_str()))
        .map(|(n, v)| (n.clone(), v.clone()))
        .collect();
    for found in desk.unless_ended(run::find(daemon, &of_step)).await? {
        if found.labels.get(ATTEMPT) != labels.get(ATTEMPT) {
            desk.say(&format!("removed the container `{}` of an earlier attempt", found.name));
            desk.unless_ended(run::remove(daemon, &found.id)).await?;
        }
    }
    Ok(())
}

/// Success, or the report of a failure.
pub(super) fn ok(ended: &Ended, memory: Option<u64>) -> Result<(), NoGain> {
    let exit_code = i32::try_from(ended.code).ok();
    let message = match (ended.code, &ended.error) {
        // Something in it may have been killed, and its command could do without.
        (0, None) => return Ok(()),
        (code, _) if ended.out_of_memory => match memory {
            Some(bytes) => format!(
                "was killed because it needed more memory than its limit of {} MiB (exit code {code}): raise `memory`",
                bytes >> 20
            ),
            None => format!("was killed because the machine has no more memory (exit code {code})"),
        },
        (code, Some(error)) => format!("ended with exit code {code}: {error}"),
        (137, None) => "was killed (exit code 137)".to_owned(),
        (code, None) => format!("ended with exit code {code}"),
    };
    Err(NoGain::Failed { exit_code, message })
}
