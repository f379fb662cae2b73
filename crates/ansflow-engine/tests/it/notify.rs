//! The step `notify` in its real process: sent, refused, stopped, and silent about what it holds.

use ansflow_core::run::event::Report;
use ansflow_core::spec::{Destination, Hook, HookKind, Notify, StepSpec};
use ansflow_engine::attempt::order::{Delivery, Order};
use ansflow_engine::notify::{MailServer, Security};
use nix::sys::signal::Signal;
use serde_json::{Value as Json, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::mailbox::Mailbox;
use crate::secrets::leaks;
use crate::world::{World, signal};

fn order(world: &World, to: Destination) -> Order {
    let message = "build 7 is out, not hunter2-hunter2".to_owned();
    world.order(StepSpec::Notify(Notify { to, title: Some("released".into()), message }))
}

fn hook(kind: HookKind, url: String) -> Destination {
    Destination::Hook(Hook { kind, url, signing_secret: None })
}

/// Sends to a receiver with this answer: how it ended, the log, and what the receiver got.
fn check(kind: HookKind, answer: ResponseTemplate) -> (World, Report, Vec<Json>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = runtime.block_on(MockServer::start());
    runtime.block_on(Mock::given(any()).respond_with(answer).mount(&server));
    let world = World::new();
    let report = world.run(&order(&world, hook(kind, format!("{}/hook/t0ken-t0ken", server.uri())))).report;
    let got = runtime.block_on(server.received_requests()).unwrap();
    assert_eq!(leaks(world.folder.path(), "t0ken-t0ken"), Vec::<String>::new());
    (world, report, got.iter().map(|request| request.body_json().unwrap()).collect())
}

#[test]
fn a_message_is_sent_once_and_the_log_says_where_to() {
    let (world, report, got) = check(HookKind::Slack, ResponseTemplate::new(200).set_body_string("ok"));
    assert!(matches!(report, Report::Succeeded(_)), "{report:?}");
    assert_eq!(world.log(), "ansflow: sent to 127.0.0.1\n");
    assert_eq!(got, [json!({ "text": "*released*\nbuild 7 is out, not ***", "unfurl_links": false })]);
}

#[test]
fn a_program_is_told_which_step_of_which_run() {
    let (_, _, got) = check(HookKind::Webhook, ResponseTemplate::new(204));
    assert_eq!(got[0]["type"], "step.notify");
    let data = json!({ "run": "run_1", "pipeline": "shop", "number": 7, "step": "unit tests", "branch": "main", "commit": null,
        "title": "released", "text": "build 7 is out, not ***", "link": null });
    assert_eq!(got[0]["data"], data);
}

#[test]
fn a_no_fails_the_step_and_names_no_token() {
    let (_, report, _) = check(HookKind::Slack, ResponseTemplate::new(403).set_body_string("invalid_token"));
    let Report::Failed { exit_code: None, message } = report else { panic!("{report:?}") };
    assert!(message.starts_with("http://127.0.0.1:") && message.ends_with(" answered 403: invalid_token"), "{message}");
    let no = json!({ "errcode": 310_000, "errmsg": "keywords not in content" });
    let (_, report, _) = check(HookKind::Dingtalk, ResponseTemplate::new(200).set_body_json(no));
    let Report::Failed { message, .. } = report else { panic!("{report:?}") };
    assert!(message.ends_with(" answered 200, code 310000: keywords not in content"), "{message}");
}

#[test]
fn nobody_there_is_the_worlds_fault() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let world = World::new();
    let report = world.run(&order(&world, hook(HookKind::Slack, format!("http://{free}/t0ken-t0ken")))).report;
    let Report::Broken { message } = report else { panic!("{report:?}") };
    assert_eq!(message, format!("http://{free} could not be reached: Connection refused (os error 111)"));
}

#[test]
fn the_machines_own_services_are_not_for_steps_of_a_server() {
    let world = World::new();
    for (url, why) in [
        ("http://127.0.0.1:1/", "the address 127.0.0.1 is this machine's own: messages are not sent there"),
        (
            "http://169.254.169.254/",
            "the address 169.254.169.254 is link-local, where metadata services are: messages are not sent there",
        ),
    ] {
        let world = World::with_work_of(&world);
        let mut order = order(&world, hook(HookKind::Webhook, url.into()));
        order.delivery.allow_loopback = false;
        assert_eq!(world.run(&order).report, Report::Failed { exit_code: None, message: why.into() });
    }
}

#[test]
fn a_step_that_waits_for_an_answer_stops_when_it_is_asked_to() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let world = World::new();
    let child = world.start(&order(&world, hook(HookKind::Webhook, url.clone())));
    // It has connected, and waits for an answer that never comes.
    let connection = listener.accept().unwrap();
    signal(child.id(), Signal::SIGTERM);
    assert_eq!(world.finish(child).report, Report::Stopped);
    drop(connection);

    let world = World::new();
    let mut late = order(&world, hook(HookKind::Webhook, url));
    late.deadline_ms = Some(200);
    assert_eq!(world.run(&late).report, Report::TimedOut);
}

#[test]
fn mail_is_sent_by_the_server_that_the_order_names() {
    let mailbox = Mailbox::start();
    let world = World::new();
    let mut order = order(&world, Destination::Mail(vec!["ops@example.com".into(), "dev@example.com".into()]));
    order.delivery = Delivery { mail: Some(mailbox.server("ci", "p4ssw0rd")), allow_loopback: false };
    let report = world.run(&order).report;
    assert!(matches!(report, Report::Succeeded(_)), "{report:?}");
    assert_eq!(world.log(), "ansflow: sent to ops@example.com, dev@example.com\n");
    let got = mailbox.letter();
    assert_eq!(
        (got.from.as_str(), &got.to[..]),
        ("ci@example.com", &["ops@example.com".into(), "dev@example.com".into()][..])
    );
    assert!(got.signed_in && got.text.contains("\nSubject: released\n"), "{}", got.text);
    assert!(got.text.ends_with("\n\nbuild 7 is out, not ***\n"), "{}", got.text);
    assert_eq!(leaks(world.folder.path(), "p4ssw0rd"), Vec::<String>::new());
}

#[test]
fn a_mail_servers_no_is_repeated_without_the_password() {
    let mailbox = Mailbox::refusing("550 5.1.1 nobody here knows p4ssw0rd");
    let world = World::new();
    let mut order = order(&world, Destination::Mail(vec!["ops@example.com".into()]));
    order.delivery.mail = Some(mailbox.server("ci", "p4ssw0rd"));
    let Report::Failed { message, .. } = world.run(&order).report else { panic!() };
    assert!(message.starts_with("the mail server 127.0.0.1:") && message.contains("said no: "), "{message}");
    assert!(message.contains("nobody here knows ***"), "{message}");
}

#[test]
fn mail_without_tls_is_not_sent_where_tls_was_asked_for() {
    let mailbox = Mailbox::start();
    let world = World::new();
    let mut order = order(&world, Destination::Mail(vec!["ops@example.com".into()]));
    let server = MailServer { security: Security::Starttls, ..mailbox.server("ci", "p4ssw0rd") };
    order.delivery.mail = Some(server);
    let Report::Failed { message, .. } = world.run(&order).report else { panic!() };
    assert!(message.contains("could not be spoken with") || message.contains("STARTTLS"), "{message}");
    assert!(!mailbox.heard().iter().any(|line| line.starts_with("AUTH") || line.starts_with("MAIL")));
}
