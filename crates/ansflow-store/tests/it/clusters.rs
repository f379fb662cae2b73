//! Clusters on each database: a credential stays with its row, its server and its TLS, and every change is written down.

use ansflow_store::audit::By;
use ansflow_store::clusters::{Auth, Check, Count, Counts, Input, Kind, Seen, State};
use ansflow_store::messages::Body;
use ansflow_store::notifications::{Notification, NotificationEvent};
use ansflow_store::{Error, Keyring};
use jiff::Timestamp;

use crate::world::{World, each_server_database};

const MONA: By<'_> = By { name: "mona", via: "session" };
const EVE: By<'_> = By { name: "eve", via: "tok_1" };
const SERVER: &str = "https://a.example:6443";

fn at(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap()
}

fn input<'i>(name: &'i str, credential: Option<&'i str>) -> Input<'i> {
    Input {
        name,
        description: "",
        kind: Kind::K8s,
        server: SERVER,
        auth: Auth::Token,
        credential,
        ca: "",
        verify_tls: true,
        tls_server_name: "",
        proxy: "",
        namespace: "",
        facts: "{}",
    }
}

fn well(at: i64) -> Check {
    let counts = Counts { nodes: None, pods: Some(Count { total: 43, well: 41 }) };
    let seen = Seen { version: "v1.34.9".into(), simulated: true, username: "ci".into(), counts };
    Check { at, state: State::Connected, code: String::new(), message: "connected as ci".into(), seen: Some(seen) }
}

fn ill(at: i64, state: State) -> Check {
    Check { at, state, code: "unauthorized".into(), message: "the token is not accepted (401)".into(), seen: None }
}

impl World {
    fn cluster_key(&self) -> Keyring {
        Keyring::open(&self.dir.join("key")).unwrap()
    }

    /// Adds `a` with the credential `one`.
    async fn cluster(&self) -> Keyring {
        let keyring = self.cluster_key();
        self.store.clusters(&keyring).add("clu_1", &input("a", Some("one")), MONA, at(1)).await.unwrap();
        keyring
    }
}

#[test]
fn a_cluster_is_added_shown_changed_and_forgotten_and_each_of_it_is_written_down() {
    each_server_database(|world| async move {
        let keyring = world.cluster().await;
        let clusters = world.store.clusters(&keyring);
        let added = clusters.get("clu_1").await.unwrap();
        assert_eq!(
            (added.name.as_str(), added.state, added.revision, added.seen.clone()),
            ("a", State::Unknown, 1, None)
        );
        assert_eq!(clusters.named("a").await.unwrap(), added);
        assert_eq!(clusters.named("clu_1").await.unwrap(), added);
        assert_eq!(clusters.open("clu_1").await.unwrap().credential.as_str(), "one");
        assert!(matches!(clusters.add("clu_2", &input("a", Some("x")), MONA, at(1)).await, Err(Error::Taken("name"))));
        assert!(matches!(clusters.add("clu_2", &input("b", None), MONA, at(1)).await, Err(Error::Refused(_))));
        clusters.add("clu_2", &input("b", Some("two")), MONA, at(1)).await.unwrap();
        assert_eq!(clusters.list("", 1).await.unwrap()[0].name, "a");
        assert_eq!(clusters.list("a", 9).await.unwrap()[0].name, "b");
        let names: Vec<String> = world.store.cluster_names().await.unwrap().into_iter().collect();
        assert_eq!(names, ["a", "b", "clu_1", "clu_2"]);
        let renamed = Input { kind: Kind::Eks, namespace: "shop", auth: Auth::Certificate, ..input("new", None) };
        let changed = clusters.update("clu_1", 1, &renamed, EVE, at(9)).await.unwrap();
        assert_eq!((changed.kind, changed.revision, changed.updated_by.as_str()), (Kind::Eks, 2, "eve"));
        assert_eq!(changed.auth, Auth::Token, "the credential was kept, and how it was given");
        assert_eq!(clusters.open("clu_1").await.unwrap().credential.as_str(), "one");
        assert!(matches!(clusters.update("clu_1", 1, &renamed, EVE, at(9)).await, Err(Error::Conflict(_))));
        assert!(matches!(clusters.update("clu_1", 2, &input("b", None), EVE, at(9)).await, Err(Error::Taken("name"))));
        clusters.remove("clu_1", EVE, at(9)).await.unwrap();
        assert!(matches!(clusters.remove("clu_1", EVE, at(9)).await, Err(Error::NotFound(_))));
        let told = world.store.audit().list(Default::default(), 0, 9).await.unwrap();
        let told: Vec<String> =
            told.iter().map(|row| format!("{} {} {} {}", row.actor, row.via, row.action, row.object)).collect();
        let expected = [
            "eve tok_1 cluster.delete cluster new",
            "eve tok_1 cluster.update cluster new",
            "mona session cluster.create cluster b",
            "mona session cluster.create cluster a",
        ];
        assert_eq!(told, expected, "what failed is not among them");
        assert_eq!(world.store.audit().verify().await.unwrap().broken, None);
    });
}

#[test]
fn a_credential_goes_to_no_other_server_and_never_loses_its_tls() {
    each_server_database(|world| async move {
        let keyring = world.cluster().await;
        let clusters = world.store.clusters(&keyring);
        for elsewhere in [
            Input { server: "https://evil.example:6443", ..input("a", None) },
            Input { server: "https://a.example:6444", ..input("a", None) },
            Input { verify_tls: false, ..input("a", None) },
            Input { proxy: "http://evil.example:3128", ..input("a", None) },
        ] {
            let moved = clusters.update("clu_1", 1, &elsewhere, EVE, at(2)).await;
            assert!(matches!(moved, Err(Error::Refused(_))), "{elsewhere:?}");
        }
        let open = Input { verify_tls: false, ..input("a", Some("new")) };
        clusters.update("clu_1", 1, &open, MONA, at(2)).await.unwrap();
        clusters.update("clu_1", 2, &input("a", None), MONA, at(2)).await.unwrap();
        assert_eq!(clusters.open("clu_1").await.unwrap().credential.as_str(), "new", "stricter keeps it");
    });
}

#[test]
fn who_can_write_the_database_can_neither_read_move_nor_redirect_a_credential() {
    each_server_database(|world| async move {
        let keyring = world.cluster().await;
        let clusters = world.store.clusters(&keyring);
        clusters.add("clu_2", &input("b", Some("two")), MONA, at(1)).await.unwrap();
        let shown = format!("{:?} {:?}", clusters.open("clu_1").await.unwrap(), input("a", Some("one")));
        assert!(!shown.contains("\"one\""), "{shown}");
        world.tamper("UPDATE cluster SET server = 'https://evil.example' WHERE id = 'clu_1'").await;
        assert!(matches!(clusters.open("clu_1").await, Err(Error::Corrupt(_))));
        world.tamper("UPDATE cluster SET server = 'https://a.example:6443', verify_tls = 0 WHERE id = 'clu_1'").await;
        assert!(matches!(clusters.open("clu_1").await, Err(Error::Corrupt(_))));
        world
            .tamper(
                "UPDATE cluster SET verify_tls = 1, sealed = (SELECT sealed FROM cluster WHERE id = 'clu_2') \
                 WHERE id = 'clu_1'",
            )
            .await;
        assert!(matches!(clusters.open("clu_1").await, Err(Error::Corrupt(_))));
        assert_eq!(clusters.open("clu_2").await.unwrap().credential.as_str(), "two");
    });
}

#[test]
fn what_was_seen_of_a_cluster_is_kept_with_its_times_and_forgotten_with_its_credential() {
    each_server_database(|world| async move {
        let keyring = world.cluster().await;
        let clusters = world.store.clusters(&keyring);
        let now = async || clusters.get("clu_1").await.unwrap();
        clusters.checked("clu_1", 9, &well(10)).await.unwrap();
        assert_eq!(now().await.state, State::Unknown, "another revision's says nothing of this one");
        clusters.checked("clu_1", 1, &well(10)).await.unwrap();
        clusters.checked("clu_1", 1, &well(20)).await.unwrap();
        let seen = now().await;
        assert_eq!(
            (seen.state, seen.state_since, seen.good_at, seen.simulated),
            (State::Connected, Some(10), Some(20), true)
        );
        assert_eq!(seen.seen, well(20).seen, "what may not be listed is not 0");
        clusters.checked("clu_1", 1, &ill(30, State::Connected)).await.unwrap();
        assert_eq!((now().await.state_since, now().await.check_code.as_str()), (Some(10), "unauthorized"));
        clusters.checked("clu_1", 1, &ill(40, State::Error)).await.unwrap();
        let ill = now().await;
        assert_eq!(
            (ill.state, ill.state_since, ill.good_at, ill.checked_at),
            (State::Error, Some(40), Some(20), Some(40))
        );
        assert_eq!(ill.seen, well(20).seen, "what it last was is still known");
        clusters.update("clu_1", 1, &input("renamed", None), MONA, at(50)).await.unwrap();
        assert_eq!(now().await.state, State::Error, "a name changes nothing");
        clusters.update("clu_1", 2, &input("renamed", Some("two")), MONA, at(60)).await.unwrap();
        assert_eq!((now().await.state, now().await.seen), (State::Unknown, None));
    });
}

#[test]
fn who_wants_to_know_of_clusters_is_told_when_one_is_lost_and_when_it_is_back() {
    each_server_database(|world| async move {
        let keyring = world.cluster().await;
        let clusters = world.store.clusters(&keyring);
        for (id, event, enabled) in [
            ("ntf_all", NotificationEvent::Cluster, true),
            ("ntf_off", NotificationEvent::Cluster, false),
            ("ntf_runs", NotificationEvent::Failure, true),
        ] {
            world.store.notifications().add(&notification(id, event, enabled)).await.unwrap();
        }
        for (at, check) in [
            (10, well(10)),
            (20, Check { state: State::Connected, ..ill(20, State::Error) }),
            (30, ill(30, State::Error)),
            (40, ill(40, State::Disconnected)),
            (50, well(50)),
        ] {
            clusters.checked("clu_1", 1, &check).await.unwrap();
            assert_eq!(clusters.get("clu_1").await.unwrap().checked_at, Some(at));
        }
        clusters.checked("clu_1", 9, &ill(60, State::Error)).await.unwrap();
        let messages = world.store.messages();
        let mut told = Vec::new();
        while let Some(message) = messages.due(at(1_000)).await.unwrap().pop() {
            messages.sent(&message.id, at(1_000)).await.unwrap();
            let Body { cluster, status, duration_ms, why, .. } = message.body;
            assert_eq!((message.notification.as_str(), message.run.as_str()), ("ntf_all", ""));
            told.push((cluster.unwrap(), status, duration_ms, why.is_some()));
        }
        let expected = [("error", 20, true), ("connected", 10, false)];
        assert_eq!(told, expected.map(|(status, ms, why)| ("a".to_owned(), status.to_owned(), Some(ms), why)));
    });
}

fn notification(id: &str, event: NotificationEvent, enabled: bool) -> Notification {
    Notification {
        id: id.into(),
        name: id.into(),
        kind: "webhook".into(),
        enabled,
        events: vec![NotificationEvent::Success, event],
        pipelines: vec!["pl_1".into()],
        target: String::new(),
        to: Vec::new(),
        signed: false,
        sealed: "sealed".into(),
        version: 1,
        created_at: 0,
        updated_at: 0,
        updated_by: "mona".into(),
    }
}
