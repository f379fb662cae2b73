//! The logs of the recorded rollouts: every container that wrote one is run here, and must write the same.

use serde_json::Value;

use super::start;
use crate::program::{Exit, Signal, Start};
use crate::shell::bench::{BEGAN, Bench};
use crate::shell::files::{ContainerFiles, Volume};

const RECORDED: &str = include_str!("../../tests/fixtures/programs.json");

struct Life {
    log: String,
    exit: Option<Exit>,
    refused: Option<String>,
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn live(item: &Value, layer: &mut ContainerFiles) -> Life {
    let text = |name: &str| item[name].as_str().unwrap_or_default().to_owned();
    let begin = Start {
        command: texts(&item["command"]),
        args: texts(&item["args"]),
        image: text("image").into(),
        hostname: text("hostname"),
        user: item["user"].as_i64(),
        restarts_always: item["always"].as_bool().unwrap_or_default(),
        now: BEGAN,
        ..Start::default()
    };
    let files = layer.again(BEGAN);
    let program = match start(begin.into(), None, &files) {
        Ok(program) => program,
        Err(error) => return Life { log: String::new(), exit: None, refused: Some(error.message) },
    };
    let mut bench = Bench::new(program, files);
    bench.memory = (text("memory") == "24Mi").then_some(24 << 20);
    let mut exit = bench.run(1);
    if let (None, Some(path)) = (&exit, item["asks"].as_str()) {
        for _ in 0..2 {
            bench.program.http(path, bench.now);
            exit = bench.run(1);
        }
    }
    if exit.is_none() {
        exit = bench.run(20);
    }
    // What ended with 0 was told to.
    if exit.is_none() && item["exit"]["reason"] == "Completed" {
        bench.signal(Signal::Term);
        exit = bench.run(2);
    }
    Life { log: bench.written.text(None), exit, refused: None }
}

/// Lines without their times, in order of the alphabet: the two outputs are interleaved by accident.
fn lines(log: &str) -> Vec<String> {
    let mut lines: Vec<String> = log
        .lines()
        .map(|line| match line {
            line if line.contains(" log.go:") => line[line.find("log.go").unwrap()..].to_owned(),
            line if line.contains("1#1:") => line[line.find('[').unwrap()..].to_owned(),
            line if line.contains(" UTC ") => "DATE".to_owned(),
            line => line.to_owned(),
        })
        .collect();
    lines.sort();
    lines
}

#[test]
fn every_recorded_container_writes_what_it_wrote() {
    let recorded: Vec<Value> = serde_json::from_str(RECORDED).unwrap();
    assert!(recorded.len() > 30);
    for item in &recorded {
        let name = format!("{} {}", item["recording"], item["hostname"]);
        let hostname = item["hostname"].as_str().unwrap();
        let mut layer = ContainerFiles::new(item["image"].as_str().unwrap(), hostname, item["user"].as_i64(), BEGAN);
        for (path, keys) in item["files"].as_object().into_iter().flatten() {
            let files = keys.as_object().unwrap().iter();
            let files = files.map(|(key, text)| (key.clone(), text.as_str().unwrap().as_bytes().to_vec(), 0o644));
            layer.mount(path, &Volume::of(files, BEGAN), "", true);
        }
        for path in texts(&item["empty"]) {
            layer.mount(&path, &Volume::empty(), "", false);
        }
        let (current, mut before) = (lines(item["current"].as_str().unwrap()), None);
        let mut life = live(item, &mut layer);
        for _ in 0..4 {
            let log = lines(&life.log);
            // One that goes on had more time here.
            if log == current || (life.exit.is_none() && log.starts_with(&current)) {
                break;
            }
            before = Some(log);
            life = live(item, &mut layer);
        }
        let log = lines(&life.log);
        assert!(log == current || (life.exit.is_none() && log.starts_with(&current)), "{name}: {log:#?}");
        if let Some(previous) = item["previous"].as_str() {
            assert_eq!(before.unwrap_or(log), lines(previous), "{name}");
        }
        let ended = &item["exit"];
        match ended["reason"].as_str() {
            Some("StartError") => assert_eq!(life.refused.as_deref(), ended["message"].as_str(), "{name}"),
            Some(reason) if !item["recording"].as_str().unwrap().starts_with("deploy-restart") => {
                let code = i32::try_from(ended["code"].as_i64().unwrap()).unwrap();
                assert_eq!(life.exit, Some(Exit { code, oom: reason == "OOMKilled" }), "{name}");
            }
            _ => {}
        }
    }
}
