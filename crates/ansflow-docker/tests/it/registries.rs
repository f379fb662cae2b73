//! A registry's own API, asked without a daemon.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use ansflow_core::image::Address;
use ansflow_docker::registry::Registry as Api;
use ansflow_docker::{Cause, Error, Login, Result, transfer};

use crate::world::{Registry, Setting, World, block_on, with_daemon};

fn cause<T>(result: Result<T>) -> Cause {
    match result {
        Err(Error::Registry { cause, .. }) => cause,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it worked"),
    }
}

fn api(address: &str, login: Option<Login>) -> Api {
    Api::new(address.parse().unwrap(), login).unwrap()
}

fn has_registry() -> bool {
    let there = std::path::Path::new("/usr/bin/docker-registry").exists();
    if !there {
        eprintln!("NOT TESTED: there is no docker-registry here");
    }
    there
}

#[test]
fn the_check_names_what_is_wrong() {
    if !has_registry() {
        return;
    }
    block_on(async {
        let open = Registry::start(&Setting::default());
        assert!(!api(&open.address, None).check().await.unwrap().logged_in);
        let unasked = api(&open.address, Some(Login::new("robot", "never asked for"))).check().await.unwrap();
        assert!(!unasked.logged_in, "a login that nobody looked at was not taken");
        let closed = Registry::start(&Setting { login: Some(("robot", "right")), ..Setting::default() });
        assert_eq!(cause(api(&closed.address, None).check().await), Cause::LoginNeeded);
        let wrong = api(&closed.address, Some(Login::new("robot", "wrong"))).check().await;
        assert_eq!(cause(wrong), Cause::LoginRefused);
        assert!(api(&closed.address, Some(Login::new("robot", "right"))).check().await.unwrap().logged_in);
        let gone = open.address.clone();
        drop(open);
        assert_eq!(cause(api(&gone, None).check().await), Cause::Refused);
        assert_eq!(cause(api("registry.invalid", None).check().await), Cause::UnknownHost);
        let error = api("registry.invalid", None).check().await.unwrap_err();
        let expected = "the registry registry.invalid has a name without an address (DNS): is it spelled right?";
        assert_eq!(error.to_string(), expected);
    });
}

#[test]
fn tls_of_nobodys_is_trusted_where_it_is_marked_and_nowhere_else() {
    if !has_registry() {
        return;
    }
    block_on(async {
        let login = || Some(Login::new("robot", "right"));
        let tls = Registry::start(&Setting { tls: true, login: Some(("robot", "right")), ..Setting::default() });
        assert!(api(&tls.address, login()).check().await.unwrap().logged_in);
        // Not an address of this machine's for whoever reads it, though it leads here.
        let elsewhere = |registry: &Registry| format!("0.0.0.0:{}", registry.address.rsplit_once(':').unwrap().1);
        let there = elsewhere(&tls);
        let untrusted = cause(api(&there, login()).check().await);
        assert!(
            matches!(&untrusted, Cause::Tls(why) if why.contains("nobody whom this machine trusts")),
            "{untrusted}"
        );
        let marked = there.parse::<Address>().unwrap().insecure(true);
        assert!(Api::new(marked, login()).unwrap().check().await.unwrap().logged_in);
        let plain = Registry::start(&Setting::default());
        assert_eq!(cause(api(&elsewhere(&plain), login()).check().await), Cause::PlainHttp);
        let marked = elsewhere(&plain).parse::<Address>().unwrap().insecure(true);
        Api::new(marked, None).unwrap().check().await.unwrap();
    });
}

#[test]
fn repositories_and_tags_come_page_by_page() {
    with_daemon(async |world: World| {
        let registry = Registry::start(&Setting { login: Some(("robot", "right")), ..Setting::default() });
        let login = Login::new("robot", "right");
        let image = world.busybox().await;
        for name in ["team/a:v1", "team/a:v2", "team/b:v1", "other:v1"] {
            let name = format!("{}/{name}", registry.address);
            transfer::tag(&world.daemon, image, &name).await.unwrap();
            transfer::push(&world.daemon, &name, Some(&login), &mut |_| {}).await.unwrap();
        }
        let whole = api(&registry.address, Some(login.clone()));
        assert_eq!(whole.repositories().await.unwrap().names, ["other", "team/a", "team/b"]);
        let team = api(&format!("{}/team", registry.address), Some(login));
        assert_eq!(team.repositories().await.unwrap().names, ["team/a", "team/b"]);
        assert_eq!(whole.tags("team/a").await.unwrap().names, ["v1", "v2"]);
        assert_eq!(cause(whole.tags("team/none").await), Cause::NoRepository);
        assert_eq!(cause(whole.manifest("team/a", "v9").await), Cause::NoManifest);
        assert_eq!(cause(api(&registry.address, None).repositories().await), Cause::LoginNeeded);
        for path in ["../x", "a?b", "A", "", "a:b", "a/../../v2/_catalog"] {
            assert!(matches!(whole.tags(path).await, Err(Error::Invalid { .. })), "{path}");
        }
        assert!(matches!(whole.manifest("a", "../../_catalog").await, Err(Error::Invalid { .. })));
    });
}

#[test]
fn the_hub_is_said_to_list_nothing() {
    block_on(async {
        let hub = Api::new(Address::hub(), None).unwrap();
        assert!(matches!(cause(hub.repositories().await), Cause::NotOffered(_)));
    });
}

/// Something at a port that answers every request with what `answer` makes of it, and keeps what it was asked.
fn something(answer: impl Fn(&str, u16) -> String + Send + 'static) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let kept = asked.clone();
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let Ok(mut connection) = connection else { break };
            let (mut request, mut chunk) = (Vec::new(), [0; 1024]);
            while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                match connection.read(&mut chunk) {
                    // A greeting of TLS is answered by nothing but plain text.
                    Ok(n @ 1..) if request.is_empty() && chunk[0] == 0x16 => {
                        let _ = n;
                        let _ = connection.write_all(b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n");
                        break;
                    }
                    Ok(n @ 1..) => request.extend_from_slice(&chunk[..n]),
                    Ok(0) | Err(_) => break,
                }
            }
            if request.is_empty() {
                continue;
            }
            let text = String::from_utf8_lossy(&request).into_owned();
            let answered = answer(&text, port);
            // Kept before it is answered, so that who has the answer finds the question.
            kept.lock().unwrap().push(text);
            let _ = connection.write_all(answered.as_bytes());
        }
    });
    (port, asked)
}

fn http(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

#[test]
fn what_is_no_registry_is_said_to_be_none() {
    block_on(async {
        let (port, _) = something(|_, _| http("200 OK", "content-type: text/html\r\n", "<html>hello</html>"));
        assert!(matches!(cause(api(&format!("127.0.0.1:{port}"), None).check().await), Cause::NotARegistry(_)));
        let (port, _) = something(|_, _| http("404 Not Found", "", "no"));
        assert!(matches!(cause(api(&format!("127.0.0.1:{port}"), None).check().await), Cause::NotARegistry(_)));
        let (port, _) = something(|_, _| http("401 Unauthorized", "", ""));
        assert!(matches!(cause(api(&format!("127.0.0.1:{port}"), None).check().await), Cause::NotARegistry(_)));
        let (port, _) = something(|_, _| http("503 Service Unavailable", "", "secret words"));
        assert!(matches!(cause(api(&format!("127.0.0.1:{port}"), None).check().await), Cause::Broken(_)));
    });
}

#[test]
fn credentials_go_to_the_registry_and_not_to_where_it_sends_us() {
    block_on(async {
        let (elsewhere, stolen) = something(|_, _| http("200 OK", "", "{}"));
        let (port, asked) = something(move |request, _| match request.contains("authorization: Basic") {
            true => http("307 Temporary Redirect", &format!("location: http://localhost:{elsewhere}/x\r\n"), ""),
            false => http("401 Unauthorized", "www-authenticate: Basic realm=\"x\"\r\n", ""),
        });
        let _ = api(&format!("127.0.0.1:{port}"), Some(Login::new("robot", "right"))).check().await;
        assert!(asked.lock().unwrap().iter().any(|request| request.contains("authorization: Basic cm9ib3Q6cmlnaHQ=")));
        let stolen = stolen.lock().unwrap();
        assert!(!stolen.is_empty() && stolen.iter().all(|request| !request.contains("authorization")), "{stolen:?}");
    });
}

#[test]
fn a_token_is_made_where_the_registry_says_and_used() {
    block_on(async {
        let (port, asked) = something(|request, port| {
            if request.starts_with("GET /token?") {
                let good = request.contains("authorization: Basic cm9ib3Q6cmlnaHQ=");
                return if good {
                    http("200 OK", "", "{\"token\":\"t0k\"}")
                } else {
                    http("401 Unauthorized", "", "{}")
                };
            }
            match request.contains("authorization: Bearer t0k") {
                true => http("200 OK", "", "{\"name\":\"a\",\"tags\":[\"v1\"]}"),
                false => {
                    let header = format!(
                        "www-authenticate: Bearer realm=\"http://127.0.0.1:{port}/token\",service=\"reg, istry\"\r\n"
                    );
                    http("401 Unauthorized", &header, "")
                }
            }
        });
        let address = format!("127.0.0.1:{port}");
        let tags = api(&address, Some(Login::new("robot", "right"))).tags("team/a").await.unwrap();
        assert_eq!(tags.names, ["v1"]);
        let made = asked.lock().unwrap().iter().find(|request| request.starts_with("GET /token?")).cloned().unwrap();
        assert!(made.starts_with("GET /token?service=reg%2C+istry&scope=repository%3Ateam%2Fa%3Apull "), "{made}");
        assert_eq!(cause(api(&address, Some(Login::new("robot", "x"))).check().await), Cause::LoginRefused);
        assert_eq!(cause(api(&address, None).check().await), Cause::LoginNeeded);
    });
}

#[test]
fn nobody_is_sent_to_a_metadata_service_and_no_answer_is_endless() {
    block_on(async {
        for place in ["http://169.254.169.254/latest", "http://[fe80::1]/", "http://[::ffff:169.254.169.254]/"] {
            let (port, _) =
                something(move |_, _| http("307 Temporary Redirect", &format!("location: {place}\r\n"), ""));
            let told = cause(api(&format!("127.0.0.1:{port}"), None).check().await);
            assert!(matches!(&told, Cause::Other(why) if why.contains("link-local")), "{place}: {told:?}");
        }
        let (port, _) = something(|_, port| {
            http("307 Temporary Redirect", &format!("location: http://127.0.0.1:{port}/again\r\n"), "")
        });
        assert!(matches!(cause(api(&format!("127.0.0.1:{port}"), None).check().await), Cause::Other(_)));
        let (port, _) = something(|_, _| http("200 OK", "", &"x".repeat(5 << 20)));
        let told = cause(api(&format!("127.0.0.1:{port}"), None).check().await);
        assert!(matches!(&told, Cause::Other(why) if why.contains("more than 4 MiB")), "{told:?}");
        // A list whose every page says that there is another one.
        let (port, asked) = something(|request, _| match request.starts_with("GET /v2/_catalog") {
            true => http("200 OK", "link: </v2/_catalog?last=a&n=500>; rel=\"next\"\r\n", "{\"repositories\":[]}"),
            false => http("200 OK", "", "{}"),
        });
        api(&format!("127.0.0.1:{port}"), None).repositories().await.unwrap();
        assert!(asked.lock().unwrap().len() < 5);
    });
}

#[test]
fn a_login_that_is_right_and_not_enough_is_not_called_wrong() {
    block_on(async {
        let (port, _) = something(|request, port| {
            if request.starts_with("GET /token?") {
                return http("200 OK", "", "{\"token\":\"t0k\"}");
            }
            let header = format!("www-authenticate: Bearer realm=\"http://127.0.0.1:{port}/token\",service=\"x\"\r\n");
            match request.starts_with("GET /v2/ ") && request.contains("authorization: Bearer t0k") {
                true => http("200 OK", "", "{}"),
                false => http("401 Unauthorized", &header, ""),
            }
        });
        let robot = api(&format!("127.0.0.1:{port}"), Some(Login::new("robot", "right")));
        assert!(robot.check().await.unwrap().logged_in);
        assert_eq!(cause(robot.tags("team/a").await), Cause::Forbidden);
        let unlisted = cause(robot.repositories().await);
        assert_eq!(unlisted, Cause::NotOffered("a list of its repositories to this login".to_owned()));
    });
}

#[test]
fn what_a_registry_repeats_of_our_login_is_in_no_message() {
    block_on(async {
        let echo = |request: &str| match request.contains("authorization: ") {
            true => http("418 I'm a teapot", "", &format!("{request} right-4711\u{0}\u{1b}[31m\n")),
            false => http("401 Unauthorized", "www-authenticate: Basic realm=\"x\"\r\n", ""),
        };
        let (port, asked) = something(move |request, _| echo(request));
        let told =
            api(&format!("127.0.0.1:{port}"), Some(Login::new("robot", "right-4711"))).check().await.unwrap_err();
        let told = told.to_string();
        assert!(asked.lock().unwrap().iter().any(|request| request.contains("Basic cm9ib3Q6cmlnaHQtNDcxMQ==")));
        assert!(told.contains("418") && told.contains("***"), "{told}");
        assert!(!told.contains("4711") && !told.contains("cm9ib3Q6") && !told.contains("cmlnaHQtNDcxM"), "{told}");
        assert!(!told.contains(char::is_control), "{told:?}");
        // What makes tokens repeats it too, and so does who is shown one.
        let (port, _) = something(move |request, port| {
            let header = format!("www-authenticate: Bearer realm=\"http://127.0.0.1:{port}/token\"\r\n");
            match (request.starts_with("GET /token"), request.contains("authorization: Bearer ")) {
                (true, _) => http("200 OK", "", "{\"token\":\"t0ken-of-this-test\"}"),
                (false, true) => http("418 I'm a teapot", "", request),
                (false, false) => http("401 Unauthorized", &header, ""),
            }
        });
        let shown =
            api(&format!("127.0.0.1:{port}"), Some(Login::new("robot", "right-4711"))).check().await.unwrap_err();
        assert!(shown.to_string().contains("418") && !shown.to_string().contains("t0ken"), "{shown}");
        let (port, _) = something(move |request, port| {
            let header = format!("www-authenticate: Bearer realm=\"http://127.0.0.1:{port}/token\"\r\n");
            match request.starts_with("GET /token") {
                true => http("418 I'm a teapot", "", request),
                false => http("401 Unauthorized", &header, ""),
            }
        });
        let made =
            api(&format!("127.0.0.1:{port}"), Some(Login::new("robot", "right-4711"))).check().await.unwrap_err();
        assert!(made.to_string().contains("418") && !made.to_string().contains("cm9ib3Q6"), "{made}");
    });
}
