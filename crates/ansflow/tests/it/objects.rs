//! `ansflow object …` against a real server and the cluster of the tests.

use std::fs::File;

use ansflow_sim::testing::{Cluster, Namespace};
use serde_json::Value as Json;

use crate::live_crash::api::Api;
use crate::server_world::{Served, ServerWorld};
use crate::world::Ended;

/// A server that knows the cluster `staging`, and a namespace of the test's own in it.
struct Kube {
    server: ServerWorld,
    _served: Served,
    api: Api,
    far: &'static Cluster,
    space: Namespace,
    _runtime: tokio::runtime::Runtime,
}

impl Kube {
    fn new() -> Self {
        let server = ServerWorld::new();
        let mut command = server.command();
        command.arg("--allow-loopback");
        let served = Served::ready(command);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let (api, far, space) = runtime.block_on(async {
            let far = Cluster::get().await;
            (Api::set_up(&served, &server.world).await, far, far.namespace().await)
        });
        let kube = Self { server, _served: served, api, far, space, _runtime: runtime };
        let file = kube.server.world.write("staging.yml", kube.far.kubeconfig());
        let words = ["cluster", "add", "staging", "--kubeconfig", file.to_str().unwrap(), "-n", &kube.space];
        let added = kube.run(&words, "");
        assert_eq!(added.code, 0, "{added:?}");
        kube
    }

    fn run(&self, words: &[&str], stdin: &str) -> Ended {
        let mut command = self.server.world.command(words);
        command.env("ANSFLOW_SERVER", &self.api.url).env("ANSFLOW_TOKEN", &self.api.token);
        command.env("ANSFLOW_CLUSTER", "staging");
        command.stdin(File::open(self.server.world.write("stdin", stdin)).unwrap());
        Ended::of(command)
    }

    /// `ansflow object …` in the test's namespace.
    fn object(&self, words: &[&str], stdin: &str) -> Ended {
        self.run(&[&["object"], words].concat(), stdin)
    }

    fn well(&self, words: &[&str], stdin: &str) -> String {
        let ended = self.object(words, stdin);
        assert_eq!(ended.code, 0, "{words:?}: {ended:?}");
        ended.stdout
    }

    /// Types it until it says what is waited for.
    fn until(&self, words: &[&str], is_it: impl Fn(&str) -> bool) -> String {
        let until = std::time::Instant::now() + std::time::Duration::from_secs(60);
        loop {
            let ended = self.object(words, "");
            if ended.code == 0 && is_it(&ended.stdout) {
                return ended.stdout;
            }
            assert!(std::time::Instant::now() < until, "{words:?}: {ended:?}");
        }
    }
}

#[test]
fn a_deployment_is_made_looked_at_edited_scaled_restarted_rolled_back_and_deleted() {
    let kube = Kube::new();
    let image = kube.far.image("web");
    let yaml = format!(
        "{{ apiVersion: apps/v1, kind: Deployment, metadata: {{ name: web }}, spec: {{ replicas: 1, selector: {{ matchLabels: \
         {{ app: web }} }}, template: {{ metadata: {{ labels: {{ app: web }} }}, spec: {{ containers: [{{ name: app, image: '{image}' }}] }} }} }} }}"
    );
    assert_eq!(
        kube.well(&["create", "-f", "-", "--dry-run"], &yaml),
        format!("Deployment {}/web would be created\n", &*kube.space)
    );
    assert_eq!(kube.well(&["create", "-f", "-"], &yaml), format!("Deployment {}/web is created\n", &*kube.space));
    let list = kube.until(&["list", "deploy", "-n", &kube.space], |list| list.contains("  ready  "));
    assert!(list.starts_with("NAMESPACE") && list.contains("UP TO DATE") && list.contains(&image), "{list}");
    let shown = kube.well(&["get", "deploy", "web"], "");
    assert!(shown.contains("  ReplicaSet/web-") && shown.contains("    Pod/web-"), "{shown}");
    let text = kube.well(&["get", "deploy", "web", "-o", "yaml"], "");
    let edited = text.replacen("  replicas: 1\n", "  replicas: 2\n", 1);
    assert!(edited != text, "{text}");
    let looked = kube.well(&["edit", "deploy", "web", "-f", "-", "--dry-run"], &edited);
    assert!(looked.contains("-  replicas: 1\n+  replicas: 2\n"), "{looked}");
    let scaled = kube.well(&["scale", "deploy", "web", "--replicas", "0", "--current", "1"], "");
    assert_eq!(scaled, "deploy/web: 0 replicas, 1 before\n");
    let late = kube.object(&["scale", "deploy", "web", "--replicas", "2", "--current", "1"], "");
    assert!(late.code == 7 && late.stderr.contains("0 replicas are wanted now, not 1"), "{late:?}");
    kube.well(&["restart", "deploy", "web"], "");
    kube.until(&["history", "deploy", "web"], |history| history.contains("2         "));
    assert_eq!(kube.well(&["rollback", "deploy", "web"], ""), "deploy/web goes back to revision 1\n");
    assert_eq!(kube.well(&["delete", "deploy", "web"], ""), "deploy/web is deleted\n");
    assert_eq!(kube.object(&["delete", "deploy", "web"], "").code, 6);
}

#[test]
fn a_pod_is_read_and_runs_commands_whose_exit_code_is_ours() {
    let kube = Kube::new();
    let image = kube.far.image("busybox");
    let yaml = format!(
        "{{ apiVersion: v1, kind: Pod, metadata: {{ name: one, labels: {{ app: one }} }}, spec: {{ containers: [{{ name: app, image: \
         '{image}', command: [sh, -c, 'echo hello; echo other; sleep 3600'] }}] }} }}"
    );
    kube.well(&["create", "-f", "-"], &yaml);
    kube.until(&["get", "pods", "one"], |shown| shown.contains(" is ready\n"));
    assert_eq!(kube.well(&["logs", "one", "--search", "HELLO"], ""), "hello\n");
    let ran = kube.object(&["exec", "one", "--", "sh", "-c", "echo out; echo err >&2; exit 3"], "");
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (3, "out\n", "err\n"));
    assert_eq!(kube.well(&["exec", "one", "-i", "--", "cat"], "typed\n"), "typed\n");
}

#[test]
fn a_secret_is_hidden_until_somebody_asks() {
    let kube = Kube::new();
    let yaml = "{ apiVersion: v1, kind: Secret, metadata: { name: db }, stringData: { password: hunter2-4711 } }";
    let made = kube.object(&["create", "-f", "-"], yaml);
    let got = kube.object(&["get", "secrets", "db", "-o", "yaml"], "");
    let listed: Json =
        serde_json::from_str(&kube.well(&["list", "secrets", "-n", &kube.space, "-o", "json"], "")).unwrap();
    assert_eq!(listed["items"][0]["cells"], serde_json::json!(["Opaque", 1]));
    for ended in [made, got] {
        assert!(ended.code == 0 && !ended.stdout.contains("4711") && !ended.stderr.contains("4711"), "{ended:?}");
    }
    assert_eq!(kube.well(&["reveal", "db", "password"], ""), "hunter2-4711\n");
    let none = kube.run(&["object", "list", "pods", "-c", "none"], "");
    assert!(none.code == 6 && none.stderr.contains("cluster `none`"), "{none:?}");
}
