//! Pipelines: texts, versions, names, schedules.

use std::collections::BTreeSet;

use ansflow_core::pipeline::Trigger;
use ansflow_core::run::event::RunStatus;
use ansflow_store::pipelines::{Change, DeleteError, NewPipeline, Settings, Sort, Wording};
use ansflow_store::runs::NewRun;
use ansflow_store::{Error, Store};
use jiff::Timestamp;

use crate::world::{World, created, each_server_database};

const ON: Settings = Settings { enabled: true, max_runs: None };

fn at(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap()
}

fn wording<'w>(name: &'w str, body: &'w str, triggers: &'w [Trigger]) -> Wording<'w> {
    Wording { body, name, description: "", triggers, note: "why" }
}

/// A change of the text alone.
fn to<'c>(name: &'c str, body: &'c str, triggers: &'c [Trigger]) -> Change<'c> {
    Change { wording: Some(wording(name, body, triggers)), enabled: None, max_runs: None, by: "li" }
}

async fn make(store: &Store, id: &str, name: &str) {
    let new = NewPipeline { id, wording: wording(name, "one", &[]), settings: ON, by: "mona" };
    store.pipelines().create(&new, at(1)).await.unwrap();
}

async fn run(store: &Store, id: &str, pipeline: &str, number: u64, status: RunStatus) {
    let row = NewRun { id, pipeline, number, status };
    store.runs().create(row, &[created(id, 100 + i64::try_from(number).unwrap())]).await.unwrap();
}

fn cron(cron: &str, timezone: Option<&str>) -> Trigger {
    Trigger::Schedule { cron: cron.into(), timezone: timezone.map(str::to_owned) }
}

#[test]
fn a_new_text_is_a_new_version_and_nothing_is_lost() {
    each_server_database(|world| async move {
        make(&world.store, "pl_1", "shop").await;
        let pipelines = world.store.pipelines();
        let odd = "name: 'a\t\u{1}' # 构建 😀\r\n\r\n";
        let row = pipelines.save("pl_1", 1, &to("store", odd, &[]), at(2)).await.unwrap();
        assert_eq!((row.name.as_str(), row.version, row.revision, row.updated_at), ("store", 2, 2, 2));
        assert_eq!((row.updated_by.as_str(), pipelines.get("pl_1").await.unwrap()), ("li", row.clone()));
        let same = pipelines.save("pl_1", 2, &to("store", odd, &[]), at(3)).await.unwrap();
        assert_eq!(same, row);
        let off = Change { wording: None, enabled: Some(false), max_runs: Some(Some(3)), by: "li" };
        let row = pipelines.save("pl_1", 2, &off, at(4)).await.unwrap();
        assert_eq!((row.version, row.revision, row.enabled, row.max_runs), (2, 3, false, Some(3)));

        pipelines.delete("pl_1", "li", at(5)).await.unwrap();
        assert!(matches!(pipelines.get("pl_1").await, Err(Error::NotFound(_))));
        assert_eq!(pipelines.version("pl_1", 1).await.unwrap().body, "one");
        assert_eq!(pipelines.version("pl_1", 2).await.unwrap().body, odd);
        let numbers: Vec<u64> = pipelines.versions("pl_1", None, 9).await.unwrap().iter().map(|v| v.version).collect();
        assert_eq!(numbers, [2, 1]);
        assert!(matches!(pipelines.version("pl_1", u64::MAX).await, Err(Error::NotFound(_))));
    });
}

#[test]
fn who_saves_on_old_knowledge_changes_nothing() {
    each_server_database(|world| async move {
        make(&world.store, "pl_1", "shop").await;
        let tasks: Vec<_> = (0..8)
            .map(|number| {
                let store = world.store.clone();
                tokio::spawn(async move {
                    let body = format!("text {number}");
                    store.pipelines().save("pl_1", 1, &to("shop", &body, &[]), at(2)).await
                })
            })
            .collect();
        let mut won = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(_) => won += 1,
                Err(Error::Conflict(what)) => assert_eq!(what, "pipeline `shop`"),
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!((won, world.store.pipelines().get("pl_1").await.unwrap().version), (1, 2));
    });
}

#[test]
fn a_name_belongs_to_one_living_pipeline() {
    each_server_database(|world| async move {
        make(&world.store, "pl_1", "shop").await;
        make(&world.store, "pl_2", "store").await;
        let pipelines = world.store.pipelines();
        let again = NewPipeline { id: "pl_3", wording: wording("shop", "x", &[]), settings: ON, by: "li" };
        assert!(matches!(pipelines.create(&again, at(2)).await, Err(Error::Taken("name"))));
        assert!(matches!(pipelines.save("pl_2", 1, &to("shop", "x", &[]), at(2)).await, Err(Error::Taken("name"))));
        assert_eq!(pipelines.get("pl_2").await.unwrap().name, "store");
        pipelines.delete("pl_1", "li", at(3)).await.unwrap();
        pipelines.save("pl_2", 1, &to("shop", "x", &[]), at(4)).await.unwrap();
        assert_eq!(pipelines.by_name("shop").await.unwrap().unwrap().id, "pl_2");
        assert_eq!(pipelines.by_name("store").await.unwrap(), None);
    });
}

#[test]
fn a_pipeline_with_unfinished_runs_is_not_deleted() {
    each_server_database(|world| async move {
        make(&world.store, "pl_1", "shop").await;
        run(&world.store, "run_1", "pl_1", 1, RunStatus::Waiting).await;
        let pipelines = world.store.pipelines();
        assert!(matches!(pipelines.delete("pl_1", "li", at(2)).await, Err(DeleteError::Unfinished(1))));
        assert_eq!(pipelines.get("pl_1").await.unwrap().revision, 1);
        assert_eq!(pipelines.unfinished_runs().await.unwrap().get("pl_1"), Some(&1));
        assert!(matches!(pipelines.delete("pl_9", "li", at(2)).await, Err(DeleteError::Store(Error::NotFound(_)))));
    });
}

#[test]
fn schedules_follow_the_text_and_go_on_where_they_stay() {
    each_server_database(|world| async move {
        make(&world.store, "pl_1", "shop").await;
        let pipelines = world.store.pipelines();
        let first = [Trigger::Manual, cron("0 3 * * *", None), cron("5 3 * * *", Some("Asia/Shanghai"))];
        pipelines.save("pl_1", 1, &to("shop", "two", &first), at(2)).await.unwrap();
        assert_eq!(world.schedules().await, ["1 0 3 * * * UTC 0 0 ", "2 5 3 * * * Asia/Shanghai 0 0 "]);
        world.tamper("UPDATE schedule SET next_at = 70 + place, last_at = 6, last_run = 'run_6'").await;
        let then =
            [cron("5 3 * * *", Some("Asia/Shanghai")), cron("0 3 * * *", Some("Asia/Tokyo")), cron("0 3 * * *", None)];
        pipelines.save("pl_1", 2, &to("shop", "three", &then), at(3)).await.unwrap();
        let expect =
            ["0 5 3 * * * Asia/Shanghai 72 6 run_6", "1 0 3 * * * Asia/Tokyo 0 0 ", "2 0 3 * * * UTC 71 6 run_6"];
        assert_eq!(world.schedules().await, expect);
        let off = Change { wording: None, enabled: Some(false), max_runs: None, by: "li" };
        pipelines.save("pl_1", 3, &off, at(4)).await.unwrap();
        assert_eq!(world.schedules().await, expect);

        world
            .tamper("INSERT INTO hook (pipeline, token, sealed, version, updated_at) VALUES ('pl_1', 't', '', 1, 1)")
            .await;
        pipelines.delete("pl_1", "li", at(5)).await.unwrap();
        assert!(world.schedules().await.is_empty());
        assert_eq!(world.number("SELECT COUNT(*) FROM hook").await, 0);
    });
}

#[test]
fn lists_are_searched_sorted_and_go_on_where_they_stopped() {
    each_server_database(|world| async move {
        for (number, name) in ["b", "A%_!", "é", "c"].into_iter().enumerate() {
            make(&world.store, &format!("pl_{number}"), name).await;
        }
        run(&world.store, "run_1", "pl_3", 1, RunStatus::Success).await;
        let pipelines = world.store.pipelines();
        let found = async |search: Option<&'static str>, sort| {
            let (mut ids, mut behind) = (Vec::new(), None);
            loop {
                let page = pipelines.list(search, sort, behind.as_ref(), 1).await.unwrap();
                let Some(last) = page.last() else { break ids };
                behind = Some(last.place(sort));
                ids.extend(page.into_iter().map(|listed| listed.row.id));
            }
        };
        assert_eq!(found(None, Sort::Name).await, ["pl_1", "pl_0", "pl_3", "pl_2"]);
        assert_eq!(found(None, Sort::Updated).await, ["pl_3", "pl_2", "pl_1", "pl_0"]);
        assert_eq!(found(None, Sort::LastRun).await, ["pl_3", "pl_2", "pl_1", "pl_0"]);
        assert_eq!(found(Some("a%_!"), Sort::Name).await, ["pl_1"]);
        assert_eq!(found(Some("É"), Sort::LastRun).await, ["pl_2"]);
        assert!(found(Some("_b"), Sort::Name).await.is_empty());
        assert_eq!((pipelines.count(None).await.unwrap(), pipelines.count(Some("%")).await.unwrap()), (4, 1));
        let texts = pipelines.texts(&["pl_3", "pl_9"]).await.unwrap();
        assert_eq!(texts, [("pl_3".to_owned(), 1, "one".to_owned())]);
    });
}

#[test]
fn the_newest_runs_of_many_pipelines_are_one_query() {
    each_server_database(|world| async move {
        for id in ["pl_1", "pl_2", "pl_3"] {
            make(&world.store, id, id).await;
        }
        for number in 1..=14 {
            run(&world.store, &format!("run_{number}"), "pl_1", number, RunStatus::Failed).await;
        }
        run(&world.store, "run_99", "pl_2", 1, RunStatus::Queued).await;
        let recent = world.store.pipelines().recent_runs(&["pl_1", "pl_2", "pl_3"], 10).await.unwrap();
        let numbers: Vec<u64> = recent["pl_1"].iter().map(|run| run.number).collect();
        assert_eq!(numbers, [14, 13, 12, 11, 10, 9, 8, 7, 6, 5]);
        assert_eq!((recent["pl_2"][0].status.as_str(), recent["pl_2"][0].duration_ms), ("queued", None));
        assert!(!recent.contains_key("pl_3"));
    });
}

#[test]
fn secrets_that_are_not_there_are_named() {
    each_server_database(|world: World| async move {
        world
            .tamper(
                "INSERT INTO secret (name, description, sealed, version, created_at, updated_at, updated_by)
                 VALUES ('A', '', '', 1, 1, 1, 'mona')",
            )
            .await;
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<String>>();
        let pipelines = world.store.pipelines();
        assert_eq!(pipelines.missing_secrets(&names(&["A", "B", "'"])).await.unwrap(), names(&["B", "'"]));
        assert_eq!(pipelines.missing_secrets(&names(&[])).await.unwrap(), names(&[]));
    });
}
