//! Killed at any moment, or two of them at once: a time starts one run.

use super::{Clock, HOURLY, at, of};

#[tokio::test]
async fn who_was_killed_between_the_run_and_the_row_finds_the_run_again() {
    for later in ["2026-03-01T11:00:02Z", "2026-03-01T11:40:00Z"] {
        let mut clock = Clock::with(&[("pl_1", HOURLY)]).await;
        clock.tick("2026-03-01T10:20:00Z").await;
        let due = clock.store.schedules().of("pl_1").await.unwrap().remove(0);
        clock.tick("2026-03-01T11:00:00Z").await;
        let gone_on = clock.store.schedules().of("pl_1").await.unwrap().remove(0);
        // As it was before the row went on, and the delivery with it.
        assert!(clock.store.schedules().advance(&gone_on, &due, None, at("2026-03-01T11:00:00Z")).await.unwrap());
        clock.store.deliveries().prune(at("2026-03-01T11:00:00Z"), 0).await.unwrap();
        clock.tick(later).await;
        assert_eq!((clock.runs().await, clock.log().await), (1, vec!["started".to_owned()]), "{later}");
        let again = clock.store.schedules().of("pl_1").await.unwrap().remove(0);
        assert_eq!(again, gone_on);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_clocks_at_once_start_one_run() {
    let mut clock = Clock::with(&[("pl_1", HOURLY), ("pl_2", HOURLY)]).await;
    clock.tick("2026-03-01T10:20:00Z").await;
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let mut other = of(&clock.store, clock.dir.path());
            tokio::spawn(async move { other.tick(at("2026-03-01T11:00:00Z")).await.unwrap() })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!((clock.runs().await, clock.log().await), (2, vec!["started".to_owned(); 2]));
}

#[tokio::test]
async fn the_loop_hears_of_a_new_pipeline_and_ends_when_it_is_told() {
    let clock = Clock::with(&[]).await;
    let keyring = ansflow_store::Keyring::open(&clock.dir.path().join("key")).unwrap();
    let files = ansflow_store::Files::at(clock.dir.path());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let looping = tokio::spawn(ansflow_engine::schedules::run(clock.store.clone(), files, keyring, async {
        let _ = stopped.await;
    }));
    clock.add("pl_1", &super::pipeline("{type: schedule, cron: '0 3 * * *', timezone: Mars/Olympus}")).await;
    // It is heard of long before the loop would look by itself.
    while clock.log().await.is_empty() {
        tokio::task::yield_now().await;
    }
    stop.send(()).unwrap();
    looping.await.unwrap();
}
