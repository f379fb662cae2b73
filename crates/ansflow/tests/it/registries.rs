//! `ansflow registry …` against a real server and something that answers as a registry does.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use serde_json::Value as Json;

use crate::live_crash::api::Api;
use crate::server_world::{Served, ServerWorld};
use crate::world::Ended;

const PASSWORD: &str = "p4ssw0rd-of-this-test";

/// A server, and somebody who is signed in.
struct Signed {
    server: ServerWorld,
    _served: Served,
    api: Api,
}

impl Signed {
    fn new() -> Self {
        let server = ServerWorld::new();
        let served = server.start();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let api = runtime.block_on(Api::set_up(&served, &server.world));
        Self { server, _served: served, api }
    }

    /// `ansflow registry …` with this on its standard input.
    fn registry(&self, words: &[&str], stdin: &str) -> Ended {
        let mut command = self.server.world.command(&[&["registry"], words].concat());
        command.env("ANSFLOW_SERVER", &self.api.url).env("ANSFLOW_TOKEN", &self.api.token);
        command.stdin(File::open(self.server.world.write("stdin", stdin)).unwrap());
        Ended::of(command)
    }

    fn json(&self, words: &[&str]) -> Json {
        let ended = self.registry(&[words, &["-o", "json"]].concat(), "");
        assert_eq!(ended.code, 0, "{ended:?}");
        serde_json::from_str(&ended.stdout).unwrap()
    }
}

/// Something that answers as a registry does whoever signs in as `robot`; its address.
fn registry() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for mut connection in listener.incoming().map_while(Result::ok) {
            let mut chunk = [0; 8192];
            // Requests are far smaller; what is none, such as a greeting of TLS, gets an answer as well.
            let read = connection.read(&mut chunk).unwrap_or_default();
            let request = String::from_utf8_lossy(&chunk[..read]).into_owned();
            // `robot:` and the password, as HTTP has it.
            let is_in = request.contains("authorization: Basic cm9ib3Q6cDRzc3cwcmQtb2YtdGhpcy10ZXN0");
            let (status, body) = match request.split(' ').nth(1).unwrap_or_default() {
                _ if !is_in => ("401 Unauthorized", "{}"),
                "/v2/" => ("200 OK", "{}"),
                path if path.starts_with("/v2/_catalog") => ("200 OK", r#"{"repositories":["team/shop","other"]}"#),
                path if path.starts_with("/v2/team/shop/tags") => ("200 OK", r#"{"tags":["v1","v2"]}"#),
                path if path.starts_with("/v2/team/shop/manifests/") => {
                    ("200 OK", r#"{"layers":[{"digest":"","size":1234567}]}"#)
                }
                _ => ("404 Not Found", "{}"),
            };
            let challenge = "www-authenticate: Basic realm=\"x\"\r\nconnection: close";
            let length = body.len();
            let answer = format!("HTTP/1.1 {status}\r\n{challenge}\r\ncontent-length: {length}\r\n\r\n{body}");
            let _ = connection.write_all(answer.as_bytes());
        }
    });
    address
}

#[test]
fn a_registry_is_added_tested_asked_changed_and_removed() {
    let signed = Signed::new();
    let address = registry();
    let add = ["add", "far", &address, "--user", "robot", "--password-stdin", "--default"];
    let added = signed.registry(&add, &format!("{PASSWORD}\n"));
    assert_eq!((added.code, added.stdout.as_str()), (0, "registry `far` is added\n"), "{added:?}");
    let tested = signed.registry(&["test", "far"], "");
    assert_eq!((tested.code, tested.stdout), (0, format!("the registry {address} answers and takes the login\n")));
    let list = signed.registry(&["list"], "");
    let row = list.stdout.lines().nth(1).unwrap().split_whitespace().collect::<Vec<_>>();
    assert_eq!(row, ["far", "private", &address, "robot", "yes", "ok"]);
    assert_eq!(signed.registry(&["repositories", "far"], "").stdout, "other\nteam/shop\n");
    assert_eq!(signed.registry(&["tags", "far", "team/shop"], "").stdout, "v1\nv2\n");
    assert_eq!(signed.registry(&["tags", "far", "team/shop", "2"], "").stdout, "v2\n");
    let image = signed.registry(&["image", "far", "team/shop", "v1"], "").stdout;
    assert!(image.starts_with(&format!("IMAGE      {address}/team/shop:v1\nDIGEST     sha256:")), "{image}");
    assert!(image.contains("SIZE       1.2 MB\n"), "{image}");
    let digests = signed.json(&["tags", "far", "team/shop", "--digests"]);
    assert_eq!((&digests[1]["tag"], &digests[1]["size"]), (&"v2".into(), &1_234_567.into()));
    let gone = signed.registry(&["tags", "far", "team/none"], "");
    assert_eq!(gone.code, 6, "{gone:?}");
    let changed = signed.registry(&["edit", "far", "--name", "near", "--kind", "harbor"], "");
    assert_eq!(changed.code, 0, "{changed:?}");
    let view = &signed.json(&["list"])[0];
    assert_eq!((&view["name"], &view["kind"], &view["has_password"]), (&"near".into(), &"harbor".into(), &true.into()));
    let moved = signed.registry(&["edit", "near", "--address", "evil.example"], "");
    assert!(moved.code == 2 && moved.stderr.contains("needs its own `password`"), "{moved:?}");
    let wrong = signed.registry(&["edit", "near", "--password-stdin"], "wrong");
    assert_eq!(wrong.code, 0, "{wrong:?}");
    let refused = signed.registry(&["test", "near"], "");
    assert!(refused.code == 1 && refused.stdout.contains("does not accept the login (401)"), "{refused:?}");
    assert_eq!(signed.registry(&["edit", "near", "--no-login"], "").code, 0);
    assert_eq!(signed.json(&["list"])[0]["has_password"], false);
    let unknown = signed.registry(&["test", "neer"], "");
    assert!(unknown.code == 6 && unknown.stderr.contains("did you mean `near`?"), "{unknown:?}");
    assert_eq!(signed.registry(&["remove", "near"], "").code, 0);
    assert_eq!(signed.json(&["list"]), Json::Array(Vec::new()));
}

#[test]
fn a_password_is_no_argument_and_is_not_guessed_where_nobody_can_be_asked() {
    let signed = Signed::new();
    let typed = signed.registry(&["add", "a", "a.example", "--user", "robot", "--password", PASSWORD], "");
    assert_eq!(typed.code, 2, "{typed:?}");
    let nobody = signed.registry(&["add", "a", "a.example", "--user", "robot"], "");
    assert!(nobody.code == 2 && nobody.stderr.contains("--password-stdin"), "{nobody:?}");
    assert_eq!(signed.json(&["list"]), Json::Array(Vec::new()), "nothing was stored");
    let several =
        signed.registry(&["add", "a", "a.example", "--user", "_json_key", "--password-stdin"], "{\n \"key\": 1\n}\n");
    assert_eq!(several.code, 0, "a key of several lines is a password: {several:?}");
    let shown = signed.registry(&["list", "-o", "yaml"], "");
    assert!(shown.stdout.contains("has_password: true") && !shown.stdout.contains("key\\\""), "{shown:?}");
}
