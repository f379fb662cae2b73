//! Wake-ups.

use std::time::Duration;

use ansflow_core::run::event::RunStatus;
use ansflow_store::changes::Listener;

use crate::world::{attempts, each_database};

/// Whether there is news by now; waiting is for the wake-up that must not come.
async fn is_woken(listener: &mut Listener) -> bool {
    tokio::time::timeout(Duration::from_millis(20), listener.changed()).await.is_ok()
}

#[test]
fn news_between_listening_and_waiting_are_not_missed() {
    each_database(|world| async move {
        world.create("run_1").await;
        world.create("run_2").await;
        let (runs, changes) = (world.store.runs(), world.store.changes());
        let (mut first, mut second) = (changes.listen("run_1"), changes.listen("run_2"));
        let (mut also, mut all) = (changes.listen("run_1"), changes.listen_to_all());
        runs.append("run_1", 1, &attempts(1..2), RunStatus::Running).await.unwrap();
        runs.append("run_1", 2, &attempts(2..3), RunStatus::Running).await.unwrap();
        assert!(is_woken(&mut first).await && is_woken(&mut also).await && is_woken(&mut all).await);
        assert!(!is_woken(&mut first).await, "two pieces of news are one wake-up");
        assert!(!is_woken(&mut second).await, "the other run has no news");
    });
}

#[test]
fn a_new_run_is_news_and_a_refused_append_is_none() {
    each_database(|world| async move {
        let mut all = world.store.changes().listen_to_all();
        let mut run = world.store.changes().listen("run_1");
        world.create("run_1").await;
        assert!(is_woken(&mut all).await && is_woken(&mut run).await);
        world.store.runs().append("run_1", 7, &attempts(1..2), RunStatus::Running).await.unwrap_err();
        assert!(!is_woken(&mut all).await && !is_woken(&mut run).await);
    });
}

#[test]
fn a_waiting_listener_is_woken_by_another_clone_of_the_store() {
    each_database(|world| async move {
        world.create("run_1").await;
        let mut listener = world.store.changes().listen("run_1");
        let waiting = tokio::spawn(async move { listener.changed().await });
        world.store.clone().runs().append("run_1", 1, &attempts(1..2), RunStatus::Running).await.unwrap();
        waiting.await.unwrap();
    });
}

#[test]
fn who_knows_an_event_is_not_woken_by_it() {
    each_database(|world| async move {
        world.create("run_1").await;
        let (changes, runs) = (world.store.changes(), world.store.runs());
        let mut listener = changes.listen("run_1");
        runs.append("run_1", 1, &attempts(1..3), RunStatus::Running).await.unwrap();
        let is_woken = async |listener: &mut Listener, seq| {
            tokio::time::timeout(Duration::from_millis(20), listener.beyond(seq)).await.is_ok()
        };
        assert!(!is_woken(&mut listener, 3).await, "it wrote that itself");
        assert!(is_woken(&mut listener, 2).await && is_woken(&mut listener, 1).await, "however often it asks");
        // Two who wrote one after the other may tell it the other way round.
        changes.tell("run_1", 9);
        changes.tell("run_1", 8);
        assert!(is_woken(&mut listener, 8).await);
        assert!(!is_woken(&mut listener, 9).await);
    });
}
