//! The recorded requests, asked again in their order and at their times: one story, of which each answer is held against the
//! recorded one.
//!
//! `fixtures/replay-order.txt` is the story. `fixtures/deviations.txt` says where we are not as the recording, and why; what
//! is named there and does not differ any more is a failure, too. What differs is told for each recording:
//! `cargo nextest run -p ansflow-sim replay --no-capture`.

mod asker;
mod compare;
mod deviations;
mod stage;
mod tokens;

use std::path::PathBuf;
use std::time::Duration;

use ansflow_sim::{NodeSpec, SimConfig, Speed};
use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::cluster::{Cluster, Told};
use asker::Asker;
use compare::{Comparison, Difference};
use deviations::Deviations;
use stage::Stage;

const DAY: &str = "2026-11-21T";

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

fn lines(name: &str) -> Vec<String> {
    let text = std::fs::read_to_string(fixture(name)).unwrap_or_default();
    text.lines().map(str::to_owned).filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

fn recording(name: &str) -> Value {
    let text = std::fs::read(fixture("api").join(format!("{name}.json"))).unwrap();
    serde_json::from_slice(&text).unwrap()
}

/// A stream that goes on while the story does.
struct Open {
    name: String,
    recording: Value,
    told: JoinHandle<Told>,
}

#[tokio::test]
async fn the_recorded_answers_come_out() {
    let config = SimConfig {
        speed: Speed::Manual,
        rbac: true,
        start: Some(time("03:18:15")),
        nodes: vec![NodeSpec { cpus: 2, memory: 24 << 30, ..NodeSpec::named("vm") }],
        ..SimConfig::default()
    };
    let cluster = Cluster::with(config).await;
    let mut asker = Asker::new(&cluster);
    let mut comparison = Comparison::default();
    let mut stage = Stage::default();
    let over = watch::Sender::new(false);
    let (mut open, mut told) = (Vec::new(), Vec::new());
    for step in lines("replay-order.txt") {
        let (at, name) = step.split_once(' ').unwrap();
        let until = Duration::try_from(time(at).duration_since(cluster.sim.now())).unwrap_or_default();
        // At the same moment, nobody else has looked yet.
        if !until.is_zero() {
            cluster.sim.advance(until);
        }
        if let Some(set_up) = name.strip_prefix("+ ") {
            stage.act(&cluster, set_up).await;
            asker.deployer(stage.token());
            continue;
        }
        let recording = recording(name);
        let answer = asker.ask(&cluster, &recording, &mut comparison).await;
        let lines = recording["response"]["stream"]
            .as_array()
            .map(|stream| stream.iter().filter(|line| line["event"].is_object()).count());
        match lines {
            Some(lines) => {
                let told = tokio::spawn(Told::followed(answer, lines, over.subscribe()));
                open.push(Open { name: name.to_owned(), recording, told });
            }
            None => {
                let answer = Told::whole(answer).await;
                told.push((name.to_owned(), comparison.answers(&recording["response"], &answer)));
            }
        }
    }
    over.send_replace(true);
    for Open { name, recording, told: answer } in open {
        let answer = answer.await.unwrap();
        told.push((name, comparison.answers(&recording["response"], &answer)));
    }
    cluster.sim.stop().await;
    report(told);
}

fn report(mut told: Vec<(String, Vec<Difference>)>) {
    let mut deviations = Deviations::read(&lines("deviations.txt"));
    let (mut same, all) = (0, told.len());
    told.retain_mut(|(name, differences)| {
        differences.retain(|difference| !deviations.explain(name, difference));
        same += usize::from(differences.is_empty());
        !differences.is_empty()
    });
    for (name, differences) in &told {
        println!("{name}");
        for Difference { at, said } in differences.iter().take(40) {
            println!("    {at}: {said}");
        }
    }
    println!("{same} of {all} recordings come out");
    let unused = deviations.unused();
    assert!(told.is_empty(), "these do not come out: {:#?}", told.iter().map(|(name, _)| name).collect::<Vec<_>>());
    assert!(unused.is_empty(), "these deviations are none any more: {unused:#?}");
}

fn time(at: &str) -> Timestamp {
    format!("{DAY}{at}Z").parse().unwrap()
}
