//! How far the clock has come.

use ansflow_store::deliveries::{NewDelivery, Status};
use ansflow_store::schedules::{NEVER, Schedule};

use super::{at, clock, pipeline, rewrite, server};
use crate::world::each_database;

fn stroke(run: &str) -> NewDelivery<'_> {
    NewDelivery {
        source: "schedule",
        event: "0 3 * * *",
        dedupe: "0:1000",
        pipeline: "pl_1",
        status: Status::Started,
        reason: "",
        run,
        branch: "",
        commit: "",
        sender: "schedule",
    }
}

#[test]
fn a_schedule_goes_on_from_time_to_time_and_each_of_its_steps_is_told_once() {
    each_database(|world| async move {
        let store = server(&world).await;
        pipeline(&store, "pl_1", "a", &[clock("0 3 * * *", None), clock("5 * * * *", Some("Asia/Shanghai"))]).await;
        let schedules = store.schedules();
        assert_eq!(schedules.next_at().await.unwrap(), Some(0));
        let new = schedules.due(at(1)).await.unwrap();
        assert_eq!(new.iter().map(|one| one.timezone.as_str()).collect::<Vec<_>>(), ["UTC", "Asia/Shanghai"]);

        let planned = Schedule { next_at: 1_000, ..new[0].clone() };
        assert!(schedules.advance(&new[0], &planned, None, at(1)).await.unwrap());
        let never = Schedule { next_at: NEVER, ..new[1].clone() };
        assert!(schedules.advance(&new[1], &never, None, at(1)).await.unwrap());
        assert_eq!(schedules.next_at().await.unwrap(), Some(1_000));
        assert!(schedules.due(jiff::Timestamp::from_millisecond(999).unwrap()).await.unwrap().is_empty());
        assert_eq!(schedules.due(at(1)).await.unwrap(), std::slice::from_ref(&planned));

        let next = Schedule { next_at: 2_000, last_at: 1_000, last_run: "run_1".into(), ..planned.clone() };
        assert!(schedules.advance(&planned, &next, Some(&stroke("run_1")), at(1)).await.unwrap());
        assert!(!schedules.advance(&planned, &next, Some(&stroke("run_2")), at(1)).await.unwrap(), "it has gone on");
        assert_eq!(schedules.of("pl_1").await.unwrap(), [next, never]);
        let told = store.deliveries().list(None, None, 9).await.unwrap();
        assert_eq!(told.iter().map(|one| one.run.as_deref()).collect::<Vec<_>>(), [Some("run_1")]);

        schedules.reconsider().await.unwrap();
        assert_eq!(schedules.next_at().await.unwrap(), Some(0));
    });
}

#[test]
fn a_schedule_whose_text_has_changed_does_not_go_on_as_it_was() {
    each_database(|world| async move {
        let store = server(&world).await;
        pipeline(&store, "pl_1", "a", &[clock("0 3 * * *", None)]).await;
        let known = store.schedules().of("pl_1").await.unwrap().remove(0);
        rewrite(&store, "pl_1", 1, "b", &[clock("0 4 * * *", None)]).await;
        let next = Schedule { next_at: 1_000, ..known.clone() };
        assert!(!store.schedules().advance(&known, &next, Some(&stroke("run_1")), at(1)).await.unwrap());
        assert!(store.deliveries().list(None, None, 9).await.unwrap().is_empty());
    });
}

#[test]
fn whoever_waits_for_pipelines_is_woken_when_one_is_written() {
    each_database(|world| async move {
        let store = server(&world).await;
        let mut news = store.changes().listen_to_pipelines();
        pipeline(&store, "pl_1", "a", &[]).await;
        news.changed().await;
        rewrite(&store, "pl_1", 1, "b", &[]).await;
        news.changed().await;
    });
}

#[test]
fn only_a_key_that_was_asked_under_has_a_run() {
    each_database(|world| async move {
        let store = server(&world).await;
        assert_eq!(store.schedules().run_of("schedule:pl_1:0:1").await.unwrap(), None);
        assert_eq!(store.schedules().run_of("").await.unwrap(), None);
    });
}
