//! Every way to fail that can be played, live, each against the time at which its decisive signal came: the one after which
//! only the grace of its class is left.

mod faults;

use super::ear::Ear;
use super::{apply, end};
use crate::live::cluster;
use crate::live::objects::object;
use ansflow_core::mask::Masker;
use ansflow_core::verdict::End;
use ansflow_kube::Cluster;
use ansflow_kube::cluster::Patch;
use ansflow_kube::evidence::gather;
use ansflow_sim::testing;
use faults::{Fault, Signal, faults};
use futures_util::StreamExt as _;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::path::Path;

/// How many are played at once: what two slow cores play without losing time of their own.
const AT_ONCE: usize = 6;

/// When the decisive signal came, by what the watches told.
fn decided(dir: &Path, signal: Signal) -> Option<i64> {
    let text = std::fs::read_to_string(dir.join("watch.jsonl")).unwrap();
    let lines: Vec<(i64, &str)> = text
        .lines()
        .map(|line| (serde_json::from_str::<Json>(line).unwrap()["t_ms"].as_i64().unwrap(), line))
        .collect();
    let told = |word: &'static str| lines.iter().filter(move |(_, line)| line.contains(word)).map(|(at, _)| *at);
    match signal {
        Signal::Text(word, number) => told(word).nth(number - 1),
        Signal::Later(word, after) => {
            let first = told(word).next()?;
            Some(first + after)
        }
        Signal::Death(number) => {
            let mut lives = BTreeSet::new();
            lines.iter().find_map(|(at, line)| {
                let line: Json = serde_json::from_str(line).unwrap();
                let status = &line["object"]["status"];
                let containers = ["containerStatuses", "initContainerStatuses"];
                let containers = containers.iter().flat_map(|all| status[all].as_array().into_iter().flatten());
                for container in containers {
                    for state in ["state", "lastState"] {
                        let id = &container[state]["terminated"]["containerID"];
                        lives.extend(id.as_str().map(str::to_owned));
                    }
                }
                (lives.len() >= number).then_some(*at)
            })
        }
    }
}

/// What is to stand there before. What is of the whole cluster is there already, and is changed.
async fn prepare(cluster: &Cluster, space: &str, before: &Json) {
    let mut before: Json = serde_json::from_str(&before.to_string().replace('@', space)).unwrap();
    match before["kind"].as_str().unwrap() {
        "Namespace" | "Node" => {
            let key = object(before.clone()).key();
            cluster.patch(&key, &Patch::Merge(before), false).await.unwrap();
        }
        "ValidatingWebhookConfiguration" => drop(cluster.create(&object(before), false).await.unwrap()),
        _ => {
            before["metadata"]["namespace"] = json!(space);
            cluster.create(&object(before), false).await.unwrap();
        }
    }
}

/// What came of a fault: what is wrong, and how late the verdict was after the decisive signal and after the write.
async fn play(fault: Fault) -> (String, Result<(i64, i64), String>) {
    let (tests, cluster) = (testing::Cluster::get().await, cluster().await);
    let (space, ear) = (tests.namespace().await, Ear::default());
    for before in &fault.before {
        prepare(&cluster, &space, before).await;
    }
    if fault.is_update {
        let goal = apply(&cluster, &[object(fault.plain(&space, "acme/web:1"))]).await;
        let first = end(&cluster, goal, &ear, 60).await;
        assert_eq!(first.verdict.outcome, End::Ready, "{}: {:?}", fault.name, first.verdict);
    }
    let goal = apply(&cluster, &[object(fault.object(&space))]).await;
    let since = goal.since;
    let followed = end(&cluster, goal, &ear, 90).await;
    let took = ansflow_kube::follow::now() - since;
    let dir = tempfile::tempdir().unwrap();
    gather(&cluster, &followed, dir.path(), &Masker::new::<&str>([])).await.unwrap();
    let cause = followed.verdict.cause.as_ref().map_or("-", ansflow_core::verdict::Cause::as_str);
    if cause != fault.cause {
        return (fault.name.to_owned(), Err(format!("{cause} after {took} ms: {}", followed.verdict.summary)));
    }
    let recorded = ansflow_kube::replay::Recording::read(dir.path()).unwrap();
    let replayed = ansflow_kube::replay::replay(&recorded);
    if replayed.verdict.cause != followed.verdict.cause {
        return (fault.name.to_owned(), Err(format!("replayed: {:?} at {}", replayed.verdict, replayed.at)));
    }
    let late = decided(dir.path(), fault.signal).map(|at| (took - at, took));
    (fault.name.to_owned(), late.ok_or_else(|| "its decisive signal was not told".to_owned()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn simulated_every_way_to_fail_is_told_within_five_seconds_of_its_decisive_signal() {
    if testing::Cluster::get().await.simulated().is_none() {
        return;
    }
    let only = std::env::var("ONLY").unwrap_or_default();
    let chosen = faults().into_iter().filter(|fault| only.is_empty() || fault.name == only);
    let played: Vec<_> = futures_util::stream::iter(chosen.map(play)).buffer_unordered(AT_ONCE).collect().await;
    let mut late = Vec::new();
    let mut wrong = Vec::new();
    for (name, result) in &played {
        match result {
            Ok((after, took)) => {
                println!("{name:20} {after:6} ms after its signal, {took:6} ms after the write");
                late.push(*after);
                wrong.extend((*after > 5_000).then(|| format!("{name}: {after} ms")));
            }
            Err(why) => wrong.push(format!("{name}: {why}")),
        }
    }
    late.sort_unstable();
    let median = late.get(late.len() / 2).copied().unwrap_or_default();
    println!("median {median} ms, worst {:?} ms of {}", late.last(), late.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(!only.is_empty() || median < 2_000, "median {median} ms: {late:?}");
}
