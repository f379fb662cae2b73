//! Lesson 23: a message is no way to the places that only the machine itself should reach; and header lines begin where
//! we begin them.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::super::guard::Guard;
use super::super::{http, mail};
use super::*;

/// A sender with a telephone book of its own: the n-th question has the n-th answer, the last one for ever.
fn sender(allow_loopback: bool, book: &[&[&str]]) -> (Sender, Arc<AtomicUsize>) {
    drop(rustls::crypto::ring::default_provider().install_default());
    let book: Vec<Vec<IpAddr>> = book.iter().map(|page| page.iter().map(|ip| ip.parse().unwrap()).collect()).collect();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let guard = Guard::with_lookup(allow_loopback, move |_, port| {
        let page = &book[count.fetch_add(1, Ordering::SeqCst).min(book.len() - 1)];
        let found = Ok(page.iter().map(|ip| SocketAddr::new(*ip, port)).collect());
        Box::pin(async move { found })
    });
    (Sender { http: http::Client::new(guard).unwrap() }, asked)
}

async fn send(sender: &Sender, url: &str) -> Result<String, SendError> {
    sender.send(&message(), &Destination::Hook(hook(HookKind::Webhook, url, None)), None, now()).await
}

#[test]
fn addresses_of_the_machines_keeper_are_refused_in_every_spelling() {
    let guard = Guard::new(true);
    for ip in [
        "169.254.169.254",
        "169.254.0.1",
        "0.0.0.0",
        "0.1.2.3",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "224.0.0.1",
        "255.255.255.255",
        "fe80::1",
        "febf::1",
        "fd00:ec2::254",
        "fd20:ce::254",
        "::",
        "ff02::1",
        "::ffff:169.254.169.254",
        "::169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
    ] {
        assert!(guard.check(ip.parse().unwrap()).is_err(), "{ip}");
    }
    for ip in
        ["10.0.0.1", "192.168.1.1", "172.16.0.1", "100.64.0.1", "8.8.8.8", "fd12::1", "2001:db8::1", "127.0.0.1", "::1"]
    {
        assert_eq!(guard.check(ip.parse().unwrap()), Ok(()), "{ip}");
    }
    for ip in ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"] {
        assert!(Guard::new(false).check(ip.parse().unwrap()).is_err(), "{ip}");
    }
}

#[tokio::test]
async fn a_spelled_address_is_refused_before_anything_is_sent() {
    let (sender, asked) = sender(true, &[&["10.0.0.1"]]);
    for url in [
        "http://169.254.169.254/latest/meta-data/t0ken-t0ken",
        "http://2852039166/t0ken-t0ken",
        "http://0xa9.0xfe.0xa9.0xfe/t0ken-t0ken",
        "http://169.254.169.254./t0ken-t0ken",
        "http://[::ffff:a9fe:a9fe]/t0ken-t0ken",
        "http://[fd00:ec2::254]/t0ken-t0ken",
        "http://0/t0ken-t0ken",
    ] {
        let Err(SendError::Refused(why)) = send(&sender, url).await else { panic!("{url} was sent to") };
        assert!(why.contains("messages are not sent there") && !why.contains("t0ken"), "{why}");
    }
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_name_that_means_a_forbidden_address_is_refused() {
    for page in [&["169.254.169.254"][..], &["fe80::1"], &["10.0.0.1", "169.254.169.254"], &["::ffff:169.254.169.254"]]
    {
        let (sender, _) = sender(true, &[page]);
        let Err(SendError::Unreachable(why)) = send(&sender, "http://rebound.example/t0ken-t0ken").await else {
            panic!("{page:?} was sent to")
        };
        assert!(why.starts_with("http://rebound.example could not be reached: the address "), "{why}");
        assert!(why.ends_with("messages are not sent there") && !why.contains("t0ken"), "{why}");
    }
}

#[tokio::test]
async fn the_address_that_was_checked_is_the_one_that_is_connected_to() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200)).mount(&server).await;
    let url = format!("http://rebound.example:{}/", server.address().port());
    // First it is ours, then the keeper's: only the first answer counts, and every message asks anew.
    let (sender, asked) = sender(true, &[&["127.0.0.1"], &["169.254.169.254"]]);
    assert_eq!(send(&sender, &url).await, Ok("rebound.example".to_owned()));
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    assert!(send(&sender, &url).await.is_err());
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_machines_own_services_are_for_tests_only() {
    let server = MockServer::start().await;
    let (strict, _) = sender(false, &[&["127.0.0.1"]]);
    let port = server.address().port();
    assert!(send(&strict, &format!("http://127.0.0.1:{port}/")).await.is_err());
    assert!(send(&strict, &format!("http://inside.example:{port}/")).await.is_err());
    assert!(send(&Sender::new(false).unwrap(), &format!("http://localhost:{port}/")).await.is_err());
    assert_eq!(server.received_requests().await.unwrap().len(), 0);
}

#[tokio::test]
async fn a_redirect_leads_nowhere() {
    let (server, inside) = (MockServer::start().await, MockServer::start().await);
    let (sender, _) = sender(true, &[&["127.0.0.1"]]);
    for to in [inside.uri(), "http://169.254.169.254/latest".to_owned()] {
        server.reset().await;
        let moved = ResponseTemplate::new(307).insert_header("location", to.as_str());
        Mock::given(any()).respond_with(moved).mount(&server).await;
        let refused = send(&sender, &format!("{}/t0ken-t0ken", server.uri())).await;
        assert_eq!(refused, Err(SendError::Refused(format!("{} answered 307", server.uri()))));
    }
    assert_eq!(inside.received_requests().await.unwrap().len(), 0);
}

#[tokio::test]
async fn an_answer_that_repeats_the_token_gives_nothing_away() {
    let server = MockServer::start().await;
    let said = json!({ "errcode": 1, "errmsg": "no robot access_t0ken-1234 with SECsecret here" });
    Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_json(said)).mount(&server).await;
    let (sender, _) = sender(true, &[&["127.0.0.1"]]);
    let url = format!("{}/robot/send?access_token=access_t0ken-1234", server.uri());
    let to = Destination::Hook(hook(HookKind::Dingtalk, &url, Some("SECsecret")));
    let Err(error) = sender.send(&message(), &to, None, now()).await else { panic!("it was taken") };
    assert_eq!(error.to_string(), format!("{} answered 200, code 1: no robot *** with *** here", server.uri()));
    assert!(!format!("{to:?}{error:?}").contains("t0ken"));
}

/// Header lines of a mail, and how many recipients it goes to.
fn letter(subject: &str, to: &[&str]) -> Result<(String, usize), String> {
    let message = Message { heading: Some(subject.into()), text: "first\nsecond".into(), ..message() };
    let to: Vec<String> = to.iter().map(|to| (*to).to_owned()).collect();
    let letter = mail::letter::write(&message, "AnsFlow <ci@example.com>", &to, now())?;
    let text = String::from_utf8(letter.formatted()).unwrap();
    let (head, _) = text.split_once("\r\n\r\n").unwrap();
    Ok((head.replace("\r\n", "\n"), letter.envelope().to().len()))
}

#[test]
fn a_mail_has_the_header_lines_that_we_write() {
    let (head, recipients) = letter("部署失败 of shop", &["ops@example.com", "dev@example.com"]).unwrap();
    expect![[r#"
        From: AnsFlow <ci@example.com>
        Date: Tue, 14 Nov 2023 22:13:20 +0000
        Message-ID: <msg_1@example.com>
        Subject: =?utf-8?b?6YOo572y5aSx6LSl?= of shop
        To: ops@example.com, dev@example.com
        Auto-Submitted: auto-generated
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: 7bit"#]]
    .assert_eq(&head);
    assert_eq!(recipients, 2);
}

#[test]
fn no_subject_and_no_recipient_begins_a_header_line() {
    for subject in
        ["hi\r\nBcc: evil@example.com", "hi\nBcc: evil@example.com", "hi\r\n\r\nbody", "hi\0\x0b\u{2028}Bcc: x"]
    {
        let (head, recipients) = letter(subject, &["ops@example.com"]).unwrap();
        assert!(!head.lines().any(|line| line.starts_with("Bcc") || line == "body"), "{head}");
        assert_eq!((recipients, head.matches("Subject:").count()), (1, 1));
    }
    for to in [
        "ops@example.com\r\nBcc: evil@example.com",
        "ops@example.com\r\nRCPT TO:<evil@example.com>",
        "ops@example.com, evil@example.com",
        "ops@example.com> <evil@example.com",
        "Ops <ops@example.com>",
        "ops",
        "",
    ] {
        assert!(letter("hi", &[to]).is_err(), "{to:?}");
    }
}
