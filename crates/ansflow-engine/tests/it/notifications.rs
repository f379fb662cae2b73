//! From what happened in a run to a message that arrives, with a real store and a receiver on this machine.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use ansflow_core::run::event::{Report, RunCreated, RunFacts};
use ansflow_core::run::{Attempt, Event, Fact, Input, Run};
use ansflow_engine::Notifier;
use ansflow_engine::notifications::Settings;
use ansflow_engine::notify::MailServer;
use ansflow_store::messages::{Message, MessageStatus, Notice};
use ansflow_store::notifications::{Address, Notification, NotificationEvent};
use ansflow_store::runs::NewRun;
use ansflow_store::{Keyring, Store};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::mailbox::Mailbox;

/// A server's store, a receiver, and who sends.
struct World {
    store: Store,
    keyring: Keyring,
    settings: Arc<Mutex<Settings>>,
    receiver: MockServer,
    notifier: Notifier,
    now: Timestamp,
    _dir: TempDir,
}

impl World {
    async fn new() -> World {
        World::with_loopback(true).await
    }

    async fn with_loopback(allow_loopback: bool) -> World {
        drop(rustls::crypto::ring::default_provider().install_default());
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open_for_server(&format!("sqlite://{}/s.db", dir.path().display())).await.unwrap();
        let keyring = Keyring::open(&dir.path().join("key")).unwrap();
        let settings = Settings { mail: None, base_url: Some("https://ci.example.com/".into()) };
        let settings = Arc::new(Mutex::new(settings));
        let shared = Arc::clone(&settings);
        let ask = Arc::new(move || {
            let settings = shared.lock().unwrap().clone();
            Box::pin(async move { Ok(settings) }) as std::pin::Pin<Box<dyn Future<Output = _> + Send>>
        });
        let notifier = Notifier::new(store.clone(), keyring.clone(), ask, allow_loopback).unwrap();
        let now = Timestamp::from_second(1_700_000_000).unwrap();
        World { store, keyring, settings, receiver: MockServer::start().await, notifier, now, _dir: dir }
    }

    /// The receiver answers so, until it is told to answer otherwise.
    async fn answers(&self, answer: ResponseTemplate) {
        self.receiver.reset().await;
        Mock::given(any()).respond_with(answer).mount(&self.receiver).await;
    }

    fn notification(&self, id: &str, events: &[NotificationEvent]) -> Notification {
        let address = Address { url: format!("{}/t0ken-{id}", self.receiver.uri()), signing_secret: None };
        let sealed = self.keyring.seal(&Notification::place(id, 1), &serde_json::to_string(&address).unwrap());
        Notification {
            id: id.into(),
            name: id.into(),
            kind: "webhook".into(),
            enabled: true,
            events: events.to_vec(),
            pipelines: Vec::new(),
            target: String::new(),
            to: Vec::new(),
            signed: false,
            sealed,
            version: 1,
            created_at: 0,
            updated_at: 0,
            updated_by: "mona".into(),
        }
    }

    async fn add(&self, notification: Notification) {
        self.store.notifications().add(&notification).await.unwrap();
    }

    /// Everybody is told of everything.
    async fn tell_all(&self, id: &str) {
        self.add(self.notification(id, &NotificationEvent::ALL)).await;
    }

    /// A run of the pipeline `shop` to which this happens; whoever wants to know has been noticed.
    async fn run(&self, number: u64, inputs: Vec<Input>) -> String {
        let id = format!("run_{number}");
        let events = history(&id, number, inputs, self.now);
        let status = Run::replay(&events).unwrap().status();
        let new = NewRun { id: &id, pipeline: "pl_shop", number, status };
        self.store.runs().create(new, &events).await.unwrap();
        for (event, seq) in events.iter().zip(1..) {
            let word = match &event.fact {
                Fact::ApprovalOpened { .. } => "approval",
                Fact::RunFinished { .. } if status.as_str() == "success" => "success",
                Fact::RunFinished { .. } if status.as_str() == "cancelled" => "cancelled",
                Fact::RunFinished { .. } => "failure",
                _ => continue,
            };
            let notice = Notice { run: id.clone(), seq, event: word.into() };
            self.store.messages().note(&notice, event.at).await.unwrap();
        }
        id
    }

    /// One look, and all that it sends.
    async fn tick(&mut self) {
        self.notifier.tick(self.now).await.unwrap();
        self.notifier.settle(self.now).await.unwrap();
    }

    fn pass(&mut self, seconds: i64) {
        self.now += SignedDuration::from_secs(seconds);
    }

    /// What the receiver got, in the order in which it came.
    async fn got(&self) -> Vec<Json> {
        let requests = self.receiver.received_requests().await.unwrap();
        requests.iter().map(|request| request.body_json().unwrap()).collect()
    }

    async fn texts(&self) -> Vec<String> {
        self.got().await.iter().map(|got| got["data"]["text"].as_str().unwrap().to_owned()).collect()
    }

    async fn messages(&self, id: &str) -> Vec<Message> {
        self.store.messages().list(id, None, 100).await.unwrap()
    }
}

/// A step that can end, and one before which somebody is asked.
fn history(id: &str, number: u64, inputs: Vec<Input>, now: Timestamp) -> Vec<Event> {
    let approval = json!({ "approvers": ["ops"], "required": 1, "message": "ship {{ build_number }}?" });
    let plan = json!({ "pipeline": "shop", "variables": {}, "steps": [
        { "name": "test", "type": "command", "needs": [], "params": { "command": "true" } },
        { "name": "deploy", "type": "command", "needs": [0], "params": { "command": "true" }, "approval": approval },
    ]});
    let facts = RunFacts {
        build_number: number,
        by: "mona".into(),
        workspace: "/w".into(),
        git_branch: Some("main".into()),
        git_commit: Some("1a2b3c4d5e".into()),
        ..RunFacts::default()
    };
    let plan = serde_json::from_value(plan).unwrap();
    let created =
        RunCreated { run: id.into(), plan, facts, carried: Vec::new(), deselected: Vec::new(), concurrency: 1 };
    let mut run = Run::new();
    let mut events = run.advance(&Input::Create(Box::new(created)), now).unwrap();
    events.extend(run.advance(&Input::Start, now).unwrap());
    for (input, second) in inputs.into_iter().zip(1..) {
        events.extend(run.advance(&input, now + SignedDuration::from_secs(second)).unwrap());
    }
    events
}

fn ended(step: usize, report: Report) -> Input {
    Input::Report { attempt: Attempt { step, number: 1 }, report, verdict: None }
}

fn tested() -> Input {
    ended(0, Report::Succeeded(Default::default()))
}

fn yes() -> Input {
    Input::Approve { step: 1, by: "ops".into(), via: "web".into(), comment: None }
}

fn fails() -> Vec<Input> {
    vec![ended(0, Report::Failed { exit_code: Some(2), message: "ended with exit code 2".into() })]
}

fn succeeds() -> Vec<Input> {
    vec![tested(), yes(), ended(1, Report::Succeeded(Default::default()))]
}

fn states(messages: &[Message]) -> Vec<(&'static str, MessageStatus)> {
    messages.iter().map(|message| (message.about(), message.status)).collect()
}

#[tokio::test]
async fn a_failure_arrives_with_its_reason_and_a_link() {
    let mut world = World::new().await;
    world.answers(ResponseTemplate::new(204)).await;
    world.tell_all("ntf_a").await;
    world.run(1, fails()).await;
    world.tick().await;
    assert_eq!(world.texts().await, ["✗ shop #1 failed: step `test` exited with 2 — 1s, main@1a2b3c4, by mona"]);
    let got = &world.got().await[0];
    assert_eq!(
        (&got["type"], &got["data"]["link"]),
        (&json!("run.failure"), &json!("https://ci.example.com/runs/run_1"))
    );
    let sent = world.messages("ntf_a").await;
    assert_eq!(states(&sent), [("failure", MessageStatus::Sent)]);
    assert_eq!((sent[0].attempts, sent[0].sent_at), (1, world.now.as_millisecond()));
    world.tick().await;
    assert_eq!(world.got().await.len(), 1, "once");
}

#[tokio::test]
async fn people_are_told_what_they_are_asked_even_when_it_was_answered_meanwhile() {
    let mut world = World::new().await;
    world.answers(ResponseTemplate::new(204)).await;
    world.settings.lock().unwrap().base_url = None;
    world.add(world.notification("ntf_a", &[NotificationEvent::Approval])).await;
    world.run(1, succeeds()).await;
    world.tick().await;
    let expected = "? shop #1 waits for approval of `deploy` by ops — main@1a2b3c4, by mona\nship 1?";
    assert_eq!(world.texts().await, [expected]);
    assert_eq!(world.got().await[0]["data"]["link"], Json::Null);
}

#[tokio::test]
async fn a_recovery_is_told_once_and_as_what_was_asked_for() {
    use NotificationEvent::{Cancelled, Recovered, Success};
    let mut world = World::new().await;
    world.answers(ResponseTemplate::new(204)).await;
    for (id, events) in [
        ("ntf_both", &[Success, Recovered][..]),
        ("ntf_recovered", &[Recovered]),
        ("ntf_success", &[Success]),
        ("ntf_cancelled", &[Cancelled]),
    ] {
        world.add(world.notification(id, events)).await;
    }
    world.run(1, succeeds()).await;
    world.run(2, fails()).await;
    world.run(3, vec![Input::Cancel { by: "otto".into() }, ended(0, Report::Stopped)]).await;
    world.run(4, succeeds()).await;
    world.run(5, succeeds()).await;
    // One at a time to each.
    for _ in 0..5 {
        world.tick().await;
    }
    let told = async |id: &str| {
        let mut told: Vec<String> = world
            .messages(id)
            .await
            .iter()
            .map(|message| format!("{} {}", message.body.number, message.about()))
            .collect();
        told.sort();
        told
    };
    assert_eq!(told("ntf_both").await, ["1 success", "4 recovered", "5 success"]);
    assert_eq!(told("ntf_recovered").await, ["4 recovered"]);
    assert_eq!(told("ntf_success").await, ["1 success", "4 success", "5 success"]);
    assert_eq!(told("ntf_cancelled").await, ["3 cancelled"]);
    let cancelled = "■ shop #3 was cancelled by otto — 2s, main@1a2b3c4, by mona".to_owned();
    assert!(world.texts().await.contains(&cancelled), "{:?}", world.texts().await);
}

#[tokio::test]
async fn other_pipelines_and_who_is_switched_off_are_left_alone() {
    let mut world = World::new().await;
    world.answers(ResponseTemplate::new(204)).await;
    let all = &NotificationEvent::ALL;
    world.add(Notification { pipelines: vec!["pl_other".into()], ..world.notification("ntf_other", all) }).await;
    world.add(Notification { pipelines: vec!["pl_shop".into()], ..world.notification("ntf_shop", all) }).await;
    world.add(Notification { enabled: false, ..world.notification("ntf_off", all) }).await;
    world.run(1, fails()).await;
    world.tick().await;
    assert_eq!(world.got().await.len(), 1);
    assert_eq!((world.messages("ntf_other").await.len(), world.messages("ntf_off").await.len()), (0, 0));
    assert!(world.store.messages().notices(10).await.unwrap().is_empty());
    // A test is how one finds out before one switches it on.
    world.store.messages().test("ntf_off", "mona", world.now).await.unwrap();
    world.tick().await;
    assert_eq!(world.texts().await[1], "✓ a test of the notification `ntf_off`, by mona: messages arrive here");
}

#[tokio::test]
async fn what_was_not_taken_is_sent_again_with_patience_and_then_given_up() {
    let mut world = World::new().await;
    world.answers(ResponseTemplate::new(500)).await;
    world.tell_all("ntf_a").await;
    world.run(1, fails()).await;
    let waits = [10, 60, 5 * 60, 30 * 60, 2 * 60 * 60];
    for (tries, wait) in (1..).zip(waits) {
        world.tick().await;
        let message = &world.messages("ntf_a").await[0];
        assert_eq!((message.status, message.attempts), (MessageStatus::Pending, tries));
        assert_eq!(message.next_at, (world.now + SignedDuration::from_secs(wait)).as_millisecond());
        let next = world.notifier.tick(world.now).await.unwrap();
        assert_eq!(next.map(Timestamp::as_millisecond), Some(message.next_at), "nothing before");
        world.pass(wait);
    }
    world.tick().await;
    let message = &world.messages("ntf_a").await[0];
    assert_eq!((message.status, message.attempts, message.next_at), (MessageStatus::Failed, 6, 0));
    assert_eq!(message.error, format!("{} answered 500", world.receiver.uri()));
    assert_eq!(world.got().await.len(), 6);

    world.answers(ResponseTemplate::new(200)).await;
    world.store.messages().retry("ntf_a", &message.id, world.now).await.unwrap();
    world.tick().await;
    let message = &world.messages("ntf_a").await[0];
    assert_eq!((message.status, message.error.as_str()), (MessageStatus::Sent, ""));
}

#[tokio::test]
async fn the_same_message_has_the_same_id_when_it_is_sent_again() {
    let mut world = World::new().await;
    world.answers(ResponseTemplate::new(500)).await;
    world.tell_all("ntf_a").await;
    world.run(1, fails()).await;
    world.tick().await;
    world.pass(10);
    world.tick().await;
    let requests = world.receiver.received_requests().await.unwrap();
    let ids: Vec<_> = requests.iter().map(|request| &request.headers["webhook-id"]).collect();
    assert_eq!((ids.len(), ids[0]), (2, ids[1]));
}

#[tokio::test]
async fn a_slow_channel_holds_up_nobody_else() {
    let world = World::new().await;
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = Address { url: format!("http://{}/", silent.local_addr().unwrap()), signing_secret: None };
    let sealed = world.keyring.seal(&Notification::place("ntf_slow", 1), &serde_json::to_string(&address).unwrap());
    world.add(Notification { sealed, ..world.notification("ntf_slow", &NotificationEvent::ALL) }).await;
    world.answers(ResponseTemplate::new(204)).await;
    world.tell_all("ntf_quick").await;
    for number in 1..=6 {
        world.run(number, fails()).await;
    }
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let sending = tokio::spawn(world.notifier.run(async move { drop(stopped.await) }));
    // Its turn came, and it says nothing.
    let waiting = silent.accept().await.unwrap();
    while world.receiver.received_requests().await.unwrap().len() < 6 {
        tokio::task::yield_now().await;
    }
    drop(waiting);
    drop(silent);
    stop.send(()).unwrap();
    sending.await.unwrap();
}

#[tokio::test]
async fn who_sends_is_woken_by_what_is_written_and_stops_when_told() {
    let world = World::new().await;
    world.answers(ResponseTemplate::new(204)).await;
    world.tell_all("ntf_a").await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let sending = tokio::spawn(world.notifier.run(async move { drop(stopped.await) }));
    world.store.messages().test("ntf_a", "mona", Timestamp::now()).await.unwrap();
    let started = std::time::Instant::now();
    while world.receiver.received_requests().await.unwrap().is_empty() {
        assert!(started.elapsed() < Duration::from_secs(20), "it was not woken");
        tokio::task::yield_now().await;
    }
    stop.send(()).unwrap();
    sending.await.unwrap();
    let message = &world.store.messages().list("ntf_a", None, 1).await.unwrap()[0];
    assert_eq!(message.status, MessageStatus::Sent, "what is under way is finished");
}

#[tokio::test]
async fn no_error_names_a_token_and_no_message_goes_where_it_must_not() {
    let mut world = World::with_loopback(false).await;
    world.tell_all("ntf_loop").await;
    for (id, url) in [
        ("ntf_meta", "http://169.254.169.254/latest/t0ken-t0ken"),
        ("ntf_name", "http://localhost:1/t0ken-t0ken?key=t0ken-t0ken"),
        ("ntf_wrong", "nonsense t0ken-t0ken"),
    ] {
        let address = Address { url: url.into(), signing_secret: Some("s1gning-s1gning".into()) };
        let sealed = world.keyring.seal(&Notification::place(id, 1), &serde_json::to_string(&address).unwrap());
        world.add(Notification { sealed, ..world.notification(id, &NotificationEvent::ALL) }).await;
    }
    // Sealed for another row.
    let sealed = world.notification("ntf_meta", &[]).sealed;
    world.add(Notification { sealed, ..world.notification("ntf_moved", &NotificationEvent::ALL) }).await;
    world.run(1, fails()).await;
    world.tick().await;
    world.tick().await;
    let mut errors = Vec::new();
    for id in ["ntf_loop", "ntf_meta", "ntf_moved", "ntf_name", "ntf_wrong"] {
        let message = world.messages(id).await.remove(0);
        assert_eq!((message.status, message.attempts), (MessageStatus::Pending, 1), "{id}");
        assert!(!message.error.contains("t0ken") && !message.error.contains("s1gning"), "{}", message.error);
        errors.push(message.error);
    }
    let errors = errors.join("\n");
    for expected in ["this machine's own", "link-local", "another key", "localhost:1 could not be reached", "is no URL"]
    {
        assert!(errors.contains(expected), "{expected}: {errors}");
    }
    assert_eq!(world.got().await.len(), 0);
}

#[tokio::test]
async fn mail_goes_by_the_server_that_is_set_at_that_moment() {
    let mut world = World::new().await;
    let by_mail = |id: &str| Notification {
        kind: "email".into(),
        to: vec!["ops@example.com".into()],
        ..world.notification(id, &NotificationEvent::ALL)
    };
    world.add(by_mail("ntf_mail")).await;
    world.run(1, fails()).await;
    world.tick().await;
    assert!(world.messages("ntf_mail").await[0].error.starts_with("no mail server is known"));
    let mailbox = Mailbox::start();
    let server: MailServer = mailbox.server("", "");
    world.settings.lock().unwrap().mail = Some(server);
    world.pass(10);
    world.tick().await;
    let letter = mailbox.letter();
    assert!(!letter.signed_in && letter.to == ["ops@example.com"], "{letter:?}");
    assert!(letter.text.contains("https://ci.example.com/runs/run_1"), "{}", letter.text);
    assert_eq!(states(&world.messages("ntf_mail").await), [("failure", MessageStatus::Sent)]);
}

#[tokio::test]
async fn a_run_that_nobody_can_read_silences_no_other() {
    let mut world = World::new().await;
    world.answers(ResponseTemplate::new(204)).await;
    world.tell_all("ntf_a").await;
    let broken = world.run(1, vec![]).await;
    for (seq, event) in [(1, "failure"), (2, "explosion")] {
        let notice = Notice { run: broken.clone(), seq, event: event.into() };
        world.store.messages().note(&notice, Timestamp::UNIX_EPOCH).await.unwrap();
    }
    world.run(2, fails()).await;
    world.tick().await;
    assert_eq!(world.texts().await.len(), 1);
    assert!(world.store.messages().notices(10).await.unwrap().is_empty());
}

#[tokio::test]
async fn messages_are_forgotten_after_thirty_days() {
    let mut world = World::new().await;
    world.answers(ResponseTemplate::new(204)).await;
    world.tell_all("ntf_a").await;
    world.run(1, fails()).await;
    world.tick().await;
    world.pass(30 * 24 * 3_600 - 1);
    world.tick().await;
    assert_eq!(world.messages("ntf_a").await.len(), 1);
    world.pass(3_601);
    world.tick().await;
    assert_eq!(world.messages("ntf_a").await.len(), 0);
}
