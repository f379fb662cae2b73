//! What is sealed: secrets, git credentials, settings. In the database it is unreadable, unmovable, and bound to a key.

use std::collections::BTreeMap;

use ansflow_store::git_credentials::{Input, Kind};
use ansflow_store::secrets::UsedBy;
use ansflow_store::settings::{Change, Forge, Settings};
use ansflow_store::{Error, Keyring, Store};
use jiff::Timestamp;

use crate::world::{World, each_database};

impl World {
    /// The same database with everything that a server remembers, and a key.
    async fn server(&self) -> (Store, Keyring) {
        let keyring = Keyring::open(&self.dir.join("key")).unwrap();
        (Store::open_for_server(&self.url).await.unwrap(), keyring)
    }
}

fn at(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap()
}

#[test]
fn a_secret_is_set_kept_changed_and_removed() {
    each_database(|world| async move {
        let (store, keyring) = world.server().await;
        let secrets = store.secrets(&keyring);
        assert!(matches!(secrets.set("A", None, "", "mona", at(1)).await, Err(Error::NotFound(_))));
        assert!(secrets.set("A", Some("one"), "first", "mona", at(1)).await.unwrap().is_new);
        let kept = secrets.set("A", None, "second", "ada", at(2)).await.unwrap();
        assert_eq!((kept.is_new, kept.secret.description.as_str(), kept.secret.created_at), (false, "second", 1));
        assert_eq!(secrets.values().await.unwrap(), BTreeMap::from([("A".to_owned(), "one".to_owned())]));
        secrets.set("A", Some("two"), "second", "ada", at(3)).await.unwrap();
        secrets.set("B", Some("b"), "", "ada", at(3)).await.unwrap();
        assert_eq!(secrets.values().await.unwrap()["A"], "two");
        assert_eq!(secrets.names().await.unwrap().into_iter().collect::<Vec<_>>(), ["A", "B"]);
        assert_eq!(secrets.list("A", 10).await.unwrap()[0].name, "B");
        secrets.remove("A").await.unwrap();
        assert!(matches!(secrets.remove("A").await, Err(Error::NotFound(_))));
    });
}

#[test]
fn who_can_write_the_database_can_neither_read_nor_move_a_secret() {
    each_database(|world| async move {
        let (store, keyring) = world.server().await;
        let secrets = store.secrets(&keyring);
        secrets.set("A", Some("one"), "", "mona", at(1)).await.unwrap();
        secrets.set("B", Some("two"), "", "mona", at(1)).await.unwrap();
        world.tamper("UPDATE secret SET sealed = (SELECT sealed FROM secret WHERE name = 'B') WHERE name = 'A'").await;
        assert!(matches!(secrets.values().await, Err(Error::Corrupt(_))), "B's value was taken for A's");
        secrets.remove("A").await.unwrap();
        world.tamper("UPDATE secret SET version = 2 WHERE name = 'B'").await;
        assert!(matches!(secrets.values().await, Err(Error::Corrupt(_))), "an old value was taken for a new one");
        let other = Keyring::open(&world.dir.join("other-key")).unwrap();
        assert!(matches!(store.secrets(&other).values().await, Err(Error::Corrupt(_))));
    });
}

#[test]
fn pipelines_that_name_a_secret_are_known() {
    each_database(|world| async move {
        let (store, keyring) = world.server().await;
        world
            .tamper(
                "INSERT INTO pipeline (id, name, description, version, builds, enabled, max_runs, revision, created_at,
                   updated_at, updated_by, deleted_at)
                 VALUES ('pl_1', 'shop', '', 2, 0, 1, 0, 1, 1, 1, 'mona', 0),
                        ('pl_2', 'gone', '', 1, 0, 1, 0, 1, 1, 1, 'mona', 5)",
            )
            .await;
        world
            .tamper(
                "INSERT INTO pipeline_version (pipeline, version, body, note, created_at, created_by)
                 VALUES ('pl_1', 1, '{{ secrets.OLD }}', '', 1, 'mona'), ('pl_1', 2, '{{ secrets.NEW }}', '', 1, 'mona'),
                        ('pl_2', 1, '{{ secrets.NEW }}', '', 1, 'mona')",
            )
            .await;
        let used = store.secrets(&keyring).used_by().await.unwrap();
        let shop = UsedBy { name: "shop".into(), pipeline: "pl_1".into() };
        assert_eq!(used, BTreeMap::from([("NEW".to_owned(), vec![shop])]));
    });
}

#[test]
fn one_credential_a_host_and_its_secret_stays_there() {
    each_database(|world| async move {
        let (store, keyring) = world.server().await;
        let credentials = store.git_credentials(&keyring);
        let input = |host, secret| Input { host, kind: Kind::Password, username: "ci", secret };
        credentials.add("gc_1", "one", &input("a.example", None), "mona", at(1)).await.unwrap();
        credentials.add("gc_2", "two", &input("b.example", None), "mona", at(1)).await.unwrap();
        let again = credentials.add("gc_3", "x", &input("a.example", None), "mona", at(1)).await;
        assert!(matches!(again, Err(Error::Taken("host"))));
        let moved = credentials.update("gc_1", &input("evil.example", None), "mona", at(2)).await;
        assert!(matches!(moved, Err(Error::Refused(_))));
        let taken = credentials.update("gc_1", &input("b.example", Some("x")), "mona", at(2)).await;
        assert!(matches!(taken, Err(Error::Taken("host"))));
        credentials.update("gc_1", &input("a.example", Some("new")), "ada", at(2)).await.unwrap();
        let all = credentials.all().await.unwrap();
        let seen: Vec<_> = all.iter().map(|one| (one.about.host.as_str(), one.secret.as_str())).collect();
        assert_eq!(seen, [("a.example", "new"), ("b.example", "two")]);
        assert!(!format!("{all:?}").contains("new"), "it says its secret");
        credentials.remove("gc_1").await.unwrap();
        assert!(matches!(credentials.remove("gc_1").await, Err(Error::NotFound(_))));
    });
}

fn change(settings: &Settings) -> Change {
    Change {
        base_url: None,
        max_runs: settings.max_runs,
        steps_per_run: settings.steps_per_run,
        keep_runs_days: 1,
        keep_workspaces_days: 1,
        mail: None,
        hook_secrets: BTreeMap::from([(Forge::Gitee, "hook".to_owned())]),
    }
}

#[test]
fn settings_are_changed_by_who_knows_them() {
    each_database(|world| async move {
        let (store, keyring) = world.server().await;
        let settings = store.settings(&keyring);
        let first = settings.get().await.unwrap();
        assert_eq!((first.revision, first.keep_runs_days, first.keep_workspaces_days), (0, 90, 7));
        change(&first).check().unwrap();
        let set = settings.put(0, &change(&first), "mona", at(1)).await.unwrap();
        assert_eq!((set.revision, set.hook_secrets.as_slice()), (1, &[Forge::Gitee][..]));
        assert!(matches!(settings.put(0, &change(&first), "ada", at(2)).await, Err(Error::Conflict(_))));
        let read = settings.get().await.unwrap();
        assert_eq!(read.hook_secret(Forge::Gitee).unwrap().unwrap().as_str(), "hook");
        assert_eq!((read.hook_secret(Forge::Github).unwrap(), read.mail_password().unwrap()), (None, None));
        assert!(!format!("{read:?}").contains("\"hook\""), "they say a secret");
    });
}
