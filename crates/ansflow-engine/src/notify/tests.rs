//! Each channel's request against the format that its makers document, and where messages must not go.

mod attacks;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use expect_test::{Expect, expect};
use serde_json::json;

use super::*;

/// 14 November 2023, 22:13:20.123
pub(super) fn now() -> Timestamp {
    Timestamp::from_millisecond(1_700_000_000_123).unwrap()
}

pub(super) fn message() -> Message {
    Message {
        id: "msg_1".into(),
        kind: "run.failure".into(),
        heading: None,
        text: "✗ shop #12 failed: step `deploy` exited with 2".into(),
        link: Some("https://ci.example.com/runs/run_1".into()),
        facts: Map::from_iter([("pipeline".to_owned(), json!("shop")), ("number".to_owned(), json!(12))]),
    }
}

fn hook(kind: HookKind, url: &str, signing_secret: Option<&str>) -> Hook {
    Hook { kind, url: url.into(), signing_secret: signing_secret.map(str::to_owned) }
}

/// The whole request, as a person reads it.
fn check(hook: &Hook, message: &Message, expected: &Expect) {
    let request = request(message, hook, now()).unwrap();
    let mut shown = format!("POST {}\n", request.url);
    for (name, value) in &request.headers {
        shown.push_str(&format!("{name}: {value}\n"));
    }
    expected.assert_eq(&format!("{shown}{}\n", request.body));
}

#[test]
fn slack_is_sent_mrkdwn_in_which_nobody_is_called_together() {
    let slack = hook(HookKind::Slack, "https://hooks.slack.com/services/T0/B0/x", None);
    check(
        &slack,
        &message(),
        &expect![[r#"
            POST https://hooks.slack.com/services/T0/B0/x
            {"text":"✗ shop #12 failed: step `deploy` exited with 2\n<https://ci.example.com/runs/run_1>","unfurl_links":false}
        "#]],
    );
    let evil = Message {
        heading: Some("<!channel>".into()),
        text: "<https://evil.example|click> & <@U1>".into(),
        ..Message::default()
    };
    check(
        &slack,
        &evil,
        &expect![[r#"
            POST https://hooks.slack.com/services/T0/B0/x
            {"text":"*&lt;!channel&gt;*\n&lt;https://evil.example|click&gt; &amp; &lt;@U1&gt;","unfurl_links":false}
        "#]],
    );
}

#[test]
fn dingtalk_is_signed_in_the_address() {
    let url = "https://oapi.dingtalk.com/robot/send?access_token=T";
    check(
        &hook(HookKind::Dingtalk, url, None),
        &message(),
        &expect![[r#"
            POST https://oapi.dingtalk.com/robot/send?access_token=T
            {"msgtype":"text","text":{"content":"✗ shop #12 failed: step `deploy` exited with 2\nhttps://ci.example.com/runs/run_1"}}
        "#]],
    );
    check(
        &hook(HookKind::Dingtalk, url, Some("SECabc")),
        &Message { heading: Some("Title".into()), text: "text".into(), ..Message::default() },
        &expect![[r#"
            POST https://oapi.dingtalk.com/robot/send?access_token=T&timestamp=1700000000123&sign=IqXBU%2FaLfwMA3S%2FtDcfRmHx5vWHw9Y1aOgFLBr1Ti9w%3D
            {"msgtype":"text","text":{"content":"Title\ntext"}}
        "#]],
    );
}

#[test]
fn feishu_is_signed_in_the_body() {
    let url = "https://open.feishu.cn/open-apis/bot/v2/hook/T";
    check(
        &hook(HookKind::Feishu, url, Some("SECabc")),
        &Message { heading: Some("Title".into()), text: "one\n<at user_id=\"all\"></at>".into(), ..message() },
        &expect![[r#"
            POST https://open.feishu.cn/open-apis/bot/v2/hook/T
            {"msg_type":"post","content":{"post":{"zh_cn":{"title":"Title","content":[[{"tag":"text","text":"one"}],[{"tag":"text","text":"<at user_id=\"all\"></at>"}],[{"tag":"a","text":"https://ci.example.com/runs/run_1","href":"https://ci.example.com/runs/run_1"}]]}}},"sign":"XprR1de+0SSBnwWyU/4k6x2TL+Q2SJlM5NNEdAv7MWg=","timestamp":"1700000000"}
        "#]],
    );
}

#[test]
fn wecom_is_sent_a_text_that_is_not_too_long() {
    let url = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=K";
    let wecom = hook(HookKind::Wecom, url, None);
    check(
        &wecom,
        &Message { text: "text".into(), ..Message::default() },
        &expect![[r#"
            POST https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=K
            {"msgtype":"text","text":{"content":"text"}}
        "#]],
    );
    let long = Message { text: "构建失败".repeat(1_000), ..message() };
    let body: Json = serde_json::from_str(&request(&long, &wecom, now()).unwrap().body).unwrap();
    let content = body["text"]["content"].as_str().unwrap();
    assert!(content.len() <= 2_048 && content.len() > 2_000, "{}", content.len());
    assert!(content.ends_with("…\nhttps://ci.example.com/runs/run_1"), "{content}");
}

#[test]
fn a_webhook_is_sent_a_standard_one() {
    check(
        &hook(HookKind::Webhook, "https://example.com/in", None),
        &message(),
        &expect![[r#"
            POST https://example.com/in
            webhook-id: msg_1
            webhook-timestamp: 1700000000
            {"type":"run.failure","timestamp":"2023-11-14T22:13:20Z","data":{"pipeline":"shop","number":12,"title":null,"text":"✗ shop #12 failed: step `deploy` exited with 2","link":"https://ci.example.com/runs/run_1"}}
        "#]],
    );
}

#[test]
fn a_webhooks_signature_is_that_of_the_standard() {
    // The example of the specification.
    let key = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
    let text = r#"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}"#;
    assert_eq!(request::sign(&key, text.as_bytes()), "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    for secret in ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "plain words"] {
        let sent = request(&message(), &hook(HookKind::Webhook, "https://example.com/", Some(secret)), now()).unwrap();
        let key = if secret.starts_with("whsec_") { key.clone() } else { secret.into() };
        let expected = request::sign(&key, format!("msg_1.1700000000.{}", sent.body).as_bytes());
        assert!(sent.headers.contains(&("webhook-signature", format!("v1,{expected}"))), "{secret}");
    }
}

#[test]
fn answers_are_judged_as_each_channel_means_them() {
    let check = |kind, status, body: &str, expected: Result<(), &str>| {
        let judged = answer::judge(kind, status, body.as_bytes());
        assert_eq!(judged, expected.map_err(str::to_owned), "{kind:?} {status} {body}");
    };
    check(HookKind::Slack, 200, "ok", Ok(()));
    check(HookKind::Slack, 404, "no_service", Err("answered 404: no_service"));
    check(HookKind::Slack, 500, "{\"AccessKeyId\":\"x\"}", Err("answered 500"));
    check(HookKind::Webhook, 204, "", Ok(()));
    check(HookKind::Webhook, 302, "", Err("answered 302"));
    check(HookKind::Webhook, 500, "internal_words", Err("answered 500"));
    check(HookKind::Dingtalk, 200, r#"{"errcode":0,"errmsg":"ok"}"#, Ok(()));
    check(
        HookKind::Dingtalk,
        200,
        r#"{"errcode":310000,"errmsg":"sign not match"}"#,
        Err("answered 200, code 310000: sign not match"),
    );
    check(
        HookKind::Wecom,
        200,
        r#"{"errcode":93000,"errmsg":"invalid\u001b[2J key"}"#,
        Err("answered 200, code 93000: invalid[2J key"),
    );
    check(HookKind::Feishu, 200, r#"{"StatusCode":0,"StatusMessage":"success","code":0,"msg":"success"}"#, Ok(()));
    check(HookKind::Feishu, 200, r#"{"StatusCode":0}"#, Ok(()));
    check(
        HookKind::Feishu,
        400,
        r#"{"code":19021,"msg":"sign match fail"}"#,
        Err("answered 400, code 19021: sign match fail"),
    );
    check(HookKind::Feishu, 200, "<html>", Err("answered 200 and not as such a robot does: is the address right?"));
    check(HookKind::Wecom, 502, "<html>", Err("answered 502"));
}

#[test]
fn addresses_that_cannot_be_sent_to_are_refused_without_being_repeated() {
    for (url, why) in [
        ("ftp://t0ken@example.com/", "the address must begin with https:// or http://"),
        ("https://user:t0ken@example.com/", "the address must not have a user name or password in it"),
        ("https://exa mple.com/t0ken", "the address is no URL: invalid international domain name"),
        ("t0ken", "the address is no URL: relative URL without a base"),
    ] {
        let refused = request(&message(), &hook(HookKind::Slack, url, None), now());
        assert_eq!(refused.map(|_| ()), Err(SendError::Refused(why.into())), "{url}");
    }
}

#[test]
fn a_mail_server_stands_in_one_line() {
    let check = |url: &str, expected: &str| {
        let shown = match MailServer::from_url(url) {
            Ok(server) => format!(
                "{}:{} {:?} {}/{} {}",
                server.host, server.port, server.security, server.username, server.password, server.from
            ),
            Err(why) => {
                assert!(!why.contains("p4ss"), "{why}");
                why
            }
        };
        assert_eq!(shown, expected, "{url}");
    };
    check("smtps://a:p4ss@mail.example.com?from=ci@example.com", "mail.example.com:465 Tls a/p4ss ci@example.com");
    check("smtp://a%40b.c:p%40%3A4@m:2525", "m:2525 Starttls a@b.c/p@:4 a@b.c");
    check("smtp://127.0.0.1?from=a@b.c&security=none", "127.0.0.1:25 None / a@b.c");
    check("smtp://m?from=AnsFlow%20%3Ca@b.c%3E", "m:587 Starttls / AnsFlow <a@b.c>");
    check("smtp://a:p4ss@m", "it does not say who the sender is: add ?from=ci@example.com");
    check("smtps://a:p4ss@m?from=a@b.c&security=none", "`security` must be tls, starttls or none");
    check("smtp://a:p4ss@m?form=a@b.c", "it has the unknown option `form`; it takes `from` and `security`");
    check("https://a:p4ss@m?from=a@b.c", "it must begin with smtps:// or smtp://");
    check("smtp://a:p4ss%@m?from=a@b.c", "a `%` in user or password stands alone: write %25");
}
