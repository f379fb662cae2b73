//! What the engine asks of all runs.

use ansflow_core::run::event::{Fact, RunStatus};
use ansflow_store::Store;
use ansflow_store::runs::NewRun;

use crate::world::{World, attempts, created, each_database, event};

async fn server(world: &World) -> Store {
    Store::open_for_server(&world.url).await.unwrap()
}

async fn create(store: &Store, id: &str, pipeline: &str, at: i64, status: RunStatus) {
    let number = u64::try_from(at).unwrap();
    let first = created(id, at);
    store.runs().create(NewRun { id, pipeline, number, status }, &[first]).await.unwrap();
}

#[test]
fn turns_come_in_the_order_of_asking_with_their_pipelines_limit() {
    each_database(|world| async move {
        let store = server(&world).await;
        world
            .tamper(
                "INSERT INTO pipeline (id, name, description, version, builds, enabled, max_runs, revision, created_at,
                 updated_at, updated_by, deleted_at) VALUES ('pl_1', 'shop', '', 1, 0, 1, 2, 1, 0, 0, '', 0)",
            )
            .await;
        create(&store, "run_c", "pl_1", 5, RunStatus::Queued).await;
        create(&store, "run_a", "pl_1", 7, RunStatus::Waiting).await;
        create(&store, "run_b", "pl_gone", 5, RunStatus::Running).await;
        create(&store, "run_d", "pl_1", 1, RunStatus::Failed).await;
        store.runs().append("run_a", 1, &attempts(1..3), RunStatus::Waiting).await.unwrap();
        let turns = store.runs().turns().await.unwrap();
        let told: Vec<_> =
            turns.iter().map(|turn| (&*turn.run, &*turn.pipeline, turn.status, turn.seq, turn.limit)).collect();
        assert_eq!(
            told,
            [
                ("run_b", "pl_gone", Some(RunStatus::Running), 1, 0),
                ("run_c", "pl_1", Some(RunStatus::Queued), 1, 2),
                ("run_a", "pl_1", Some(RunStatus::Waiting), 3, 2),
            ]
        );
        store.close().await;
    });
}

#[test]
fn only_what_has_ended_is_forgotten_and_all_of_it() {
    each_database(|world| async move {
        let store = server(&world).await;
        create(&store, "run_1", "pl_1", 1, RunStatus::Success).await;
        create(&store, "run_2", "pl_1", 2, RunStatus::Running).await;
        create(&store, "run_3", "pl_1", 3, RunStatus::Failed).await;
        let runs = store.runs();
        runs.append("run_3", 1, &[event(900, Fact::RunStarted)], RunStatus::Failed).await.unwrap();
        assert_eq!(runs.ended_before(3, 10).await.unwrap(), ["run_1"]);
        assert_eq!(runs.ended_before(1_000, 1).await.unwrap(), ["run_1"]);
        assert_eq!(runs.ended_at("run_3").await.unwrap(), Some(Some(900)));
        assert_eq!(runs.ended_at("run_2").await.unwrap(), Some(None));
        assert_eq!(runs.ended_at("run_9").await.unwrap(), None);
        assert!(!runs.forget("run_2").await.unwrap(), "it goes on");
        assert!(runs.forget("run_3").await.unwrap());
        assert!(!runs.forget("run_3").await.unwrap(), "removing nothing is success");
        assert!(runs.load("run_3").await.is_err());
        assert_eq!(runs.load("run_2").await.unwrap().len(), 1);
        // Nothing of it is left to be found under the same name.
        assert_eq!(runs.after("run_3", 0, 10).await.unwrap(), []);
        store.close().await;
    });
}
