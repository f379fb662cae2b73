//! Opening, and opening again.

use ansflow_store::{Error, Store};

use crate::world::each_database;

#[test]
fn what_was_stored_is_there_after_opening_again() {
    each_database(|world| async move {
        world.create("run_1").await;
        world.store.close().await;
        let again = Store::open(&world.url).await.unwrap();
        assert_eq!(again.runs().load("run_1").await.unwrap().len(), 1);
        again.close().await;
    });
}

#[test]
fn many_may_open_a_new_database_at_once() {
    each_database(|world| async move {
        let url = match world.url.strip_suffix("store.db") {
            Some(folder) => format!("{folder}new.db"),
            None => {
                world.tamper("DROP TABLE artifact, run_event, run, migration").await;
                world.url.clone()
            }
        };
        let opening: Vec<_> = (0..4)
            .map(|_| {
                let url = url.clone();
                tokio::spawn(async move { Store::open(&url).await.map(drop) })
            })
            .collect();
        for store in opening {
            store.await.unwrap().unwrap();
        }
    });
}

#[test]
fn a_database_of_a_later_version_is_refused() {
    each_database(|world| async move {
        world.tamper("INSERT INTO migration (number, name) VALUES (99, 'flying cars')").await;
        let error = Store::open(&world.url).await.unwrap_err();
        assert!(matches!(error, Error::Corrupt(_)));
        let message = "the database was changed by a later AnsFlow: it is at migration 99, this one knows 10";
        assert_eq!(error.to_string(), message);
    });
}

#[test]
fn a_database_that_is_not_there_is_unavailable() {
    each_database(|_| async {
        let nowhere = Store::open("sqlite:///nowhere/at/all.db").await.unwrap_err();
        assert!(matches!(nowhere, Error::Unavailable(_)), "{nowhere:?}");
        let unknown = Store::open("mysql://localhost/ansflow").await.unwrap_err();
        assert!(matches!(unknown, Error::Unavailable(_)), "{unknown:?}");
    });
}

#[test]
fn a_file_may_have_any_name() {
    each_database(|world| async move {
        for name in ["a b.db", "50%.db", "why?.db", "#1.db", "构建.db", "%20.db", "a:memory:b.db"] {
            let path = world.dir.join(name);
            Store::open_file(&path).await.unwrap().close().await;
            assert!(path.is_file(), "{name}");
        }
    });
}

#[test]
fn a_store_in_memory_keeps_what_it_is_told_until_it_is_dropped() {
    each_database(|mut world| async move {
        world.store = Store::open("sqlite::memory:").await.unwrap();
        world.create("run_1").await;
        assert_eq!(world.store.runs().load("run_1").await.unwrap().len(), 1);
        let other = Store::open("sqlite::memory:").await.unwrap();
        assert!(other.runs().load("run_1").await.is_err());
    });
}
