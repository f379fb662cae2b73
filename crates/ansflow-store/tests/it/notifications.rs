//! Who is told of what, and messages on their way, on each database.

use ansflow_core::run::event::RunStatus;
use ansflow_store::messages::{Body, Message, MessageStatus, NewMessage, Notice};
use ansflow_store::notifications::{Notification, NotificationEvent};
use ansflow_store::runs::NewRun;
use ansflow_store::{Error, Store};
use jiff::Timestamp;

use crate::world::{World, created, each_database};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn notification(id: &str, version: u64) -> Notification {
    Notification {
        id: id.into(),
        name: format!("name of {id}"),
        kind: "slack".into(),
        enabled: true,
        events: vec![NotificationEvent::Success, NotificationEvent::Approval],
        pipelines: vec!["pl_1".into()],
        target: "https://hooks.slack.com".into(),
        to: vec!["ops@example.com".into()],
        signed: true,
        sealed: "1.x".into(),
        version,
        created_at: 1_000,
        updated_at: 2_000,
        updated_by: "mona".into(),
    }
}

fn new(id: &str, notification: &str) -> NewMessage {
    let body = Body { pipeline: "shop".into(), number: 12, ..Body::default() };
    let (id, notification) = (id.to_owned(), notification.to_owned());
    NewMessage { id, notification, event: Some(NotificationEvent::Failure), run: "run_1".into(), body }
}

/// A server's store with these notifications and one run.
async fn server(world: &World, ids: &[&str]) -> Store {
    let store = Store::open_for_server(&world.url).await.unwrap();
    for id in ids {
        store.notifications().add(&notification(id, 1)).await.unwrap();
    }
    let run = NewRun { id: "run_1", pipeline: "pl_1", number: 1, status: RunStatus::Queued };
    store.runs().create(run, &[created("run_1", 1)]).await.unwrap();
    store
}

fn notice(seq: u64) -> Notice {
    Notice { run: "run_1".into(), seq, event: "failure".into() }
}

fn ids(messages: &[Message]) -> Vec<&str> {
    messages.iter().map(|message| message.id.as_str()).collect()
}

#[test]
fn a_notification_is_what_was_written() {
    each_database(async |world| {
        let store = server(&world, &["ntf_b", "ntf_a"]).await;
        let notifications = store.notifications();
        assert_eq!(notifications.get("ntf_a").await.unwrap(), notification("ntf_a", 1));
        let names = async |after: &str| -> Vec<String> {
            notifications.list(after, 10).await.unwrap().into_iter().map(|one| one.id).collect()
        };
        assert_eq!(names("").await, ["ntf_a", "ntf_b"]);
        assert_eq!(names("name of ntf_a").await, ["ntf_b"]);

        let changed = Notification { enabled: false, events: vec![], name: "new".into(), ..notification("ntf_a", 2) };
        notifications.update(&changed).await.unwrap();
        assert_eq!(notifications.get("ntf_a").await.unwrap(), changed);
        assert_eq!(notifications.enabled().await.unwrap(), [notification("ntf_b", 1)]);
        assert!(matches!(notifications.update(&changed).await, Err(Error::Conflict(_))));
        assert!(matches!(notifications.update(&notification("ntf_c", 2)).await, Err(Error::NotFound(_))));
        let taken = Notification { name: "name of ntf_b".into(), ..notification("ntf_a", 3) };
        assert!(matches!(notifications.update(&taken).await, Err(Error::Taken("name"))));
        assert!(matches!(notifications.add(&taken).await, Err(Error::Taken("name"))));
        notifications.remove("ntf_a").await.unwrap();
        assert!(matches!(notifications.remove("ntf_a").await, Err(Error::NotFound(_))));
        store.close().await;
    });
}

#[test]
fn a_notice_is_taken_once_and_with_its_messages() {
    each_database(async |world| {
        let store = server(&world, &["ntf_a", "ntf_b"]).await;
        let messages = store.messages();
        for seq in [7, 7, 8] {
            messages.note(&notice(seq), at(1)).await.unwrap();
        }
        assert_eq!(messages.notices(10).await.unwrap(), [notice(7), notice(8)]);
        // To one that is gone as well.
        let new = [new("msg_1", "ntf_a"), new("msg_2", "ntf_gone"), new("msg_3", "ntf_b")];
        messages.take(&notice(7), &new, at(2)).await.unwrap();
        messages.take(&notice(7), &new, at(2)).await.unwrap();
        assert_eq!(messages.notices(10).await.unwrap(), [notice(8)]);
        assert_eq!(ids(&messages.due(at(2)).await.unwrap()), ["msg_1", "msg_3"]);
        let stored = messages.get("ntf_a", "msg_1").await.unwrap();
        assert_eq!(
            (stored.body.number, stored.event, stored.run.as_str()),
            (12, Some(NotificationEvent::Failure), "run_1")
        );
        assert!(matches!(messages.get("ntf_b", "msg_1").await, Err(Error::NotFound(_))), "it is another's");
        store.close().await;
    });
}

#[test]
fn a_message_is_tried_until_it_is_sent_or_given_up() {
    each_database(async |world| {
        let store = server(&world, &["ntf_a", "ntf_b"]).await;
        let messages = store.messages();
        messages.note(&notice(1), at(0)).await.unwrap();
        let new = [new("msg_1", "ntf_a"), new("msg_2", "ntf_a"), new("msg_3", "ntf_b")];
        messages.take(&notice(1), &new, at(10)).await.unwrap();
        // One of each notification; nothing before its time.
        assert_eq!(ids(&messages.due(at(9)).await.unwrap()), [""; 0]);
        assert_eq!(messages.next_due(at(9)).await.unwrap(), Some(10_000));
        assert_eq!(ids(&messages.due(at(10)).await.unwrap()), ["msg_1", "msg_3"]);
        messages.failed("msg_1", "no answer", Some(at(20))).await.unwrap();
        assert_eq!(ids(&messages.due(at(10)).await.unwrap()), ["msg_2", "msg_3"], "it holds up nobody");
        messages.sent("msg_2", at(11)).await.unwrap();
        messages.sent("msg_3", at(11)).await.unwrap();
        assert_eq!(messages.next_due(at(11)).await.unwrap(), Some(20_000));
        messages.failed("msg_1", "no answer", None).await.unwrap();
        let given_up = messages.get("ntf_a", "msg_1").await.unwrap();
        assert_eq!(
            (given_up.status, given_up.attempts, given_up.error.as_str()),
            (MessageStatus::Failed, 2, "no answer")
        );
        assert_eq!((messages.due(at(99)).await.unwrap().len(), messages.next_due(at(0)).await.unwrap()), (0, None));

        let again = messages.retry("ntf_a", "msg_1", at(30)).await.unwrap();
        assert_eq!((again.status, again.attempts, again.next_at), (MessageStatus::Pending, 0, 30_000));
        assert!(matches!(messages.retry("ntf_a", "msg_2", at(30)).await, Err(Error::Conflict(_))), "it was sent");
        assert!(matches!(messages.retry("ntf_b", "msg_1", at(30)).await, Err(Error::NotFound(_))), "it is another's");
        store.close().await;
    });
}

#[test]
fn lists_are_newest_first_and_old_messages_go() {
    each_database(async |world| {
        let store = server(&world, &["ntf_a", "ntf_b"]).await;
        let messages = store.messages();
        for (seq, id, time) in [(1, "msg_1", 10), (2, "msg_2", 20), (3, "msg_3", 20)] {
            messages.note(&notice(seq), at(0)).await.unwrap();
            messages.take(&notice(seq), &[new(id, "ntf_a")], at(time)).await.unwrap();
        }
        assert_eq!(ids(&messages.list("ntf_a", None, 2).await.unwrap()), ["msg_3", "msg_2"]);
        assert_eq!(ids(&messages.list("ntf_a", Some("msg_2"), 2).await.unwrap()), ["msg_1"]);
        assert_eq!(ids(&messages.newest().await.unwrap()), ["msg_3"]);
        let test = messages.test("ntf_b", "mona", at(40)).await.unwrap();
        assert_eq!((test.event, test.about(), test.body.by.as_str()), (None, "test", "mona"));
        assert!(matches!(messages.test("ntf_none", "mona", at(40)).await, Err(Error::NotFound(_))));
        messages.sent("msg_1", at(11)).await.unwrap();
        assert_eq!(messages.prune(at(30)).await.unwrap(), 1, "what is to be sent stays");
        store.notifications().remove("ntf_a").await.unwrap();
        assert_eq!(ids(&messages.newest().await.unwrap()), [test.id.as_str()]);
        store.close().await;
    });
}

#[test]
fn the_run_before_says_whether_a_success_is_news() {
    each_database(async |world| {
        let store = server(&world, &[]).await;
        for (number, status) in
            [(2, RunStatus::Failed), (3, RunStatus::Cancelled), (4, RunStatus::Running), (5, RunStatus::Success)]
        {
            let id = format!("run_{number}");
            let run = NewRun { id: &id, pipeline: "pl_1", number, status };
            store.runs().create(run, &[created(&id, 1)]).await.unwrap();
        }
        let before = async |number| store.messages().ended_before("pl_1", number).await.unwrap();
        assert_eq!((before(1).await, before(2).await), (None, None));
        assert_eq!((before(5).await.as_deref(), before(6).await.as_deref()), (Some("failed"), Some("success")));
        assert_eq!(store.messages().ended_before("pl_2", 6).await.unwrap(), None);
        store.close().await;
    });
}
