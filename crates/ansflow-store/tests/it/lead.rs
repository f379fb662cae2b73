//! Who of several servers drives.

use std::time::Duration;

use ansflow_store::Store;

use crate::world::each_database;

#[test]
fn one_of_several_leads_and_another_when_it_has_gone() {
    each_database(|world| async move {
        let first = Store::open_for_server(&world.url).await.unwrap();
        let second = Store::open_for_server(&world.url).await.unwrap();
        let mut lead = first.try_lead().await.unwrap().unwrap();
        assert!(lead.holds().await);
        let other = second.try_lead().await.unwrap();
        // Two processes on one SQLite file are kept apart by the lock of its folder.
        assert_eq!(other.is_none(), first.is_shared());
        drop(lead);
        // The database notices the end of a connection a moment later.
        let mut again = None;
        for _ in 0..200 {
            again = second.try_lead().await.unwrap();
            if again.is_some() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        again.unwrap().leave().await;
        first.close().await;
        second.close().await;
    });
}
