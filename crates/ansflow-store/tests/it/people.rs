//! People, their sessions and their tokens.

use ansflow_store::people::{IDLE_MS, NewSession, NewToken, Person};
use ansflow_store::{Error, Store};
use jiff::Timestamp;

use crate::world::{World, each_database};

const DAY_MS: i64 = 24 * 3_600_000;

fn at(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap()
}

fn person(name: &str) -> Person {
    Person { id: format!("usr_{name}"), name: name.into(), password: "hash".into(), role: "admin".into() }
}

async fn server(world: &World) -> Store {
    let store = Store::open_for_server(&world.url).await.unwrap();
    store.people().add(&person("mona"), at(1)).await.unwrap();
    store
}

async fn begin(store: &Store, id: &str, now: i64) {
    let session = NewSession { id, person: "usr_mona", expires_at: now + 30 * DAY_MS };
    store.people().begin_session(&session, None, at(now)).await.unwrap();
}

#[test]
fn nobody_is_called_by_a_zero_byte() {
    each_database(|world| async move {
        let store = server(&world).await;
        assert!(store.people().by_name("mona").await.unwrap().is_some());
        assert!(store.people().by_name("mo\0na").await.unwrap().is_none());
    });
}

#[test]
fn of_two_who_are_first_at_once_one_is() {
    each_database(|world| async move {
        let store = Store::open_for_server(&world.url).await.unwrap();
        assert!(store.people().is_empty().await.unwrap());
        let people = store.people();
        let (ada, bob) = (person("ada"), person("bob"));
        let (ada, bob) = tokio::join!(people.add_first(&ada, at(1)), people.add_first(&bob, at(1)));
        assert_ne!(ada.unwrap(), bob.unwrap());
        assert!(!store.people().is_empty().await.unwrap());
    });
}

#[test]
fn a_name_is_one_persons() {
    each_database(|world| async move {
        let store = server(&world).await;
        let other = Person { id: "usr_2".into(), ..person("mona") };
        assert!(matches!(store.people().add(&other, at(1)).await, Err(Error::Taken("name"))));
        assert_eq!(store.people().by_name("mona").await.unwrap().unwrap().id, "usr_mona");
        assert!(store.people().by_name("Mona").await.unwrap().is_none());
        world.tamper("UPDATE person SET disabled_at = 5").await;
        assert!(store.people().by_name("mona").await.unwrap().is_none());
    });
}

#[test]
fn sessions_end_when_unused_when_old_and_with_their_person() {
    each_database(|world| async move {
        let store = server(&world).await;
        let people = store.people();
        begin(&store, "a", 1_000).await;
        let known = async |id: &str, now: i64| people.by_session(id, at(now)).await.unwrap().is_some();
        assert!(known("a", IDLE_MS + 999).await, "seen just before it would end, it goes on");
        assert!(known("a", 2 * IDLE_MS).await && !known("b", 2_000).await);
        assert!(!known("a", 1_000 + 30 * DAY_MS).await, "nothing lives longer");
        begin(&store, "c", 40 * DAY_MS).await;
        assert_eq!(
            people.sessions("usr_mona", None, 10, at(40 * DAY_MS)).await.unwrap().len(),
            1,
            "the old one is gone"
        );
        world.tamper("UPDATE person SET disabled_at = 5").await;
        assert!(!known("c", 40 * DAY_MS).await);
    });
}

#[test]
fn a_new_password_ends_all_sessions_but_one() {
    each_database(|world| async move {
        let store = server(&world).await;
        for id in ["a", "b", "c"] {
            begin(&store, id, 1_000).await;
        }
        store.people().set_password("usr_mona", "new", Some("b")).await.unwrap();
        let left = store.people().sessions("usr_mona", None, 10, at(1_000)).await.unwrap();
        assert_eq!(left.iter().map(|session| session.id.as_str()).collect::<Vec<_>>(), ["b"]);
        assert!(matches!(store.people().end_session("usr_bob", "b").await, Err(Error::NotFound(_))));
        store.people().end_session("usr_mona", "b").await.unwrap();
        assert!(matches!(store.people().set_password("usr_x", "new", None).await, Err(Error::NotFound(_))));
    });
}

#[test]
fn a_token_is_found_by_its_hash_until_it_expires() {
    each_database(|world| async move {
        let store = server(&world).await;
        let people = store.people();
        let token = NewToken {
            id: "tok_1",
            person: "usr_mona",
            name: "robot",
            hash: "h",
            hint: "ansf_",
            read_only: true,
            expires_at: Some(500_000),
        };
        people.add_token(&token, at(1_000)).await.unwrap();
        let used = people.by_token("h", at(100_000)).await.unwrap().unwrap();
        assert_eq!((used.person.name.as_str(), used.read_only, used.expires_at), ("mona", true, Some(500_000)));
        people.by_token("h", at(159_999)).await.unwrap().unwrap();
        assert_eq!(people.tokens("usr_mona", "", 10).await.unwrap()[0].used_at, Some(100_000), "once a minute");
        people.by_token("h", at(160_000)).await.unwrap().unwrap();
        assert_eq!(people.tokens("usr_mona", "", 10).await.unwrap()[0].used_at, Some(160_000));
        assert!(people.by_token("h", at(500_000)).await.unwrap().is_none());
        assert!(matches!(people.remove_token("usr_bob", "tok_1").await, Err(Error::NotFound(_))));
        people.remove_token("usr_mona", "tok_1").await.unwrap();
        assert!(people.tokens("usr_mona", "", 10).await.unwrap().is_empty());
    });
}

#[test]
fn a_database_that_answers_says_so_and_counts() {
    each_database(|world| async move {
        let store = server(&world).await;
        world.create("run_1").await;
        store.ping().await.unwrap();
        assert_eq!(store.runs_by_status().await.unwrap(), [("queued".to_owned(), 1)]);
        store.close().await;
        assert!(store.ping().await.is_err());
    });
}
