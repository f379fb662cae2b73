//! A whole deploy: read, planned, written, followed until it is ready or certain to fail; then undone, or tidied up.
//!
//! Evidence is kept before anything is undone. What was written stays written when somebody cancels, which is said.

use super::apply::Applied;
use super::ask::Asker;
use super::manifest::Problem;
use super::plan::{How, Plan, plan};
use super::prune::{Owner, prune};
use super::read::read;
use super::source::Dir;
use crate::Cluster;
use crate::evidence::gather;
use crate::follow::{self, Followed, follow};
use crate::sink::{Sink, Stop};
use crate::text::short;
use ansflow_core::mask::Masker;
use ansflow_core::spec::K8sDeploy;
use ansflow_core::verdict::{Cause, End, Evidence, EvidenceFrom, Object, Verdict};
use futures_util::FutureExt as _;
use futures_util::future::{Either, select};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::time::Duration;
use std::{fs, io};
use tokio::time::{Instant, sleep_until};

/// How long a rollback may take, its rollout included.
const UNDO: Duration = Duration::from_secs(120);
/// How much sooner the cluster is not asked again.
const A_LITTLE: Duration = Duration::from_secs(1);
/// No more lines of a difference are put into a log; all of it is kept with the run.
const MOST_LINES: usize = 400;
/// Where the difference is kept.
const PATCH: &str = "diff.patch";
/// Where the verdict is kept, if nothing was followed.
const VERDICT: &str = "verdict.json";

/// What a deploy needs besides its specification.
pub struct Order<'a> {
    /// Where manifests are looked for.
    pub dir: &'a Dir,
    /// Where objects go that say no namespace.
    pub namespace: &'a str,
    /// When the time is up.
    pub until: Instant,
    /// Whose inventory is pruned.
    pub owner: Owner,
    /// Where evidence is kept.
    pub evidence: &'a Path,
    /// What must not stand in it.
    pub masker: &'a Masker,
}

/// How a deploy ended.
pub struct Outcome {
    /// Ready, or why not.
    pub verdict: Verdict,
    /// What later steps may use.
    pub outputs: Vec<(&'static str, String)>,
    /// Files of evidence that were kept, from the order's folder.
    pub kept: Vec<PathBuf>,
}

/// Deploys. `stop` ends the waiting from outside; the order's own time is kept besides.
pub async fn run(
    cluster: &Cluster,
    spec: &K8sDeploy,
    order: &Order<'_>,
    sink: &dyn Sink,
    stop: impl Future<Output = Stop>,
) -> Outcome {
    let deadline = order.until;
    let stop = async move {
        let (asked, late) = (pin!(stop), pin!(sleep_until(deadline)));
        match select(asked, late).await {
            Either::Left((stop, _)) => stop,
            Either::Right(((), _)) => Stop::Deadline,
        }
    }
    .shared();
    let tell = |line: &str| sink.line(line);
    // Who asks gives up by itself, a little before, and knows better why.
    let asker = Asker::new(cluster, deadline.checked_sub(A_LITTLE).unwrap_or(deadline), &tell);
    let planned = match select(pin!(planned(&asker, spec, order, sink)), stop.clone()).await {
        Either::Left((planned, _)) => planned,
        Either::Right((stop, _)) => Err(Box::new(stopped(stop, "nothing was written"))),
    };
    let plan = match planned {
        Ok(plan) => plan,
        Err(verdict) => return Outcome::of(*verdict),
    };
    if spec.dry_run {
        return tried(&plan, sink);
    }
    let (since, began) = (follow::now(), Instant::now());
    let applied = plan.begin();
    let written = match select(pin!(applied.write(&asker)), stop.clone()).await {
        Either::Left((written, _)) => written,
        Either::Right((stop, _)) => {
            let so_far = format!("{}; requests under way may have been taken too", applied.so_far());
            Err(Box::new(stopped(stop, &so_far)))
        }
    };
    if let Err(verdict) = written {
        sink.line(&applied.so_far());
        let mut outcome = Outcome::of(*verdict);
        outcome.kept = kept(cluster, &applied, &outcome.verdict, None, order, sink).await;
        return undone(cluster, spec, &applied, outcome, sink).await;
    }
    let count = applied.written().len();
    let objects = if count == 1 { "object" } else { "objects" };
    let took = match began.elapsed() {
        took if took.as_millis() < 1_000 => format!("{} ms", took.as_millis()),
        took => format!("{:.1} s", took.as_secs_f64()),
    };
    sink.line(&format!("{count} {objects} written in {took}"));
    if !spec.wait {
        return finished(&asker, spec, order, &applied, ready(&applied, "applied; nobody waits for it"), sink).await;
    }
    let goal = applied.goal(since);
    if goal.wants.is_empty() {
        return finished(&asker, spec, order, &applied, ready(&applied, "applied"), sink).await;
    }
    let followed = follow(cluster, goal, sink, stop).await;
    match followed.verdict.outcome {
        End::Ready => finished(&asker, spec, order, &applied, followed.verdict, sink).await,
        End::Failed => {
            let mut outcome = Outcome::of(applied.with_changes(followed.verdict.clone()));
            outcome.kept = kept(cluster, &applied, &outcome.verdict, Some(&followed), order, sink).await;
            undone(cluster, spec, &applied, outcome, sink).await
        }
    }
}

async fn planned(
    asker: &Asker<'_>,
    spec: &K8sDeploy,
    order: &Order<'_>,
    sink: &dyn Sink,
) -> Result<Plan, Box<Verdict>> {
    let reading = read(&spec.source, order.dir, order.namespace, &spec.names).map_err(|problems| {
        problems.iter().for_each(|problem| sink.line(&problem.to_string()));
        let first = problems.first().map(ToString::to_string).unwrap_or_default();
        let mut verdict = Verdict::failed(Cause::InvalidManifest, None, short(&first, 160));
        verdict.advice = problems.first().and_then(|problem| problem.help.clone());
        verdict.evidence = problems.iter().map(seen).collect();
        verdict.remarks.extend(problems.iter().skip(1).take(9).map(|problem| short(&problem.to_string(), 200)));
        verdict.remarks.push("nothing was written".to_owned());
        Box::new(verdict)
    })?;
    reading.notes.iter().for_each(|note| sink.line(note));
    let how = How {
        namespace: order.namespace.to_owned(),
        create_namespace: spec.create_namespace,
        force_conflicts: spec.force_conflicts,
        recreate_immutable: spec.recreate_immutable,
    };
    let plan = plan(asker, reading.manifests, &how).await?;
    plan.lines().iter().for_each(|line| sink.line(line));
    Ok(plan)
}

fn seen(problem: &Problem) -> Evidence {
    let object = Object::new("File", None, problem.origin.to_string());
    Evidence { from: EvidenceFrom::State, object, text: problem.message.clone(), at: None, times: 1 }
}

/// A dry run ends with what would be done.
fn tried(plan: &Plan, sink: &dyn Sink) -> Outcome {
    let diff = plan.diff();
    diff.lines().take(MOST_LINES).for_each(|line| sink.line(line));
    let more = diff.lines().count().saturating_sub(MOST_LINES);
    if more > 0 {
        sink.line(&format!("and {more} more lines"));
    }
    let counts = plan.counts();
    let summary = format!(
        "dry run: {} would be created, {} changed, {} are as they should be",
        counts.created, counts.changed, counts.unchanged
    );
    let outputs = vec![
        ("created", counts.created.to_string()),
        ("changed", counts.changed.to_string()),
        ("unchanged", counts.unchanged.to_string()),
    ];
    Outcome { verdict: Verdict::ready(None, summary), outputs, kept: Vec::new() }
}

/// Prunes what is no longer deployed, and hands on what later steps may use.
async fn finished(
    asker: &Asker<'_>,
    spec: &K8sDeploy,
    order: &Order<'_>,
    applied: &Applied,
    mut verdict: Verdict,
    sink: &dyn Sink,
) -> Outcome {
    let mut outputs = applied.outputs(asker).await;
    outputs.push(("namespace", order.namespace.to_owned()));
    if spec.prune {
        match prune(asker, applied, order.namespace, &order.owner).await {
            Ok(pruned) => {
                pruned
                    .deleted
                    .iter()
                    .for_each(|object| sink.line(&format!("{object}: deleted, this step no longer has it")));
                pruned.left.iter().for_each(|left| sink.line(left));
                outputs.push(("pruned", pruned.deleted.len().to_string()));
            }
            Err(error) => {
                sink.line(&format!("what is no longer deployed could not be deleted: {error}"));
                verdict.remarks.push(format!("nothing was pruned: {}", short(&error.to_string(), 120)));
            }
        }
    }
    Outcome { verdict, outputs, kept: Vec::new() }
}

/// Everything that tells what happened, before it is undone. That it cannot be kept changes nothing about the failure.
async fn kept(
    cluster: &Cluster,
    applied: &Applied,
    verdict: &Verdict,
    followed: Option<&Followed>,
    order: &Order<'_>,
    sink: &dyn Sink,
) -> Vec<PathBuf> {
    let mut texts = vec![(PATCH, applied.diff())];
    let mut files = Vec::new();
    let failed = |error: io::Error| sink.line(&format!("evidence could not be kept: {error}"));
    match followed {
        Some(followed) => match gather(cluster, followed, order.evidence, order.masker).await {
            Ok(kept) => files.extend(kept.into_iter().map(|kept| kept.path)),
            Err(error) => failed(error),
        },
        None => texts.push((VERDICT, serde_json::to_string_pretty(verdict).unwrap_or_default())),
    }
    for (name, text) in texts.iter().filter(|(_, text)| !text.is_empty()) {
        let write = || fs::write(order.evidence.join(name), order.masker.mask(text).as_bytes());
        match fs::create_dir_all(order.evidence).and_then(|()| write()) {
            Ok(()) => files.push(PathBuf::from(name)),
            Err(error) => failed(error),
        }
    }
    if !files.is_empty() {
        sink.line(&format!("evidence: {} files in {}", files.len(), last_two(order.evidence)));
    }
    files
}

/// As much of a folder's path as says where it is among what a run keeps: `artifacts/evidence/`.
fn last_two(folder: &Path) -> String {
    let names: Vec<_> = folder.iter().rev().take(2).map(|name| name.to_string_lossy()).collect();
    names.iter().rev().fold(String::new(), |path, name| path + name + "/")
}

/// Brings back what was there before, where that was asked for, and waits until it is ready.
async fn undone(
    cluster: &Cluster,
    spec: &K8sDeploy,
    applied: &Applied,
    mut outcome: Outcome,
    sink: &dyn Sink,
) -> Outcome {
    let verdict = &mut outcome.verdict;
    if applied.written().is_empty() {
        return outcome;
    }
    if verdict.cause == Some(Cause::Cancelled) {
        verdict.remarks.push("what was written stays".to_owned());
        return outcome;
    }
    if !spec.rollback {
        return outcome;
    }
    sink.line("rolling back");
    let (began, until) = (Instant::now(), Instant::now() + UNDO);
    let tell = |line: &str| sink.line(line);
    let asker = Asker::new(cluster, until, &tell);
    let since = follow::now();
    let back = applied.roll_back(&asker).await;
    sink.line(&back.line());
    let mut told = back.line();
    if let Some(goal) = back.goal(since) {
        let late = async {
            sleep_until(until).await;
            Stop::Deadline
        };
        let followed = follow(cluster, goal, sink, late).await;
        told.push_str(&match followed.verdict.outcome {
            End::Ready => format!("; ready after {} s", began.elapsed().as_secs().max(1)),
            End::Failed => format!("; but that is not ready: {}", followed.verdict.summary),
        });
    }
    verdict.remarks.push(short(&told, 400));
    outcome
}

fn ready(applied: &Applied, words: &str) -> Verdict {
    let object: Option<Object> = applied.goal(0).object();
    let counts = applied.plan().counts();
    Verdict::ready(object, format!("{} objects are {words}", counts.created + counts.changed + counts.unchanged))
}

fn stopped(stop: Stop, so_far: &str) -> Verdict {
    let (cause, words) = match stop {
        Stop::Deadline => (Cause::Timeout, "the time was up before all was written"),
        Stop::Cancelled => (Cause::Cancelled, "it was cancelled before all was written"),
    };
    let mut verdict = Verdict::failed(cause, None, words);
    verdict.remarks.push(so_far.to_owned());
    verdict
}

impl Outcome {
    fn of(verdict: Verdict) -> Outcome {
        Outcome { verdict, outputs: Vec::new(), kept: Vec::new() }
    }
}
