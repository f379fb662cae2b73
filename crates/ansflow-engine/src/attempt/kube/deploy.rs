//! `k8s_deploy`: read, tried as a whole, written, followed; what went wrong is kept before it is undone.

use std::time::{Duration, Instant};

use ansflow_core::run::event::Gains;
use ansflow_core::spec::K8sDeploy;
use ansflow_core::verdict::{End, Verdict};
use ansflow_kube::deploy::{self, Applied, Asker, How, Owner, Plan, prune};
use ansflow_kube::follow::{Followed, follow, now};
use serde_json::json;

use super::desk::Desk;
use super::{evidence, manifests};
use crate::attempt::NoGain;

/// How long it takes at most to bring back what was there before.
const ROLLBACK: Duration = Duration::from_secs(120);

/// Who asks the cluster gives up by itself, and knows better why.
const A_LITTLE: Duration = Duration::from_secs(1);

pub(super) async fn deploy(desk: &Desk<'_>, step: &K8sDeploy, until: Instant) -> Result<Gains, NoGain> {
    let manifests = manifests::read(desk, &step.source, &step.names)?;
    let scribe = &desk.scribe;
    let tell = |line: &str| scribe.say(line);
    let asker = Asker::new(&desk.cluster, until.into(), &tell);
    let how = How {
        namespace: desk.namespace().to_owned(),
        create_namespace: step.create_namespace,
        force_conflicts: step.force_conflicts,
        recreate_immutable: step.recreate_immutable,
    };
    let planned = desk.unless_ended(until + A_LITTLE, deploy::plan(&asker, manifests, &how)).await;
    let plan = match planned {
        Ok(Ok(plan)) => plan,
        Ok(Err(verdict)) => return Err(desk.end(*verdict)),
        Err(verdict) => return Err(desk.end(verdict)),
    };
    plan.lines().iter().for_each(|line| desk.say(line));
    if step.dry_run {
        return Ok(tried(desk, &plan));
    }
    let began = Instant::now();
    let applied = plan.begin();
    let written = desk.unless_ended(until + A_LITTLE, applied.write(&asker)).await;
    let refused = match written {
        Ok(Ok(())) => None,
        Ok(Err(verdict)) => Some(*verdict),
        Err(mut verdict) => {
            verdict.remarks.push(applied.so_far());
            Some(verdict)
        }
    };
    let mut seen = None;
    let verdict = match refused {
        Some(verdict) => verdict,
        None => {
            let count = applied.written().len();
            desk.say(&format!("{count} {} written in {:.1} s", objects(count), began.elapsed().as_secs_f64()));
            if step.wait {
                seen = followed(desk, &applied, until).await;
                match &seen {
                    Some(Followed { verdict, .. }) if verdict.outcome == End::Failed => {
                        applied.with_changes(verdict.clone())
                    }
                    Some(Followed { verdict, .. }) => verdict.clone(),
                    None => Verdict::ready(None, "everything is applied, and nothing of it has to become ready"),
                }
            } else {
                not_waited_for(&applied)
            }
        }
    };
    if verdict.outcome == End::Failed {
        return Err(undone(desk, step, &asker, &applied, seen.as_ref(), verdict).await);
    }
    let mut outputs: Vec<(&str, serde_json::Value)> =
        applied.outputs(&asker).await.into_iter().map(|(name, text)| (name, json!(text))).collect();
    outputs.push(("namespace", json!(desk.namespace())));
    if step.prune {
        outputs.push(("pruned", json!(pruned(desk, &asker, &applied).await?.to_string())));
    }
    desk.conclude(verdict)?;
    Ok(desk.gains(outputs))
}

/// A dry run: what would happen, and nothing of it.
fn tried(desk: &Desk<'_>, plan: &Plan) -> Gains {
    plan.diff().lines().for_each(|line| desk.scribe.outlet.line(line));
    let counts = plan.counts();
    let summary = format!(
        "a dry run: {} would be created, {} changed, {} are as they should be",
        counts.created, counts.changed, counts.unchanged
    );
    desk.judged(Verdict::ready(None, summary));
    desk.gains([
        ("created", json!(counts.created.to_string())),
        ("changed", json!(counts.changed.to_string())),
        ("unchanged", json!(counts.unchanged.to_string())),
        ("namespace", json!(desk.namespace())),
    ])
}

/// None: nothing of it has to become ready.
async fn followed(desk: &Desk<'_>, applied: &Applied, until: Instant) -> Option<Followed> {
    let goal = applied.goal(now());
    if goal.wants.is_empty() {
        return None;
    }
    Some(follow(&desk.cluster, goal, &desk.scribe, desk.stop(until)).await)
}

fn not_waited_for(applied: &Applied) -> Verdict {
    let count = applied.written().len();
    Verdict::ready(None, format!("{count} {} written; whether they become ready was not waited for", objects(count)))
}

/// The deploy failed: evidence first, then what was there before, where that is wanted. What was called off stays.
async fn undone(
    desk: &Desk<'_>,
    step: &K8sDeploy,
    asker: &Asker<'_>,
    applied: &Applied,
    seen: Option<&Followed>,
    mut verdict: Verdict,
) -> NoGain {
    evidence::keep(desk, &verdict, &applied.diff(), seen).await;
    let has_written = !applied.written().is_empty();
    if desk.is_called_off() && has_written {
        verdict.remarks.push(format!("what was applied stays: {}", applied.so_far()));
    } else if step.rollback && has_written {
        let until = Instant::now() + ROLLBACK;
        let remark = match tokio::time::timeout(ROLLBACK, rolled_back(desk, asker, applied, until)).await {
            Ok(remark) => remark,
            Err(_) => format!("rolling back took longer than {} s, and was left as it was then", ROLLBACK.as_secs()),
        };
        desk.say(&remark);
        verdict.remarks.push(remark);
    }
    desk.end(verdict)
}

async fn rolled_back(desk: &Desk<'_>, asker: &Asker<'_>, applied: &Applied, until: Instant) -> String {
    let began = Instant::now();
    let undone = applied.roll_back(&asker.until(until.into())).await;
    let mut said = undone.line();
    undone.left.iter().for_each(|left| said.push_str(&format!("; {left}")));
    if let Some(goal) = undone.goal(now()) {
        let stop = async {
            tokio::time::sleep_until(until.into()).await;
            ansflow_kube::sink::Stop::Deadline
        };
        let Followed { verdict, .. } = follow(&desk.cluster, goal, &desk.scribe, stop).await;
        let took = began.elapsed().as_secs_f64();
        said.push_str(&match verdict.outcome {
            End::Ready => format!(": ready after {took:.0} s"),
            End::Failed => format!("; which is not ready: {}", verdict.summary),
        });
    }
    said
}

async fn pruned(desk: &Desk<'_>, asker: &Asker<'_>, applied: &Applied) -> Result<usize, NoGain> {
    let owner = Owner { pipeline: desk.order.names.pipeline.clone(), step: desk.order.names.step.clone() };
    match prune(asker, applied, desk.namespace(), &owner).await {
        Ok(pruned) => {
            pruned
                .deleted
                .iter()
                .for_each(|object| desk.say(&format!("{object}: pruned, as it is no longer deployed")));
            pruned.left.iter().for_each(|left| desk.say(left));
            Ok(pruned.deleted.len())
        }
        Err(error) => Err(desk.end(error.verdict(None))),
    }
}

fn objects(count: usize) -> &'static str {
    if count == 1 { "object" } else { "objects" }
}
