//! The chain of what was done, on each database: nothing of it can be changed, taken out or added without a break.

use ansflow_store::audit::{Act, By, Filter};
use jiff::Timestamp;
use serde_json::json;

use crate::world::{World, each_server_database};

const ANY: Filter<'_> = Filter { actor: "", action: "", object: "", since: 0 };
const MONA: By<'_> = By { name: "mona", via: "session" };

fn at(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap()
}

impl World {
    async fn acts(&self, range: std::ops::Range<i64>) {
        for number in range {
            let detail = json!({ "keys": [number] });
            let act = Act { action: "secret.reveal", object: "staging: Secret shop/db", detail: &detail };
            self.store.audit().add(MONA, act, at(number)).await.unwrap();
        }
    }

    /// What is found to be wrong with the chain.
    async fn broken(&self) -> String {
        self.store.audit().verify().await.unwrap().broken.unwrap_or_default()
    }
}

#[test]
fn rows_are_listed_from_the_newest_and_hold_each_other() {
    each_server_database(|world| async move {
        assert_eq!(world.broken().await, "");
        world.acts(1..6).await;
        let newest = world.store.audit().list(ANY, 0, 2).await.unwrap();
        assert_eq!(newest.iter().map(|row| row.seq).collect::<Vec<_>>(), [5, 4]);
        assert_eq!(newest[0].previous, newest[1].hash);
        assert_eq!((newest[0].actor.as_str(), newest[0].via.as_str(), newest[0].at), ("mona", "session", 5));
        assert_eq!((newest[0].action.as_str(), newest[0].detail.as_str()), ("secret.reveal", "{\"keys\":[5]}"));
        assert_eq!(world.store.audit().list(ANY, 4, 9).await.unwrap().len(), 3);
        let verified = world.store.audit().verify().await.unwrap();
        assert_eq!((verified.rows, verified.broken), (5, None));
        assert_eq!(verified.hash, newest[0].hash);
    });
}

#[test]
fn rows_are_found_by_who_did_what_to_what_and_when() {
    each_server_database(|world| async move {
        let act = async |name: &str, action: &str, object: &str, ms: i64| {
            let act = Act { action, object, detail: &json!({}) };
            world.store.audit().add(By { name, via: "session" }, act, at(ms)).await.unwrap();
        };
        act("mona", "cluster.create", "cluster Staging", 10).await;
        act("mona", "secret.reveal", "Staging: Secret shop/db_1", 20).await;
        act("ada", "secret.reveal", "Staging: Secret shop/dbx1", 30).await;
        let found = async |filter: Filter<'_>| {
            let rows = world.store.audit().list(filter, 0, 9).await.unwrap();
            rows.into_iter().map(|row| row.seq).collect::<Vec<_>>()
        };
        assert_eq!(found(Filter { actor: "mona", ..ANY }).await, [2, 1]);
        assert_eq!(found(Filter { action: "secret.reveal", ..ANY }).await, [3, 2]);
        assert_eq!(found(Filter { action: "cluster", ..ANY }).await, [1], "all that is done to clusters");
        assert_eq!(found(Filter { action: "secret.", ..ANY }).await, [0; 0], "a part of a word is none");
        assert_eq!(found(Filter { object: "SHOP/", ..ANY }).await, [3, 2]);
        assert_eq!(found(Filter { object: "db_1", ..ANY }).await, [2], "what means more elsewhere means itself");
        assert_eq!(found(Filter { since: 20, ..ANY }).await, [3, 2]);
        assert_eq!(found(Filter { actor: "mona", action: "secret", object: "shop", since: 10 }).await, [2]);
    });
}

#[test]
fn who_writes_at_the_same_moment_takes_turns() {
    each_server_database(|world| async move {
        let world = std::sync::Arc::new(world);
        let writers = (0..8).map(|number| {
            let world = std::sync::Arc::clone(&world);
            tokio::spawn(async move { world.acts(number * 10..number * 10 + 5).await })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.unwrap();
        }
        let verified = world.store.audit().verify().await.unwrap();
        assert_eq!((verified.rows, verified.broken), (40, None));
    });
}

#[test]
fn whoever_can_write_the_database_cannot_change_it_unseen() {
    each_server_database(|world| async move {
        world.acts(1..6).await;
        world.tamper("UPDATE audit SET actor = 'eve' WHERE seq = 3").await;
        assert_eq!(world.broken().await, "row 3 was changed");
        world.tamper("UPDATE audit SET actor = 'mona' WHERE seq = 3").await;
        assert_eq!(world.broken().await, "");
        world.tamper("UPDATE audit SET seq = 9 WHERE seq = 5").await;
        assert_eq!(world.broken().await, "rows 5 to 5 are gone");
        world.tamper("UPDATE audit SET seq = 5 WHERE seq = 9").await;
        world.tamper("DELETE FROM audit WHERE seq = 2").await;
        assert_eq!(world.broken().await, "row 2 is gone");
        world.tamper("UPDATE audit SET seq = seq - 1 WHERE seq = 3").await;
        assert_eq!(world.broken().await, "row 2 does not follow the one before it");
    });
}
