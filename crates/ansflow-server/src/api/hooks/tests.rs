//! Who knocks, and whether it is signed: by the headers alone.

use ansflow_core::webhook::Source;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha2::Sha256;

use super::sender::Sender;
use super::verify::is_signed;

const BODY: &[u8] = b"Hello, World!";
const SECRET: &str = "It's a Secret to Everybody";
/// Of that body with that secret, as GitHub's manual has it.
const DIGEST: &str = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
        headers.append(name.parse::<HeaderName>().unwrap(), value);
    }
    headers
}

fn check(source: Source, pairs: &[(&str, &str)], expect: bool) {
    let found = is_signed(source, &headers(pairs), BODY, SECRET, now());
    assert_eq!(found, expect, "{source:?} {pairs:?}");
}

fn now() -> Timestamp {
    Timestamp::from_second(1_700_000_000).unwrap()
}

fn base64_mac(key: &[u8], text: &[u8]) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(key).unwrap().chain_update(text);
    STANDARD.encode(mac.finalize().into_bytes())
}

#[test]
fn github_and_gitea_sign_the_body() {
    let prefixed = format!("sha256={DIGEST}");
    let upper = format!("sha256={}", DIGEST.to_uppercase());
    check(Source::Github, &[("x-hub-signature-256", &prefixed)], true);
    check(Source::Github, &[("x-hub-signature-256", &upper)], true);
    check(Source::Gitea, &[("x-gitea-signature", DIGEST)], true);
    check(Source::Gitea, &[("x-forgejo-signature", DIGEST)], true);
    check(Source::Gitea, &[("x-hub-signature-256", &prefixed)], true);
    check(Source::Generic, &[("x-ansflow-signature", &prefixed)], true);
}

#[test]
fn what_is_not_signed_so_is_not_signed() {
    let prefixed = format!("sha256={DIGEST}");
    let other = format!("sha256={}0", &DIGEST[..63]);
    let (short, long) = (format!("sha256={}", &DIGEST[..62]), format!("sha256={DIGEST}00"));
    for value in ["", "sha256=", DIGEST, "sha1=aa", &other, &short, &long, "sha256=zz", "sha256=é", "sha256=7"] {
        check(Source::Github, &[("x-hub-signature-256", value)], false);
        check(Source::Generic, &[("x-ansflow-signature", value)], false);
    }
    check(Source::Github, &[], false);
    // The older, weaker one, and another's.
    check(Source::Github, &[("x-hub-signature", &prefixed)], false);
    check(Source::Github, &[("x-gitea-signature", DIGEST)], false);
    check(Source::Gitea, &[("x-gitea-signature", &"0".repeat(64)), ("x-hub-signature-256", &prefixed)], false);
    check(Source::Gitea, &[("x-gitea-signature", ""), ("x-hub-signature-256", &prefixed)], false);
    check(Source::Gitlab, &[("x-hub-signature-256", &prefixed)], false);
    check(Source::Generic, &[("x-hub-signature-256", &prefixed)], false);
    // Twice is a riddle.
    check(Source::Github, &[("x-hub-signature-256", &prefixed), ("x-hub-signature-256", "sha256=00")], false);
    check(Source::Gitlab, &[("x-gitlab-token", "wrong"), ("x-gitlab-token", SECRET)], false);
}

#[test]
fn gitlab_sends_the_secret_itself() {
    check(Source::Gitlab, &[("x-gitlab-token", SECRET)], true);
    for token in ["", "It's a Secret to Everybod", "It's a Secret to Everybody!", "it's a secret to everybody"] {
        check(Source::Gitlab, &[("x-gitlab-token", token)], false);
    }
    // A signature that is there must be right, whatever else is known.
    check(Source::Gitlab, &[("x-gitlab-token", SECRET), ("webhook-signature", "v1,AAAA")], false);
}

#[test]
fn an_empty_secret_signs_nothing() {
    let hex: String = {
        let mac = Hmac::<Sha256>::new_from_slice(b"").unwrap().chain_update(BODY);
        mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let prefixed = format!("sha256={hex}");
    for (source, pairs) in [
        (Source::Github, [("x-hub-signature-256", prefixed.as_str())]),
        (Source::Gitea, [("x-gitea-signature", hex.as_str())]),
        (Source::Gitlab, [("x-gitlab-token", "")]),
        (Source::Gitee, [("x-gitee-token", "")]),
        (Source::Generic, [("x-ansflow-signature", prefixed.as_str())]),
    ] {
        assert!(!is_signed(source, &headers(&pairs), BODY, "", now()), "{source:?}");
    }
}

#[test]
fn standard_webhooks_sign_name_time_and_body() {
    let key = b"0123456789abcdef0123456789abcdef";
    let secret = format!("whsec_{}", STANDARD.encode(key));
    let signed = |id: &str, at: i64, body: &[u8], key: &[u8]| {
        let text = [format!("{id}.{at}.").as_bytes(), body].concat();
        format!("v1,{}", base64_mac(key, &text))
    };
    let check = |id: &str, at: &str, signature: &str, secret: &str, expect: bool| {
        for source in [Source::Gitlab, Source::Generic] {
            let pairs = [("webhook-id", id), ("webhook-timestamp", at), ("webhook-signature", signature)];
            let found = is_signed(source, &headers(&pairs), BODY, secret, now());
            assert_eq!(found, expect, "{source:?} {id} {at} {signature}");
        }
    };
    let at = now().as_second();
    let good = signed("msg_1", at, BODY, key);
    check("msg_1", &at.to_string(), &good, &secret, true);
    check("msg_1", &at.to_string(), &format!("v1a,AAAA v1,AAAA {good}"), &secret, true);
    check("msg_2", &at.to_string(), &good, &secret, false);
    check("msg_1", &(at + 1).to_string(), &good, &secret, false);
    check("msg_1", &at.to_string(), &signed("msg_1", at, b"other", key), &secret, false);
    check("msg_1", &at.to_string(), good.trim_start_matches("v1,"), &secret, false);
    check("msg_1", &at.to_string(), "", &secret, false);
    for (late, expect) in [(300, true), (-300, true), (301, false), (-301, false), (-i64::MAX, false)] {
        let then = at.saturating_add(late);
        check("msg_1", &then.to_string(), &signed("msg_1", then, BODY, key), &secret, expect);
    }
    check("msg_1", "soon", &good, &secret, false);
    check("msg_1", "9223372036854775808", &good, &secret, false);
    // A secret that is no Base64 is itself the key.
    check("msg_1", &at.to_string(), &signed("msg_1", at, BODY, SECRET.as_bytes()), SECRET, true);
    // Nobody's key is the empty one.
    check("msg_1", &at.to_string(), &signed("msg_1", at, BODY, b""), "whsec_", false);
}

#[test]
fn gitee_sends_the_password_or_signs_the_time() {
    let at = now().as_millisecond();
    let signed = |at: i64| base64_mac(SECRET.as_bytes(), format!("{at}\n{SECRET}").as_bytes());
    check(Source::Gitee, &[("x-gitee-token", SECRET)], true);
    check(Source::Gitee, &[("x-gitee-token", &signed(at)), ("x-gitee-timestamp", &at.to_string())], true);
    let escaped = signed(at).replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    check(Source::Gitee, &[("x-gitee-token", &escaped), ("x-gitee-timestamp", &at.to_string())], true);
    check(Source::Gitee, &[("x-gitee-token", &signed(at))], false);
    check(Source::Gitee, &[("x-gitee-token", &signed(at)), ("x-gitee-timestamp", &(at + 1).to_string())], false);
    for (late, expect) in [(3_600_000, true), (3_600_001, false), (-3_600_001, false)] {
        let then = (at + late).to_string();
        check(Source::Gitee, &[("x-gitee-token", &signed(at + late)), ("x-gitee-timestamp", &then)], expect);
    }
    check(Source::Gitee, &[("x-gitee-token", ""), ("x-gitee-timestamp", &at.to_string())], false);
}

fn sender(pairs: &[(&str, &str)]) -> (Source, String, String) {
    let found = Sender::of(None, &headers(pairs), BODY);
    (found.source, found.event, found.delivery)
}

#[test]
fn who_knocks_is_seen_by_the_headers_gitea_first() {
    let all =
        [("x-github-event", "push"), ("x-github-delivery", "a"), ("x-gitea-event", "push"), ("x-gitea-delivery", "b")];
    assert_eq!(sender(&all), (Source::Gitea, "push".into(), "b".into()));
    assert_eq!(sender(&all[..2]), (Source::Github, "push".into(), "a".into()));
    assert_eq!(
        sender(&[("x-forgejo-event", "push"), ("x-forgejo-delivery", "c")]),
        (Source::Gitea, "push".into(), "c".into())
    );
    let gitlab = [("x-gitlab-event", "Push Hook"), ("x-gitlab-event-uuid", "chain"), ("idempotency-key", "d")];
    assert_eq!(sender(&gitlab), (Source::Gitlab, "Push Hook".into(), "d".into()));
    assert_eq!(sender(&[("webhook-id", "msg_1")]), (Source::Generic, String::new(), "msg_1".into()));
    assert_eq!(sender(&[]), (Source::Generic, String::new(), String::new()));
}

#[test]
fn a_delivery_without_a_number_is_its_content() {
    let (source, _, first) = sender(&[("x-gitee-event", "Push Hook"), ("x-gitee-timestamp", "1")]);
    assert!(source == Source::Gitee && first.starts_with("sha256:") && first.len() == 71, "{first}");
    let again = sender(&[("x-gitee-event", "Push Hook"), ("x-gitee-timestamp", "1")]).2;
    let later = sender(&[("x-gitee-event", "Push Hook"), ("x-gitee-timestamp", "2")]).2;
    assert!(first == again && first != later);
    assert!(sender(&[("x-github-event", "push")]).2.starts_with("sha256:"));
}

#[test]
fn names_of_deliveries_are_short_and_plain() {
    let long = "x".repeat(500);
    for odd in [long.as_str(), "a b", "ä"] {
        let (_, _, delivery) = sender(&[("x-github-event", "push"), ("x-github-delivery", odd)]);
        assert!(delivery.starts_with("sha256:") && delivery.len() == 71, "{odd}: {delivery}");
    }
    let event = sender(&[("x-github-event", &long)]).1;
    assert_eq!(event.len(), 60);
}
