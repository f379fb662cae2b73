//! The clock's triggers, tick by tick, with a clock of the test's own.

mod kills;

use std::path::Path;

use ansflow_core::pipeline::{Source, parse};
use ansflow_engine::schedules::Schedules;
use ansflow_store::pipelines::{Change, NewPipeline, Settings, Wording};
use ansflow_store::{Files, Keyring, Store};
use jiff::Timestamp;
use serde_json::Map;
use tempfile::TempDir;

/// A store with a clock.
struct Clock {
    dir: TempDir,
    store: Store,
    schedules: Schedules,
}

fn pipeline(trigger: &str) -> String {
    format!("name: night\ntriggers: [{trigger}]\nsteps: [{{name: a, type: command, command: 'true'}}]\n")
}

const HOURLY: &str = "{type: schedule, cron: '0 * * * *'}";

impl Clock {
    async fn with(triggers: &[(&str, &str)]) -> Clock {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open_for_server(&format!("sqlite://{}/a.db", dir.path().display())).await.unwrap();
        let schedules = of(&store, dir.path());
        let clock = Clock { dir, store, schedules };
        for (id, trigger) in triggers {
            clock.add(id, &pipeline(trigger)).await;
        }
        clock
    }

    async fn add(&self, id: &str, text: &str) {
        let source = Source { text: text.as_bytes(), file_stem: "a", variables: &Map::new() };
        let triggers = parse(&source).0.map(|pipeline| pipeline.triggers).unwrap_or_default();
        let wording = Wording { body: text, name: id, description: "", triggers: &triggers, note: "" };
        let settings = Settings { enabled: true, max_runs: None };
        let new = NewPipeline { id, wording, settings, by: "mona" };
        self.store.pipelines().create(&new, at("2026-03-01T00:00:00Z")).await.unwrap();
    }

    async fn switch(&self, id: &str, enabled: bool) {
        let revision = self.store.pipelines().get(id).await.unwrap().revision;
        let change = Change { wording: None, enabled: Some(enabled), max_runs: None, by: "mona" };
        self.store.pipelines().save(id, revision, &change, at("2026-03-01T00:00:00Z")).await.unwrap();
    }

    /// Ticks, and says when it wants to be woken.
    async fn tick(&mut self, time: &str) -> String {
        self.schedules.tick(at(time)).await.unwrap().map_or_else(|| "-".into(), |at| at.to_string())
    }

    /// `status reason` of what was remembered, oldest first.
    async fn log(&self) -> Vec<String> {
        let mut all = self.store.deliveries().list(None, None, 1_000).await.unwrap();
        all.reverse();
        all.iter().map(|one| format!("{} {}", one.status.word(), one.reason).trim().to_owned()).collect()
    }

    async fn runs(&self) -> usize {
        self.store.runs().list(None, None, 1_000).await.unwrap().len()
    }
}

fn of(store: &Store, dir: &Path) -> Schedules {
    let keyring = Keyring::open(&dir.join("key")).unwrap();
    Schedules::new(store.clone(), Files::at(dir), keyring)
}

fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

#[tokio::test]
async fn what_is_due_is_started_once_and_goes_on() {
    let mut clock = Clock::with(&[("pl_1", HOURLY)]).await;
    assert_eq!(clock.tick("2026-03-01T10:20:00Z").await, "2026-03-01T11:00:00Z");
    assert_eq!(clock.tick("2026-03-01T10:59:59.999Z").await, "2026-03-01T11:00:00Z");
    assert_eq!(clock.runs().await, 0);
    assert_eq!(clock.tick("2026-03-01T11:00:00Z").await, "2026-03-01T11:20:00Z", "to forget old deliveries");
    assert_eq!(clock.tick("2026-03-01T11:00:01Z").await, "2026-03-01T11:20:00Z");
    assert_eq!(clock.tick("2026-03-01T11:20:00Z").await, "2026-03-01T12:00:00Z");
    assert_eq!((clock.runs().await, clock.log().await), (1, vec!["started".to_owned()]));

    let schedule = clock.store.schedules().of("pl_1").await.unwrap().remove(0);
    assert_eq!(schedule.last_at, at("2026-03-01T11:00:00Z").as_millisecond());
    let run = clock.store.runs().replay(&schedule.last_run).await.unwrap();
    let facts = &run.created().facts;
    assert_eq!((facts.trigger.as_str(), facts.by.as_str()), ("schedule", "schedule"));
    let told = clock.store.deliveries().list(Some("pl_1"), None, 9).await.unwrap().remove(0);
    assert_eq!((told.source.as_str(), told.event.as_str()), ("schedule", "0 * * * *"));
    assert_eq!(told.run.as_deref(), Some(schedule.last_run.as_str()));
}

#[tokio::test]
async fn what_was_missed_is_told_with_its_count_and_not_run() {
    let mut clock = Clock::with(&[("pl_1", HOURLY), ("pl_2", "{type: schedule, cron: '0 3 * * *'}")]).await;
    clock.tick("2026-03-01T01:30:00Z").await;
    clock.tick("2026-03-02T01:30:00Z").await;
    assert_eq!(
        clock.log().await,
        [
            "missed AnsFlow was not running 24 times from 2026-03-01T02:00:00Z to 2026-03-02T01:00:00Z",
            "missed AnsFlow was not running at 2026-03-01T03:00:00Z",
        ]
    );
    assert_eq!(clock.runs().await, 0);
    assert_eq!(clock.tick("2026-03-02T02:00:00Z").await, "2026-03-02T02:30:00Z");
    assert_eq!(clock.runs().await, 1);
    assert_eq!(clock.tick("2026-03-02T02:30:00Z").await, "2026-03-02T03:00:00Z");
}

#[tokio::test]
async fn what_is_a_little_late_still_runs() {
    let mut clock = Clock::with(&[("pl_1", HOURLY)]).await;
    clock.tick("2026-03-01T10:20:00Z").await;
    clock.tick("2026-03-01T11:05:00Z").await;
    assert_eq!(clock.log().await, ["started"], "five minutes are not more than five minutes");
    clock.tick("2026-03-01T12:05:00.001Z").await;
    assert_eq!(clock.log().await, ["started", "missed AnsFlow was not running at 2026-03-01T12:00:00Z"]);
}

#[tokio::test]
async fn of_every_minute_that_was_missed_the_last_ones_are_one_run() {
    let mut clock = Clock::with(&[("pl_1", "{type: schedule, cron: '* * * * *'}")]).await;
    clock.tick("2026-03-01T10:00:30Z").await;
    clock.tick("2026-03-01T11:00:30Z").await;
    let missed = "missed AnsFlow was not running 55 times from 2026-03-01T10:01:00Z to 2026-03-01T10:55:00Z";
    assert_eq!((clock.log().await, clock.runs().await), (vec![missed.to_owned(), "started".to_owned()], 1));
    // A year of it costs a moment.
    clock.tick("2027-03-01T11:00:30Z").await;
    assert_eq!(clock.log().await[0], "missed AnsFlow was not running 1000 times and more from 2026-03-01T11:01:00Z on");
}

#[tokio::test]
async fn what_cannot_start_is_refused_in_words_and_tried_the_next_time() {
    let mut clock = Clock::with(&[("pl_1", HOURLY)]).await;
    clock.tick("2026-03-01T10:20:00Z").await;
    clock.switch("pl_1", false).await;
    clock.tick("2026-03-01T11:00:00Z").await;
    clock.switch("pl_1", true).await;
    clock.tick("2026-03-01T12:00:00Z").await;
    assert_eq!(clock.log().await, ["refused pipeline `pl_1` is disabled", "started"]);
}

#[tokio::test]
async fn what_never_comes_is_refused_once_and_keeps_nobody() {
    let mut clock = Clock::with(&[
        ("pl_1", "{type: schedule, cron: '0 3 * * *', timezone: Mars/Olympus}"),
        ("pl_2", "{type: schedule, cron: '0 0 30 2 *'}"),
        ("pl_3", HOURLY),
    ])
    .await;
    assert_eq!(clock.tick("2026-03-01T10:20:00Z").await, "2026-03-01T11:00:00Z");
    clock.tick("2026-03-01T11:00:00Z").await;
    let expect = [
        "refused there is no time zone `Mars/Olympus` on this machine",
        "refused it never comes: no such day is in any year",
        "started",
    ];
    assert_eq!(clock.log().await, expect);
    // AnsFlow starts again: the machine may know more by now. It does not, and is told of once.
    clock.store.schedules().reconsider().await.unwrap();
    clock.tick("2026-03-01T11:10:00Z").await;
    assert_eq!(clock.log().await.len(), 3);
}

#[tokio::test]
async fn the_time_zone_is_that_of_the_schedule() {
    let mut clock = Clock::with(&[("pl_1", "{type: schedule, cron: '0 9 * * *', timezone: Asia/Shanghai}")]).await;
    clock.tick("2026-03-01T00:30:00Z").await;
    assert_eq!(clock.tick("2026-03-01T00:59:59Z").await, "2026-03-01T01:00:00Z");
    clock.tick("2026-03-01T01:00:00Z").await;
    assert_eq!(clock.runs().await, 1);
}

#[tokio::test]
async fn old_deliveries_are_forgotten() {
    let mut clock = Clock::with(&[("pl_1", "{type: schedule, cron: '0 0 1 * *'}")]).await;
    clock.tick("2026-03-31T23:59:00Z").await;
    clock.tick("2026-04-01T00:00:00Z").await;
    clock.tick("2026-04-30T23:00:00Z").await;
    assert_eq!(clock.log().await, ["started"]);
    clock.tick("2026-05-01T01:00:00Z").await;
    assert_eq!(clock.log().await, ["missed AnsFlow was not running at 2026-05-01T00:00:00Z"]);
}
