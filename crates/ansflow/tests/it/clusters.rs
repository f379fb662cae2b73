//! `ansflow cluster …` against a real server and the tests' cluster.

use std::fs::File;
use std::time::{Duration, Instant};

use ansflow_sim::testing::Cluster;
use serde_json::Value as Json;

use crate::live_crash::api::Api;
use crate::server_world::{Served, ServerWorld};
use crate::world::Ended;

/// A server that may ask this machine's own ports, somebody who is signed in, and a cluster.
struct Signed {
    server: ServerWorld,
    _served: Served,
    api: Api,
    kubeconfig: String,
}

impl Signed {
    fn new() -> Self {
        let server = ServerWorld::new();
        let mut command = server.command();
        command.arg("--allow-loopback");
        let served = Served::ready(command);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let api = runtime.block_on(Api::set_up(&served, &server.world));
        let kubeconfig = runtime.block_on(async { Cluster::get().await.kubeconfig().to_owned() });
        Self { server, _served: served, api, kubeconfig }
    }

    /// `ansflow cluster …` with this on its standard input.
    fn cluster(&self, words: &[&str], stdin: &str) -> Ended {
        let mut command = self.server.world.command(&[&["cluster"], words].concat());
        command.env("ANSFLOW_SERVER", &self.api.url).env("ANSFLOW_TOKEN", &self.api.token);
        command.stdin(File::open(self.server.world.write("stdin", stdin)).unwrap());
        Ended::of(command)
    }

    fn json(&self, words: &[&str]) -> Json {
        let ended = self.cluster(&[words, &["-o", "json"]].concat(), "");
        assert_eq!(ended.code, 0, "{ended:?}");
        serde_json::from_str(&ended.stdout).unwrap()
    }

    /// Adds the tests' cluster as `far`.
    fn add_far(&self) -> Ended {
        let file = self.server.world.write("kubeconfig", &self.kubeconfig);
        self.cluster(&["add", "far", "--kubeconfig", file.to_str().unwrap(), "-n", "shop"], "")
    }

    /// What a cluster is when the server has looked at it by itself.
    fn looked_at(&self, name: &str, state: &str) -> Json {
        let until = Instant::now() + Duration::from_secs(30);
        loop {
            let view = self.json(&["get", name]);
            if view["state"] == state {
                return view;
            }
            assert!(Instant::now() < until, "{view}");
        }
    }
}

#[test]
fn a_cluster_is_tried_added_tested_changed_and_removed() {
    let signed = Signed::new();
    let added = signed.add_far();
    assert!(added.code == 0 && added.stdout.starts_with("connected as "), "{added:?}");
    assert!(
        added.stdout.ends_with("cluster `far` is added\n") && added.stdout.contains(" nodes ready · "),
        "{added:?}"
    );
    let tested = signed.cluster(&["test", "far"], "");
    assert!(tested.code == 0 && tested.stdout.starts_with("far: connected as "), "{tested:?}");
    let list = signed.cluster(&["list"], "").stdout;
    let rows: Vec<&str> = list.lines().collect();
    assert!(rows[0].starts_with("NAME") && rows[1].contains("connected") && rows[1].contains("https://"), "{list}");
    let token = signed.cluster(&["token", "far"], "");
    assert!(token.code == 0 && token.stdout.contains("NOW         it is accepted"), "{token:?}");
    assert!(signed.cluster(&["token", "far", "--guide"], "").stdout.contains("kubectl -n "));
    assert_eq!(signed.cluster(&["sync", "far"], "").stdout, "cluster `far` is looked at again\n");
    let shown = signed.cluster(&["get", "far"], "").stdout;
    for line in
        ["STATE       connected\n", " ago)\nLAST GOOD ", "\nVERSION     v1.", "\nWE ARE      ", " ready\nPODS        "]
    {
        assert!(shown.contains(line), "{line}: {shown}");
    }
    let shown = signed.cluster(&["get", "far", "-o", "yaml"], "").stdout;
    assert!(shown.contains("auth: kubeconfig") && !shown.contains("client-key-data"), "{shown}");
    let renamed = signed.cluster(&["edit", "far", "--name", "near", "--description", "ours"], "");
    assert_eq!((renamed.code, renamed.stdout.as_str()), (0, "cluster `far` is changed\n"), "{renamed:?}");
    let moved = signed.cluster(&["edit", "near", "--address", "https://evil.example"], "");
    assert!(moved.code == 2 && moved.stderr.contains("needs the credential again"), "{moved:?}");
    let unknown = signed.cluster(&["test", "neer"], "");
    assert!(unknown.code == 6 && unknown.stderr.contains("did you mean `near`?"), "{unknown:?}");
    assert_eq!(signed.cluster(&["remove", "near"], "").code, 0);
    assert_eq!(signed.json(&["list"]), Json::Array(Vec::new()));
}

#[test]
fn what_is_not_connected_is_stored_only_where_somebody_says_so_and_looked_at_by_the_server() {
    let signed = Signed::new();
    assert_eq!(signed.add_far().code, 0);
    assert!(signed.looked_at("far", "connected")["good_at"].is_string());
    let server = signed.json(&["get", "far"])["server"].as_str().unwrap().to_owned();
    let wrong = ["add", "wrong", &server, "--token-stdin", "--insecure-skip-tls-verify"];
    let refused = signed.cluster(&wrong, "no-such-t0ken\n");
    assert!(refused.code == 1 && refused.stderr.contains("401") && refused.stderr.contains("--yes"), "{refused:?}");
    assert_eq!(signed.json(&["list"]).as_array().unwrap().len(), 1, "nothing was stored");
    let stored = signed.cluster(&[&wrong[..], &["--yes"]].concat(), "no-such-t0ken\n");
    assert!(stored.code == 0 && stored.stderr.contains("401"), "{stored:?}");
    let view = signed.looked_at("wrong", "error");
    assert_eq!((&view["check_code"], &view["nodes"]), (&"unauthorized".into(), &Json::Null));
    let all = signed.cluster(&["test", "--all"], "");
    assert!(all.code == 1 && all.stdout.contains("far: connected") && all.stdout.contains("wrong: "), "{all:?}");
    let list = signed.cluster(&["list"], "").stdout;
    assert!(list.contains("its certificate is not looked at") && list.contains("(401)"), "{list}");
    assert!(!list.contains("t0ken"), "{list}");
}

#[test]
fn a_kubeconfig_runs_a_program_only_when_it_is_named() {
    let signed = Signed::new();
    let world = &signed.server.world;
    let mark = world.path().join("ran");
    let kubeconfig = serde_json::json!({ "current-context": "c",
        "contexts": [{ "name": "c", "context": { "cluster": "c", "user": "u" } }],
        "clusters": [{ "name": "c", "cluster": { "server": "https://127.0.0.1:1" } }],
        "users": [{ "name": "u", "user": { "exec": { "command": "touch", "args": [mark.display().to_string()] } } }] });
    let file = world.write("exec.yml", kubeconfig.to_string());
    let refused = signed.cluster(&["add", "x", "--kubeconfig", file.to_str().unwrap()], "");
    assert!(refused.code == 2 && refused.stderr.contains("--allow-exec touch"), "{refused:?}");
    assert!(!mark.exists());
    let nobody = signed.cluster(&["add", "x", "https://127.0.0.1:1"], "");
    assert!(nobody.code == 2 && nobody.stderr.contains("--token-stdin"), "{nobody:?}");
    let typed = signed.cluster(&["add", "x", "https://127.0.0.1:1", "--token", "t0ken"], "");
    assert_eq!(typed.code, 2, "a credential is no argument: {typed:?}");
}
