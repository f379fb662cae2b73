//! Questions that the server asks registries, and what it makes of whatever comes back.

use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use super::far::{Far, http};
use super::{add, add_far, harbor, with};
use crate::world::{Answer, TestApp};

async fn test(app: &TestApp, path: &str) -> (bool, String) {
    let answer = app.post(&format!("{path}/test-connection"), json!({})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let last = app.get(path).await.json["last_check"].clone();
    assert_eq!(last, answer.json, "it is remembered");
    (answer.json["ok"] == true, answer.json["message"].as_str().unwrap().to_owned())
}

/// The cause of a 502.
fn cause(answer: &Answer) -> String {
    assert_eq!(answer.problem(), (502, "registry_unreachable", ""), "{}", answer.text);
    answer.json["detail"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_test_says_whether_it_answers_and_takes_the_login() {
    let app = TestApp::start().await;
    let closed = Far::registry(true);
    let path = add_far(&app, closed.port, Some("right")).await;
    let host = format!("127.0.0.1:{}", closed.port);
    assert_eq!(test(&app, &path).await, (true, format!("the registry {host} answers and takes the login")));
    let open = add_far(&app, Far::registry(false).port, Some("anything")).await;
    let (ok, message) = test(&app, &open).await;
    assert!(ok && message.ends_with("answers, and does not ask who we are"), "{message}");
    let nobody = add_far(&app, Far::registry(false).port, None).await;
    let (ok, message) = test(&app, &nobody).await;
    assert!(ok && message.ends_with("answers; nobody signs in there"), "{message}");
}

#[tokio::test]
async fn a_test_names_the_cause() {
    let app = TestApp::start().await;
    let closed = Far::registry(true);
    let wrong = add_far(&app, closed.port, Some("wrong")).await;
    let (ok, message) = test(&app, &wrong).await;
    assert!(!ok && message.contains("does not accept the login (401)"), "{message}");
    let refused = add_far(&app, Far::gone(), None).await;
    let (ok, message) = test(&app, &refused).await;
    assert!(!ok && message.contains("nothing listens at that address"), "{message}");
    let page = add_far(&app, Far::start(|_| http("200 OK", "", "<html>hello</html>")).port, None).await;
    let (ok, message) = test(&app, &page).await;
    assert!(!ok && message.contains("is no image registry"), "{message}");
    // By this name it is not this machine, and has to speak TLS.
    let at = |name: &str, port: u16| with(harbor(), json!({ "name": name, "address": format!("0.0.0.0:{port}") }));
    let plain = add(&app, at("plain", Far::registry(false).port)).await;
    let (ok, message) = test(&app, &plain).await;
    assert!(!ok && message.contains("speaks plain HTTP, not TLS: mark it as insecure"), "{message}");
    // A fatal alert: it shakes no hands.
    let alert = add(&app, at("alert", Far::raw(&[0x15, 3, 3, 0, 2, 2, 40]).port)).await;
    let (ok, message) = test(&app, &alert).await;
    assert!(!ok && message.contains("has no trusted TLS connection"), "{message}");
    // A trouble of its own, with words that no database takes.
    let odd = Far::start(|_| http("418 I'm a teapot", "", "ti\u{0}n\u{1b}[31m\n"));
    let odd = add_far(&app, odd.port, None).await;
    let (ok, message) = test(&app, &odd).await;
    assert!(!ok && message.contains("418") && !message.contains(char::is_control), "{message:?}");
    let unknown = add(&app, with(harbor(), json!({ "name": "dns", "address": "registry.invalid" }))).await;
    let (ok, message) = test(&app, &unknown).await;
    assert!(!ok && message.contains("has a name without an address (DNS)"), "{message}");
    let metadata = add(&app, with(harbor(), json!({ "name": "metadata", "address": "169.254.169.254" }))).await;
    let (ok, message) = test(&app, &metadata).await;
    assert!(!ok && message.contains("link-local"), "{message}");
}

#[tokio::test]
async fn repositories_tags_and_images_are_those_of_the_registry() {
    let app = TestApp::start().await;
    let far = Far::registry(true);
    let path = add_far(&app, far.port, Some("right")).await;
    let get = async |rest: &str| app.get(&format!("{path}/{rest}")).await;
    let all = get("repositories").await;
    assert_eq!(all.json, json!({ "items": ["other", "team/shop"], "next": null, "total": 2 }), "{}", all.text);
    assert_eq!(get("repositories?search=shop").await.json["items"], json!(["team/shop"]));
    let first = get("repositories?limit=1").await;
    assert_eq!(first.json, json!({ "items": ["other"], "next": "other", "total": 2 }), "{}", first.text);
    let last = get("repositories?limit=1&cursor=other").await;
    assert_eq!(last.json, json!({ "items": ["team/shop"], "next": null, "total": 2 }), "{}", last.text);
    assert_eq!(get("tags?repository=team/shop&limit=1").await.json["next"], json!("v1"));
    for bad in ["repositories?limit=0", "tags?repository=team/shop&limit=201"] {
        assert_eq!(get(bad).await.problem(), (422, "invalid", "limit"), "{bad}");
    }
    assert_eq!(get("tags?repository=team/shop").await.json["items"], json!(["v1", "v2"]), "no colours");
    assert_eq!(get("tags?repository=team%2Fshop&search=2").await.json["items"], json!(["v2"]));
    assert_eq!(get("tags?repository=team/none").await.json["items"], json!([]));
    let image = get("image?repository=team/shop&tag=v1").await;
    assert_eq!((image.status, &image.json["size"]), (200, &json!(1_000)), "{}", image.text);
    assert_eq!(image.json["reference"], format!("127.0.0.1:{}/team/shop:v1", far.port));
    assert_eq!(image.json["created"], "2024-05-01T02:03:04Z");
    assert_eq!(image.json["platforms"], json!(["linux/amd64"]));
    assert!(image.json["digest"].as_str().unwrap().starts_with("sha256:"), "{}", image.text);
    let huge = get("image?repository=team/shop&tag=huge").await;
    assert_eq!((huge.status, &huge.json["size"]), (200, &json!(u64::MAX)), "{}", huge.text);
}

#[tokio::test]
async fn a_question_that_has_no_answer_says_why() {
    let app = TestApp::start().await;
    let path = add_far(&app, Far::registry(true).port, Some("right")).await;
    let get = async |rest: &str| app.get(&format!("{path}/{rest}")).await;
    assert_eq!(get("tags?repository=team/gone").await.problem(), (404, "not_found", ""));
    assert_eq!(get("image?repository=team/shop&tag=v9").await.problem(), (404, "not_found", ""));
    assert_eq!(get("tags").await.problem(), (422, "invalid", "query"));
    for bad in ["..%2Fx", "a%3Fb", "A", "", "a:b", "a%2F..%2F..%2Fv2%2F_catalog", "a%0d%0ab"] {
        let answer = get(&format!("tags?repository={bad}")).await;
        assert_eq!(answer.problem(), (422, "invalid", "repository"), "{bad}");
    }
    assert_eq!(get("tags?repository=a%00b").await.problem(), (422, "invalid", "repository"));
    let tag = get("image?repository=team/shop&tag=..%2F..%2F_catalog").await;
    assert_eq!(tag.problem(), (422, "invalid", "tag"));
    let hub = add(&app, with(harbor(), json!({ "name": "hub", "kind": "dockerhub", "address": "" }))).await;
    assert_eq!(app.get(&format!("{hub}/repositories")).await.problem(), (409, "not_offered", ""));
    let wrong = add_far(&app, Far::registry(true).port, Some("wrong")).await;
    assert!(cause(&app.get(&format!("{wrong}/repositories")).await).contains("does not accept the login"));
    let gone = add_far(&app, Far::gone(), None).await;
    assert!(cause(&app.get(&format!("{gone}/tags?repository=a")).await).contains("nothing listens"));
}

#[tokio::test]
async fn no_answer_is_too_large_too_long_or_somewhere_else() {
    let app = TestApp::start().await;
    let large = Far::start(|_| http("200 OK", "", &"x".repeat(5 << 20)));
    let path = add_far(&app, large.port, None).await;
    assert!(cause(&app.get(&format!("{path}/repositories")).await).contains("more than 4 MiB"));
    let silent = add_far(&app, Far::raw(b"").port, None).await;
    let began = Instant::now();
    assert!(cause(&app.get(&format!("{silent}/tags?repository=a")).await).contains("does not answer in time"));
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    let zero = Far::start(|_| http("200 OK", "", "{\"repositories\":[\"a\\u0000b\",\"c\"]}"));
    let path = add_far(&app, zero.port, None).await;
    assert_eq!(app.get(&format!("{path}/repositories")).await.json["items"], json!(["c"]));
    // Whoever is sent elsewhere leaves the password behind.
    let elsewhere = Far::start(|_| http("200 OK", "", "{}"));
    let there = format!("location: http://localhost:{}/x\r\n", elsewhere.port);
    let sends = Far::start(move |request| match request.contains("authorization: ") {
        true => http("307 Temporary Redirect", &there, ""),
        false => http("401 Unauthorized", "www-authenticate: Basic realm=\"x\"\r\n", ""),
    });
    let path = add_far(&app, sends.port, Some("right")).await;
    app.get(&format!("{path}/tags?repository=a")).await;
    let stolen = elsewhere.asked.lock().unwrap();
    assert!(!stolen.is_empty() && stolen.iter().all(|request| !request.contains("authorization")), "{stolen:?}");
}

#[tokio::test]
async fn what_a_registry_repeats_of_the_password_is_neither_shown_nor_stored() {
    let app = TestApp::start().await;
    let echo = Far::start(|request| match request.contains("authorization: ") {
        true => http("400 Bad Request", "", &format!("{request} right-4711")),
        false => http("401 Unauthorized", "www-authenticate: Basic realm=\"x\"\r\n", ""),
    });
    let path = add_far(&app, echo.port, Some("right-4711")).await;
    let (ok, message) = test(&app, &path).await;
    assert!(!ok && message.contains("***"), "{message}");
    let asked = app.get(&format!("{path}/tags?repository=a")).await;
    for text in [message, asked.text, app.get(&path).await.text] {
        // `robot:right-4711`, as HTTP has it.
        assert!(!text.contains("4711") && !text.contains("cm9ib3Q6cmlnaHQtNDcxMQ"), "{text}");
    }
}

#[tokio::test]
async fn who_may_not_see_all_repositories_is_told_to_name_one() {
    let app = TestApp::start().await;
    let far = Far::start(|request| match request.contains("authorization: ") {
        true => http("403 Forbidden", "", "{\"errors\":[{\"code\":\"DENIED\"}]}"),
        false => http("401 Unauthorized", "www-authenticate: Basic realm=\"x\"\r\n", "{}"),
    });
    let path = add_far(&app, far.port, Some("right")).await;
    let list = app.get(&format!("{path}/repositories")).await;
    assert_eq!(
        (list.problem(), &list.json["help"]),
        ((409, "not_offered", ""), &json!("name the repository yourself"))
    );
    assert!(cause(&app.get(&format!("{path}/tags?repository=a")).await).contains("(403)"));
}

#[tokio::test]
async fn a_password_of_another_key_is_said_to_be_one() {
    let app = TestApp::start().await;
    let path = add_far(&app, Far::registry(true).port, Some("right")).await;
    let other = ansflow_store::Keyring::open(&app.files.root().join("other-key")).unwrap();
    let id = path.rsplit('/').next().unwrap();
    let about = app.store.registries(&app.keyring).get(id).await.unwrap();
    let input = ansflow_store::registries::Input {
        name: &about.name,
        kind: about.kind,
        address: &about.address,
        username: "robot",
        password: Some("right"),
    };
    app.store.registries(&other).update(id, 1, &input, "eve", app.now()).await.unwrap();
    let answer = app.get(&format!("{path}/repositories")).await;
    assert_eq!((answer.problem(), &answer.json["field"]), ((409, "sealed_otherwise", ""), &Json::Null));
}
