//! Histories: appended under the number of the last known event, and read back.

use ansflow_core::run::event::{Fact, RunStatus};
use ansflow_store::Error;
use ansflow_store::runs::NewRun;

use crate::world::{World, attempts, created, each_database, event};

#[test]
fn a_run_is_its_events() {
    each_database(|world| async move {
        world.create("run_1").await;
        let runs = world.store.runs();
        let cancel = event(7, Fact::CancelRequested { by: "mona's \"twin\" 丽莎\n\u{1}".into() });
        assert_eq!(runs.append("run_1", 1, &attempts(1..4), RunStatus::Running).await.unwrap(), 4);
        assert_eq!(runs.append("run_1", 4, std::slice::from_ref(&cancel), RunStatus::Cancelled).await.unwrap(), 5);

        let mut all = vec![created("run_1", 1)];
        all.extend(attempts(1..4));
        all.push(cancel.clone());
        assert_eq!(runs.load("run_1").await.unwrap(), all);
        assert_eq!(runs.after("run_1", 4, 9).await.unwrap(), [(5, cancel)]);
        let page: Vec<u64> = runs.after("run_1", 1, 2).await.unwrap().into_iter().map(|(seq, _)| seq).collect();
        assert_eq!(page, [2, 3]);
        assert_eq!(runs.after("run_1", 5, 9).await.unwrap(), []);

        let row = runs.get("run_1").await.unwrap();
        assert_eq!((row.pipeline.as_str(), row.number, row.status, row.seq), ("shop", 1, RunStatus::Cancelled, 5));
        assert_eq!((row.created_at, row.updated_at), (1, 7));
    });
}

#[test]
fn who_decides_on_old_knowledge_changes_nothing() {
    each_database(|world| async move {
        world.create("run_1").await;
        let runs = world.store.runs();
        runs.append("run_1", 1, &attempts(1..2), RunStatus::Running).await.unwrap();
        for expected in [0, 1, 3] {
            let late = runs.append("run_1", expected, &attempts(7..9), RunStatus::Failed).await;
            assert_eq!(late.unwrap_err().to_string(), "run `run_1` has changed since it was read");
        }
        assert_eq!(runs.load("run_1").await.unwrap().len(), 2);
        assert_eq!(runs.get("run_1").await.unwrap().status, RunStatus::Running);
    });
}

#[test]
fn of_many_who_append_at_once_one_is_first() {
    each_database(|world| async move {
        world.create("run_1").await;
        let tasks: Vec<_> = (0..6).map(|_| tokio::spawn(append_ten(world.store.clone()))).collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(world.store.runs().load("run_1").await.unwrap().len(), 61);
        assert_eq!(world.store.runs().get("run_1").await.unwrap().seq, 61);
    });
}

async fn append_ten(store: ansflow_store::Store) {
    for number in 0..10 {
        loop {
            let seq = store.runs().get("run_1").await.unwrap().seq;
            match store.runs().append("run_1", seq, &attempts(number..number + 1), RunStatus::Running).await {
                Ok(after) => break assert_eq!(after, seq + 1),
                Err(Error::Conflict(_)) => (),
                Err(other) => panic!("{other}"),
            }
        }
    }
}

#[test]
fn an_append_that_is_dropped_half_way_is_whole_or_was_never() {
    each_database(|world| async move {
        world.create("run_1").await;
        let runs = world.store.runs();
        let mut seq = 1;
        for patience in 0..40 {
            let batch = attempts(0..100);
            let append = runs.append("run_1", seq, &batch, RunStatus::Running);
            let _ = tokio::time::timeout(std::time::Duration::from_micros(patience * 250), append).await;
            // Whatever the database still does of it, it does before this one.
            seq = match runs.append("run_1", seq, &attempts(0..1), RunStatus::Running).await {
                Ok(after) => after,
                Err(Error::Conflict(_)) => seq + 100,
                Err(other) => panic!("{other}"),
            };
            assert_eq!(runs.get("run_1").await.unwrap().seq, seq);
            assert_eq!(runs.load("run_1").await.unwrap().len() as u64, seq);
        }
    });
}

#[test]
fn ids_and_build_numbers_are_given_once() {
    each_database(|world| async move {
        world.create("run_1").await;
        let again = |id, pipeline, number| NewRun { id, pipeline, number, status: RunStatus::Queued };
        let error = |result: ansflow_store::Result<u64>| result.unwrap_err().to_string();
        assert_eq!(error(world.create_as(again("run_1", "shop", 2)).await), "this run id is already taken");
        assert_eq!(error(world.create_as(again("run_2", "shop", 1)).await), "this build number is already taken");
        world.create_as(again("run_3", "other", 1)).await.unwrap();
        let nothing = world.store.runs().create(again("run_4", "other", 4), &[]).await;
        assert_eq!(error(nothing), "run `run_4` cannot begin without an event");
        assert!(matches!(world.store.runs().load("run_2").await, Err(Error::NotFound(_))));
    });
}

#[test]
fn a_run_that_is_not_there_is_not_found() {
    each_database(|world| async move {
        let runs = world.store.runs();
        let message = "run `run_9` was not found";
        assert_eq!(runs.load("run_9").await.unwrap_err().to_string(), message);
        assert_eq!(runs.get("run_9").await.unwrap_err().to_string(), message);
        let append = runs.append("run_9", 1, &attempts(1..2), RunStatus::Running).await;
        assert_eq!(append.unwrap_err().to_string(), message);
        assert_eq!(runs.after("run_9", 0, 9).await.unwrap(), []);
    });
}

#[test]
fn appending_nothing_changes_nothing() {
    each_database(|world| async move {
        world.create("run_1").await;
        assert_eq!(world.store.runs().append("run_1", 1, &[], RunStatus::Failed).await.unwrap(), 1);
        assert_eq!(world.store.runs().get("run_1").await.unwrap().status, RunStatus::Queued);
    });
}

#[test]
fn lists_are_newest_first_and_go_on_where_they_stopped() {
    each_database(|world| async move {
        for id in ["run_2", "run_1", "run_5", "run_4", "run_3"] {
            world.create(id).await;
        }
        let odd = "'; DROP TABLE run; -- 构建";
        let other = NewRun { id: "run_6", pipeline: odd, number: 1, status: RunStatus::Queued };
        world.create_as(other).await.unwrap();
        let runs = world.store.runs();
        let ids = async |pipeline, before, limit| -> Vec<String> {
            runs.list(pipeline, before, limit).await.unwrap().into_iter().map(|row| row.id).collect()
        };
        assert_eq!(ids(None, None, 3).await, ["run_6", "run_5", "run_4"]);
        assert_eq!(ids(None, Some("run_4"), 3).await, ["run_3", "run_2", "run_1"]);
        assert_eq!(ids(Some("shop"), None, 1).await, ["run_5"]);
        assert_eq!(ids(Some(odd), None, 9).await, ["run_6"]);
        assert!(ids(Some("none"), None, 9).await.is_empty() && ids(None, Some("run_1"), 9).await.is_empty());
    });
}

#[test]
fn unfinished_runs_are_those_that_have_not_ended() {
    each_database(|world| async move {
        use RunStatus::*;
        for (number, status) in (1..).zip([Queued, Running, Waiting, Success, Failed, Cancelled, TimedOut]) {
            let id = format!("run_{number}");
            world.create_as(NewRun { id: &id, pipeline: "shop", number, status }).await.unwrap();
            assert_eq!(world.store.runs().get(&id).await.unwrap().status, status);
        }
        let ids: Vec<String> = world.store.runs().unfinished().await.unwrap().into_iter().map(|row| row.id).collect();
        assert_eq!(ids, ["run_1", "run_2", "run_3"]);
    });
}

#[test]
fn ten_thousand_events_are_one_append() {
    each_database(|world| async move {
        world.create("run_1").await;
        let many = attempts(0..10_000);
        world.store.runs().append("run_1", 1, &many, RunStatus::Running).await.unwrap();
        assert_eq!(world.store.runs().load("run_1").await.unwrap()[1..], many);
    });
}

/// What a damaged history answers; `seq` 2 is the one that was damaged.
fn check_damage(sql: &'static str, expect: &'static str) {
    each_database(move |world: World| async move {
        world.create("run_1").await;
        world.store.runs().append("run_1", 1, &attempts(1..3), RunStatus::Running).await.unwrap();
        world.tamper(sql).await;
        let error = match world.store.runs().load("run_1").await {
            Ok(_) => world.store.runs().get("run_1").await.unwrap_err(),
            Err(error) => error,
        };
        assert!(matches!(error, Error::Corrupt(_)), "{error:?}");
        assert_eq!(error.to_string(), expect);
    });
}

#[test]
fn a_damaged_history_is_named_not_guessed() {
    check_damage(
        r#"UPDATE run_event SET body = '{"v":2,"shape":"of things to come"}' WHERE seq = 2"#,
        "event 2 of run `run_1` has the unknown version 2: a later AnsFlow wrote it",
    );
    check_damage(
        "UPDATE run_event SET body = 'torn' WHERE seq = 2",
        "event 2 of run `run_1` cannot be read: expected ident at line 1 column 2",
    );
    check_damage("DELETE FROM run_event WHERE seq = 2", "event 2 of run `run_1` is missing");
    check_damage("UPDATE run SET status = 'odd'", "run `run_1` has the unknown status `odd`");
}

#[test]
fn what_version_one_wrote_stays_readable() {
    each_database(|world| async move {
        world.create("run_1").await;
        world.store.runs().append("run_1", 1, &attempts(1..2), RunStatus::Running).await.unwrap();
        world
            .tamper(
                r#"UPDATE run_event SET body =
                '{"v":1,"at":"1970-01-01T00:00:01Z","kind":"cancel_requested","by":"mona"}' WHERE seq = 2"#,
            )
            .await;
        let expect = event(1_000, Fact::CancelRequested { by: "mona".into() });
        assert_eq!(world.store.runs().load("run_1").await.unwrap()[1], expect);
    });
}
