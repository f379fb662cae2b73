//! Image registries on each database: at most one is the default, and a password stays with its row and its host.

use ansflow_core::image::Address;
use ansflow_store::registries::{Check, Input, Kind, Opened};
use ansflow_store::{Error, Keyring};
use jiff::Timestamp;

use crate::world::{World, each_server_database};

fn at(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap()
}

fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

fn input<'i>(name: &'i str, address: &'i Address, password: Option<&'i str>) -> Input<'i> {
    Input { name, kind: Kind::Private, address, username: "robot", password }
}

impl World {
    fn key(&self) -> Keyring {
        Keyring::open(&self.dir.join("key")).unwrap()
    }

    /// What steps may call registries.
    async fn names(&self) -> Vec<String> {
        self.store.registry_names().await.unwrap().into_iter().collect()
    }

    /// Adds `a` with the password `one` and `b` with `two`.
    async fn two_registries(&self) -> Keyring {
        let keyring = self.key();
        let registries = self.store.registries(&keyring);
        for (id, name, host, password) in [("reg_1", "a", "a.example", "one"), ("reg_2", "b", "b.example", "two")] {
            registries.add(id, &input(name, &address(host), Some(password)), "mona", at(1)).await.unwrap();
        }
        keyring
    }
}

fn passwords(opened: &[Opened]) -> Vec<Option<&str>> {
    opened.iter().map(|one| one.password.as_ref().map(|password| password.as_str())).collect()
}

#[test]
fn a_registry_is_added_shown_changed_and_forgotten() {
    each_server_database(|world| async move {
        let keyring = world.key();
        let registries = world.store.registries(&keyring);
        let team = address("http://127.0.0.1:5000/team");
        let added = registries.add("reg_1", &input("one", &team, Some("pw")), "mona", at(5)).await.unwrap();
        assert_eq!((added.address.to_string(), added.has_password), ("http://127.0.0.1:5000/team".to_owned(), true));
        assert_eq!((added.revision, added.created_at, added.updated_by.as_str()), (1, 5, "mona"));
        assert_eq!(registries.get("reg_1").await.unwrap(), added);
        assert_eq!(registries.open("reg_1").await.unwrap().password.unwrap().as_str(), "pw");
        let again = registries.add("reg_2", &input("one", &team, None), "mona", at(5)).await;
        assert!(matches!(again, Err(Error::Taken("name"))));
        registries.add("reg_3", &input("two", &address("harbor.example"), None), "mona", at(5)).await.unwrap();
        let first = registries.list("", 1).await.unwrap();
        let rest = registries.list("one", 9).await.unwrap();
        assert_eq!((first.len(), first[0].name.as_str()), (1, "one"));
        assert_eq!((rest.len(), rest[0].name.as_str()), (1, "two"));
        let renamed = Input { kind: Kind::Harbor, ..input("new", &team, None) };
        let changed = registries.update("reg_1", 1, &renamed, "ada", at(9)).await.unwrap();
        assert_eq!((changed.name.as_str(), changed.kind, changed.revision), ("new", Kind::Harbor, 2));
        assert_eq!((changed.created_at, changed.updated_at, changed.updated_by.as_str()), (5, 9, "ada"));
        assert_eq!(registries.open("reg_1").await.unwrap().password.unwrap().as_str(), "pw", "it was kept");
        assert!(matches!(registries.update("reg_1", 1, &renamed, "ada", at(9)).await, Err(Error::Conflict(_))));
        let taken = registries.update("reg_1", 2, &input("two", &team, None), "ada", at(9)).await;
        assert!(matches!(taken, Err(Error::Taken("name"))));
        assert!(matches!(registries.update("reg_9", 1, &renamed, "ada", at(9)).await, Err(Error::NotFound(_))));
        registries.remove("reg_1").await.unwrap();
        assert!(matches!(registries.remove("reg_1").await, Err(Error::NotFound(_))));
        assert!(matches!(registries.get("reg_1").await, Err(Error::NotFound(_))));
    });
}

#[test]
fn a_password_goes_to_no_other_host_and_never_loses_its_tls() {
    each_server_database(|world| async move {
        let keyring = world.two_registries().await;
        let registries = world.store.registries(&keyring);
        for elsewhere in ["evil.example", "a.example:8443", "http://a.example"] {
            let moved = registries.update("reg_1", 1, &input("a", &address(elsewhere), None), "eve", at(2)).await;
            assert!(matches!(moved, Err(Error::Refused(_))), "{elsewhere}");
        }
        let path = registries.update("reg_1", 1, &input("a", &address("a.example/team"), None), "eve", at(2)).await;
        assert_eq!(path.unwrap().revision, 2, "a path is the same host");
        let open = address("http://a.example");
        registries.update("reg_1", 2, &input("a", &open, Some("new")), "mona", at(2)).await.unwrap();
        registries.update("reg_1", 3, &input("a", &address("a.example"), None), "mona", at(2)).await.unwrap();
        assert_eq!(passwords(&registries.all().await.unwrap()), [Some("new"), Some("two")], "stricter keeps it");
        let nobody = Input { username: "", ..input("a", &open, None) };
        assert!(!registries.update("reg_1", 4, &nobody, "mona", at(2)).await.unwrap().has_password);
        let empty = input("b", &open, Some(""));
        assert!(!registries.update("reg_2", 1, &empty, "mona", at(2)).await.unwrap().has_password);
        assert_eq!(passwords(&registries.all().await.unwrap()), [None, None]);
    });
}

#[test]
fn who_can_write_the_database_can_neither_read_move_nor_redirect_a_password() {
    each_server_database(|world| async move {
        let keyring = world.two_registries().await;
        let registries = world.store.registries(&keyring);
        let all = registries.all().await.unwrap();
        assert_eq!(passwords(&all), [Some("one"), Some("two")]);
        let shown = format!("{all:?} {:?}", input("a", &address("a.example"), Some("one")));
        assert!(!shown.contains("\"one\"") && !shown.contains("\"two\""), "they say a password: {shown}");
        assert_eq!(world.number("SELECT COUNT(*) FROM registry WHERE sealed LIKE '%one%'").await, 0);
        // Each of them is one thing that the owner of the database can do; the row is as it was before the next.
        for (attack, what) in [
            ("UPDATE registry SET sealed = (SELECT sealed FROM registry WHERE id = 'reg_2')", "another's password"),
            ("UPDATE registry SET sealed_version = 2", "an old password"),
            ("UPDATE registry SET address = 'evil.example'", "the password at another host"),
            ("UPDATE registry SET insecure = 1", "the password without TLS"),
        ] {
            let kept = "CREATE TABLE kept AS SELECT * FROM registry WHERE id = 'reg_1'";
            world.tamper(kept).await;
            world.tell(format!("{attack} WHERE id = 'reg_1'")).await;
            assert!(matches!(registries.open("reg_1").await, Err(Error::Corrupt(_))), "{what} was taken");
            assert!(matches!(registries.all().await, Err(Error::Corrupt(_))), "{what} was taken");
            world.tamper("DELETE FROM registry WHERE id = 'reg_1'").await;
            world.tamper("INSERT INTO registry SELECT * FROM kept").await;
            world.tamper("DROP TABLE kept").await;
        }
        assert_eq!(passwords(&registries.all().await.unwrap()), [Some("one"), Some("two")], "the attacks were undone");
        let other = Keyring::open(&world.dir.join("other-key")).unwrap();
        assert!(matches!(world.store.registries(&other).all().await, Err(Error::Corrupt(_))));
        assert_eq!(world.store.registries(&other).list("", 9).await.unwrap().len(), 2, "what is no secret is shown");
    });
}

#[test]
fn at_most_one_is_the_default_and_steps_may_call_it_so() {
    each_server_database(|world| async move {
        let keyring = world.two_registries().await;
        let registries = world.store.registries(&keyring);
        assert_eq!(world.names().await, ["a", "b", "reg_1", "reg_2"]);
        assert!(registries.set_default("reg_1").await.unwrap().is_default);
        assert!(registries.set_default("reg_2").await.unwrap().is_default);
        assert!(registries.set_default("reg_2").await.unwrap().is_default, "twice is once");
        assert_eq!(world.names().await, ["a", "b", "default", "reg_1", "reg_2"]);
        let defaults: Vec<String> =
            registries.all().await.unwrap().iter().filter(|one| one.about.is_default).flat_map(Opened::names).collect();
        assert_eq!(defaults, ["b", "reg_2", "default"]);
        assert!(matches!(registries.set_default("reg_9").await, Err(Error::NotFound(_))));
        assert!(registries.get("reg_2").await.unwrap().is_default, "what failed changed nothing");
        registries.remove("reg_2").await.unwrap();
        assert_eq!(world.names().await, ["a", "reg_1"]);
    });
}

#[test]
fn of_many_who_set_a_default_at_once_one_stays() {
    each_server_database(|world| async move {
        let keyring = world.two_registries().await;
        let tasks: Vec<_> = (0..40)
            .map(|number| {
                let (store, keyring) = (world.store.clone(), keyring.clone());
                let id = if number % 2 == 0 { "reg_1" } else { "reg_2" };
                tokio::spawn(async move { store.registries(&keyring).set_default(id).await })
            })
            .collect();
        for task in tasks {
            match task.await.unwrap() {
                Ok(_) | Err(Error::Conflict(_)) => {}
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!(world.number("SELECT COUNT(*) FROM registry WHERE is_default = 1").await, 1);
    });
}

#[test]
fn a_check_is_of_the_registry_that_was_asked() {
    each_server_database(|world| async move {
        let keyring = world.two_registries().await;
        let registries = world.store.registries(&keyring);
        let check = Check { at: 7, ok: true, message: "it answers".into() };
        registries.checked("reg_1", 2, &check).await.unwrap();
        assert_eq!(registries.get("reg_1").await.unwrap().last_check, None, "that was another revision");
        registries.checked("reg_1", 1, &check).await.unwrap();
        assert_eq!(registries.get("reg_1").await.unwrap().last_check, Some(check.clone()));
        let (same, other) = (address("a.example"), address("b.example"));
        let renamed = registries.update("reg_1", 1, &input("c", &same, None), "mona", at(8)).await.unwrap();
        assert_eq!(renamed.last_check, Some(check), "another name is the same registry");
        let moved = registries.update("reg_1", 2, &input("c", &other, Some("x")), "mona", at(8)).await.unwrap();
        assert_eq!(moved.last_check, None, "nobody has asked the new address");
    });
}
