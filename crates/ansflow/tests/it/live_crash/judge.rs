//! What everybody saw, beside what was stored and what the steps did.

use std::collections::BTreeMap;
use std::time::Duration;

use ansflow_core::run::Run;
use ansflow_core::run::event::{Event, Fact, Report};
use ansflow_core::run::told::tell;
use serde_json::Value as Json;

use super::Watched;
use crate::server_world::ServerWorld;

/// What a round came to.
#[derive(Debug, Default)]
pub(crate) struct Count {
    pub(crate) crashes: u64,
    /// Attempts that were killed.
    pub(crate) attempts: u64,
    /// Connections of browsers.
    pub(crate) connections: usize,
    /// Compared, of all who watch.
    pub(crate) events: usize,
    pub(crate) lines: usize,
}

/// The output of a run, by step and attempt.
type Logs = BTreeMap<(String, u64), Vec<u8>>;

/// Holds what was seen of a run against the truth.
pub(crate) fn judge(
    server: &ServerWorld,
    watched: Watched,
    only_the_server_was_killed: bool,
    patience: Duration,
) -> Count {
    let Watched { story, run, seen, events, words, log } = watched;
    let name = story.name;
    let stored = server.with_store(async |store| store.runs().after(&run, 0, 100_000).await.unwrap());
    let facts: Vec<Event> = stored.iter().map(|(_, event)| event.clone()).collect();
    let whole = Run::replay(&facts).unwrap();
    assert_eq!(whole.status(), story.status, "{name}: {facts:#?}");
    effects(server, &run, &whole, &facts, only_the_server_was_killed.then_some(story.steps));
    let logs = logs(server, &run, &whole, &facts);

    let told: Vec<Json> =
        stored.iter().filter_map(|(seq, event)| Some(Json::Object(tell(*seq, event, &whole)?.object))).collect();
    assert_eq!(seen.events, told, "{name}: the events of a browser");
    assert_eq!(
        seen.logs.keys().collect::<Vec<_>>(),
        logs.keys().collect::<Vec<_>>(),
        "{name}: the attempts of a browser"
    );
    for (which, lines) in &seen.logs {
        let pieces = lines.iter().map(|line| (line["offset"].as_u64().unwrap(), line["text"].as_str().unwrap()));
        same(&rebuilt(pieces), &logs[which], &format!("{name} in a browser: {which:?}"));
        let numbers: Vec<u64> = lines.iter().map(|line| line["number"].as_u64().unwrap()).collect();
        assert!(numbers.is_sorted() && numbers.first().is_none_or(|first| *first == 1), "{name}: {which:?}");
        assert!(numbers.windows(2).all(|pair| pair[1] - pair[0] <= 1), "{name}: {which:?}: a number is missing");
    }

    let said = events.said();
    let (code, shown) = events.ended(patience);
    let (watched, watched_logs) = parted(&shown);
    assert_eq!(watched, told, "{name}: the events of `runs watch`; {said}");
    assert_eq!(code, Some(story.code), "{name}: the exit code of `runs watch`; {said}");
    for (which, log) in &logs {
        let shown = watched_logs.get(which).map(Vec::as_slice).unwrap_or_default();
        let pieces = shown.iter().map(|line| (line["offset"].as_u64().unwrap(), line["line"].as_str().unwrap()));
        same(&rebuilt(pieces), log, &format!("{name} in `runs watch -o json`: {which:?}"));
    }

    let (code, shown) = words.ended(patience);
    assert_eq!(code, Some(story.code), "{name}: the exit code of `runs watch` without JSON");
    for (step, _) in story.steps {
        let shown = String::from_utf8_lossy(&shown);
        let of_step = shown.lines().filter_map(|line| said_by(line, step));
        let shown: String = of_step.flat_map(|line| [line, "\n"]).collect();
        same(
            &without_breaks(shown.as_bytes()),
            &without_breaks(&of_all_attempts(&logs, step, 1)),
            &format!("{name} in `runs watch`: {step}"),
        );
    }

    let (code, shown) = log.ended(patience);
    assert_eq!(code, Some(0), "{name}: the exit code of `runs logs -f`");
    // It begins with the attempt that was the latest when it came.
    let first = (1..).find(|first| of_all_attempts(&logs, story.followed, *first).len() <= shown.len()).unwrap();
    let expected = of_all_attempts(&logs, story.followed, first);
    same(&shown, &expected, &format!("{name} in `runs logs -f`, from attempt {first} on"));

    let lines: usize = logs.values().map(|log| log.iter().filter(|byte| **byte == b'\n').count()).sum();
    let followed = expected.iter().filter(|byte| **byte == b'\n').count();
    Count { events: 2 * told.len(), lines: 3 * lines + followed, connections: seen.connections, ..Count::default() }
}

/// Every step was tried as often as it should be, and did its work as often as it was tried.
fn effects(server: &ServerWorld, run: &str, whole: &Run, facts: &[Event], expected: Option<&[(&str, usize)]>) {
    let trace = server.text(run, "trace");
    for (index, step) in whole.plan().steps.iter().enumerate() {
        let count = |is: &dyn Fn(&Fact) -> bool| facts.iter().filter(|event| is(&event.fact)).count();
        let tries = count(&|fact| matches!(fact, Fact::AttemptStarted { step, .. } if *step == index));
        let lost = count(
            &|fact| matches!(fact, Fact::AttemptEnded { step, report: Report::Lost { .. }, .. } if *step == index),
        );
        let done = trace.lines().filter(|line| *line == step.name).count();
        assert!(
            (tries - lost..=tries).contains(&done),
            "`{}` was done {done} times in {tries} tries, {lost} lost",
            step.name
        );
        if let Some(expected) = expected {
            let (_, expected) = expected.iter().find(|(name, _)| *name == step.name).unwrap();
            assert_eq!((tries, lost), (*expected, 0), "`{}`: {facts:#?}", step.name);
        }
        let ends = count(&|fact| matches!(fact, Fact::StepFinished(finished) if finished.step == index));
        assert_eq!(ends, 1, "`{}` finishes once", step.name);
    }
    let ends = facts.iter().filter(|event| matches!(event.fact, Fact::RunFinished { .. })).count();
    assert_eq!(ends, 1, "{run} finishes once");
}

/// What the attempts have written, from their files.
fn logs(server: &ServerWorld, run: &str, whole: &Run, facts: &[Event]) -> Logs {
    let started = facts.iter().filter_map(|event| match event.fact {
        Fact::AttemptStarted { step, attempt, .. } => Some((step, attempt)),
        _ => None,
    });
    let log = |(step, attempt): (usize, u32)| {
        // One that was killed before it began has none.
        let bytes = std::fs::read(server.log(run, step, attempt)).unwrap_or_default();
        ((whole.plan().steps[step].name.clone(), u64::from(attempt)), bytes)
    };
    started.map(log).collect()
}

/// What `runs watch -o json` says of lines, by step and attempt.
type Said = BTreeMap<(String, u64), Vec<Json>>;

/// Events, and lines by step and attempt; no line comes before its attempt begins or after it has ended.
fn parted(shown: &[u8]) -> (Vec<Json>, Said) {
    let (mut events, mut logs) = (Vec::new(), Said::new());
    let mut running = BTreeMap::new();
    for line in String::from_utf8_lossy(shown).lines() {
        let line: Json = serde_json::from_str(line).unwrap();
        let step = line["step"].as_str().unwrap_or_default().to_owned();
        match line["event"].as_str().unwrap() {
            "log" => {
                let attempt = running.get(&step).unwrap_or_else(|| panic!("a line out of its time: {line}"));
                logs.entry((step, *attempt)).or_default().push(line);
                continue;
            }
            "step_started" => drop(running.insert(step, line["attempt"].as_u64().unwrap())),
            "step_finished" | "retry_scheduled" => drop(running.remove(&step)),
            _ => (),
        }
        events.push(line);
    }
    (events, logs)
}

/// The bytes that lines are made of: each stands right behind the one before, or behind its line break.
fn rebuilt<'t>(pieces: impl Iterator<Item = (u64, &'t str)>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (offset, text) in pieces {
        if offset == bytes.len() as u64 + 1 {
            bytes.push(b'\n');
        }
        assert_eq!(offset, bytes.len() as u64, "the line {text:?} does not follow the one before");
        bytes.extend_from_slice(text.as_bytes());
    }
    bytes.push(b'\n');
    bytes
}

/// Whether both are the same text; what is not ended by a line break is shown with one.
fn same(shown: &[u8], truth: &[u8], what: &str) {
    let trimmed = |text: &[u8]| text.strip_suffix(b"\n").unwrap_or(text).to_vec();
    let (shown, truth) = (trimmed(shown), trimmed(truth));
    if shown == truth {
        return;
    }
    let place = shown.iter().zip(&truth).take_while(|(one, other)| one == other).count();
    let near = |text: &[u8]| {
        let text = &text[place.saturating_sub(60).min(text.len())..(place + 60).min(text.len())];
        String::from_utf8_lossy(text).into_owned()
    };
    panic!(
        "{what}: {} bytes shown of {}; at {place}: {:?} for {:?}",
        shown.len(),
        truth.len(),
        near(&shown),
        near(&truth)
    );
}

/// Everything a step has printed from an attempt on, one after the other; each begins on a line of its own.
fn of_all_attempts(logs: &Logs, step: &str, first: u64) -> Vec<u8> {
    let mut text = Vec::new();
    for log in logs.iter().filter(|((name, attempt), _)| name == step && *attempt >= first).map(|(_, log)| log) {
        text.extend_from_slice(log);
        if !log.is_empty() && !log.ends_with(b"\n") {
            text.push(b'\n');
        }
    }
    text
}

/// What stands behind the name of a step and its bar.
fn said_by<'l>(line: &'l str, step: &str) -> Option<&'l str> {
    let text = line.strip_prefix(step)?.trim_start_matches(' ');
    text.strip_prefix("│ ").or_else(|| text.strip_prefix("┆ "))
}

/// For people, a very long line is shown in pieces.
fn without_breaks(text: &[u8]) -> Vec<u8> {
    text.iter().copied().filter(|byte| *byte != b'\n').collect()
}

impl std::ops::AddAssign for Count {
    fn add_assign(&mut self, more: Self) {
        self.crashes += more.crashes;
        self.attempts += more.attempts;
        self.connections += more.connections;
        self.events += more.events;
        self.lines += more.lines;
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { crashes, attempts, connections, events, lines } = self;
        write!(f, "{crashes} crashes, {attempts} attempts killed; {connections} connections of browsers; ")?;
        write!(f, "{events} events and {lines} lines compared")
    }
}
