//! What knocked, and what came of it.

use ansflow_store::Store;
use ansflow_store::deliveries::{NewDelivery, Recorded, Status};

use super::{at, pipeline, server};
use crate::world::each_database;

const PUSH: NewDelivery<'static> = NewDelivery {
    source: "github",
    event: "push",
    dedupe: "d1",
    pipeline: "pl_1",
    status: Status::Started,
    reason: "",
    run: "run_1",
    branch: "main",
    commit: "abc",
    sender: "mona",
};

async fn list(store: &Store, pipeline: Option<&str>, limit: u64) -> Vec<String> {
    let found = store.deliveries().list(pipeline, None, limit).await.unwrap();
    found.iter().map(|one| format!("{} {} {}", one.event, one.status.word(), one.reason)).collect()
}

#[test]
fn a_delivery_is_remembered_as_it_was() {
    each_database(|world| async move {
        let store = server(&world).await;
        pipeline(&store, "pl_1", "", &[]).await;
        let odd = NewDelivery { reason: "'; DROP TABLE delivery; -- 构建", ..PUSH };
        assert_eq!(store.deliveries().record(&odd, at(7)).await.unwrap(), Recorded::Here);
        let found = store.deliveries().list(None, None, 9).await.unwrap().remove(0);
        assert!(found.id.starts_with("dlv_"));
        assert_eq!(found.pipeline, Some(("pl_1".into(), "pl_1".into())));
        assert_eq!((found.reason.as_str(), found.run.as_deref()), (odd.reason, Some("run_1")));
        assert_eq!((found.branch.as_deref(), found.commit.as_deref()), (Some("main"), Some("abc")));
        assert_eq!((found.sender.as_str(), found.received_at), ("mona", 7_000));
        let nobody = NewDelivery { pipeline: "", run: "", branch: "", commit: "", ..PUSH };
        store.deliveries().record(&nobody, at(8)).await.unwrap();
        let found = store.deliveries().list(None, None, 1).await.unwrap().remove(0);
        assert_eq!((found.pipeline, found.run, found.branch, found.commit), (None, None, None, None));
    });
}

#[test]
fn what_has_started_a_run_is_taken_once_and_what_has_not_may_come_again() {
    each_database(|world| async move {
        let store = server(&world).await;
        let deliveries = store.deliveries();
        let refused = NewDelivery { status: Status::Refused, reason: "disabled", run: "", ..PUSH };
        assert_eq!(deliveries.record(&refused, at(1)).await.unwrap(), Recorded::Here);
        assert_eq!(deliveries.started("github", "d1", "pl_1").await.unwrap(), None);
        assert_eq!(deliveries.record(&PUSH, at(2)).await.unwrap(), Recorded::Here);
        assert_eq!(list(&store, None, 9).await, ["push started "], "in place of the refused one");
        let again = NewDelivery { run: "run_2", ..PUSH };
        assert_eq!(deliveries.record(&again, at(3)).await.unwrap(), Recorded::Before("run_1".into()));
        assert_eq!(deliveries.started("github", "d1", "pl_1").await.unwrap().as_deref(), Some("run_1"));
        // Another pipeline, another source, and what has no number are others.
        for other in [
            NewDelivery { pipeline: "pl_2", ..PUSH },
            NewDelivery { source: "gitea", ..PUSH },
            NewDelivery { dedupe: "", ..PUSH },
            NewDelivery { dedupe: "", ..PUSH },
        ] {
            assert_eq!(deliveries.record(&other, at(4)).await.unwrap(), Recorded::Here);
        }
        assert_eq!(list(&store, None, 9).await.len(), 5);
        assert_eq!(deliveries.started("github", "", "pl_1").await.unwrap(), None);
    });
}

#[test]
fn of_many_at_once_one_is_the_first() {
    each_database(|world| async move {
        let store = server(&world).await;
        let tasks: Vec<_> = (0..12)
            .map(|_| {
                let store = store.clone();
                tokio::spawn(async move { store.deliveries().record(&PUSH, at(1)).await.unwrap() })
            })
            .collect();
        let mut here = 0;
        for task in tasks {
            match task.await.unwrap() {
                Recorded::Here => here += 1,
                Recorded::Before(run) => assert_eq!(run, "run_1"),
            }
        }
        assert_eq!(here, 1);
    });
}

#[test]
fn who_knocks_in_vain_fills_no_disk() {
    each_database(|world| async move {
        let store = server(&world).await;
        let wrong = NewDelivery { status: Status::Refused, dedupe: "", run: "", ..PUSH };
        for second in 0..30 {
            store.deliveries().record_some(&wrong, 5, at(0), at(100 + second)).await.unwrap();
        }
        assert_eq!(list(&store, Some("pl_1"), 99).await.len(), 5);
        let other = NewDelivery { pipeline: "pl_2", ..wrong };
        store.deliveries().record_some(&other, 5, at(0), at(200)).await.unwrap();
        store.deliveries().record_some(&wrong, 5, at(150), at(201)).await.unwrap();
        assert_eq!(list(&store, None, 99).await.len(), 7, "one of another pipeline, one when it was long ago");
    });
}

#[test]
fn pages_go_on_where_they_stopped() {
    each_database(|world| async move {
        let store = server(&world).await;
        for (number, pipeline) in (0..9).zip(["pl_1", "pl_2", "pl_1"].into_iter().cycle()) {
            let event = format!("e{number}");
            let one = NewDelivery { event: &event, dedupe: "", pipeline, ..PUSH };
            // Three at a time have the same time.
            store.deliveries().record(&one, at(number / 3)).await.unwrap();
        }
        let (mut seen, mut behind) = (Vec::new(), None);
        loop {
            let place = behind.as_ref().map(|(at, id): &(i64, String)| (*at, id.as_str()));
            let page = store.deliveries().list(Some("pl_1"), place, 2).await.unwrap();
            let Some(last) = page.last() else { break };
            behind = Some((last.received_at, last.id.clone()));
            seen.extend(page.into_iter().map(|one| one.event));
        }
        assert_eq!(seen, ["e8", "e6", "e5", "e3", "e2", "e0"]);
    });
}

#[test]
fn the_old_and_the_too_many_are_forgotten() {
    each_database(|world| async move {
        let store = server(&world).await;
        for number in 0..10 {
            let event = format!("e{number}");
            let one = NewDelivery { event: &event, dedupe: "", ..PUSH };
            store.deliveries().record(&one, at(number)).await.unwrap();
        }
        store.deliveries().prune(at(0), 100).await.unwrap();
        assert_eq!(list(&store, None, 99).await.len(), 10);
        store.deliveries().prune(at(2), 100).await.unwrap();
        assert_eq!(list(&store, None, 99).await.len(), 8, "2 was not before 2");
        store.deliveries().prune(at(2), 3).await.unwrap();
        assert_eq!(list(&store, None, 99).await, ["e9 started ", "e8 started ", "e7 started "]);
        store.deliveries().prune(at(100), 0).await.unwrap();
        assert!(list(&store, None, 99).await.is_empty());
    });
}
