//! A server at its loudest, two clusters, a deploy that fails and one that may not: nothing that is said or written has a
//! credential in it.

use std::path::Path;

use ansflow_core::run::event::RunStatus;
use serde_json::json;

use super::Far;
use crate::live_crash::api::Api;
use crate::server_world::{Served, ServerWorld};
use crate::world::Ended;

/// Every file below a folder, as text.
fn files(folder: &Path, into: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        match entry.file_type().unwrap().is_dir() {
            true => files(&entry.path(), into),
            false => {
                let text = String::from_utf8_lossy(&std::fs::read(entry.path()).unwrap_or_default()).into_owned();
                into.push((entry.path().display().to_string(), text));
            }
        }
    }
}

/// Parts that are as good as a whole: lines of a key, the last part of a token.
fn parts(secret: &str) -> Vec<String> {
    let lines = secret.lines().filter(|line| line.len() > 20 && !line.starts_with("-----"));
    lines.map(|line| line.rsplit('.').next().unwrap_or(line).to_owned()).collect()
}

/// Of an account that may nearly nothing.
fn token(far: &Far, namespace: &str) -> String {
    let path = format!("/api/v1/namespaces/{namespace}/serviceaccounts/default/token");
    let asked = json!({ "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {} });
    let (code, made) = far.ask("POST", &path, Some(&asked));
    assert_eq!(code, 201, "{made}");
    made["status"]["token"].as_str().unwrap().to_owned()
}

fn pipeline(namespace: &str, image: &str) -> String {
    format!(
        "name: leaks
steps:
  - name: deploy
    type: k8s_deploy
    continue_on_failure: true
    config:
      cluster: far
      namespace: {namespace}
      rollback_on_failure: true
      deployment_spec: {{ name: web, image: '{image}.nosuch' }}
  - {{ name: refused, type: k8s_deploy, config: {{ cluster: poor, namespace: {namespace}, deployment_spec: {{ name: poor, image: '{image}' }} }} }}
"
    )
}

#[test]
fn a_server_at_its_loudest_says_and_writes_no_credential_of_a_cluster() {
    let far = Far::new();
    let namespace = far.namespace();
    let token = token(&far, &namespace);
    let server = ServerWorld::new();
    let mut command = server.command();
    command.args(["--allow-loopback", "--log", "trace"]);
    let served = Served::ready(command);
    let api = far.runtime.block_on(Api::set_up(&served, &server.world));
    let mut said = Vec::new();
    let mut cluster = |words: &[&str]| {
        let mut command = server.world.command(&[&["cluster"], words].concat());
        command.env("ANSFLOW_SERVER", &api.url).env("ANSFLOW_TOKEN", &api.token);
        let ended = Ended::of(command);
        said.push((format!("cluster {words:?}"), format!("{}{}", ended.stdout, ended.stderr)));
        ended.code
    };

    let access = far.cluster.access();
    let rich = server.world.write("rich", far.cluster.kubeconfig());
    let ca = server.world.write("ca.pem", &access.ca);
    let poor = format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: a\ncontexts: [{{ name: a, context: {{ cluster: a, user: a }} }}]\n\
         clusters: [{{ name: a, cluster: {{ server: '{}', certificate-authority: '{}' }} }}]\n\
         users: [{{ name: a, user: {{ token: '{token}' }} }}]\n",
        access.server,
        ca.display()
    );
    let poor = server.world.write("poor", poor);
    assert_eq!(cluster(&["add", "far", "--kubeconfig", rich.to_str().unwrap()]), 0);
    assert_eq!(cluster(&["add", "poor", "--yes", "--kubeconfig", poor.to_str().unwrap()]), 0);
    let run = far.runtime.block_on(async {
        let id = api.pipeline(&pipeline(&namespace, &far.cluster.image("busybox"))).await;
        api.start(&id).await
    });
    server.world.until("the run has ended", || server.status(&run) == RunStatus::Failed);
    for name in ["far", "poor"] {
        for format in ["table", "json", "yaml"] {
            cluster(&["get", name, "-o", format]);
        }
        cluster(&["test", name]);
        cluster(&["token", name]);
    }
    said.push(("the log".to_owned(), served.end()));
    files(server.files.root(), &mut said);

    let mut secrets = parts(&token);
    secrets.extend(access.token.iter().flat_map(|token| parts(token)));
    secrets.extend(access.certificate.iter().flat_map(|(_, key)| parts(key)));
    secrets.push(api.token.clone());
    assert!(secrets.len() > 2 && said.len() > 20, "{} {}", secrets.len(), said.len());
    let log = &said.iter().find(|(place, _)| place == "the log").unwrap().1;
    assert!(log.contains("TRACE") && log.contains("DEBUG"), "it was not at its loudest: {} bytes", log.len());
    for (place, text) in &said {
        for secret in &secrets {
            assert!(!text.contains(secret.as_str()), "{place} has a credential in it: {secret:.8}…");
        }
    }
}

#[test]
fn a_kubeconfig_that_would_run_a_program_runs_it_only_where_that_is_allowed() {
    let far = Far::new();
    let marker = far.world.workspace().join("marker");
    far.world.write(
        "exec",
        format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: a\ncontexts: [{{ name: a, context: {{ cluster: a, user: a }} }}]\n\
             clusters: [{{ name: a, cluster: {{ server: '{}' }} }}]\n\
             users: [{{ name: a, user: {{ exec: {{ apiVersion: client.authentication.k8s.io/v1, command: touch, args: ['{}'] }} }} }}]\n",
            far.cluster.access().server,
            marker.display()
        ),
    );
    let step =
        "steps: [{ name: wait, type: k8s_wait, config: { cluster: far, resource_type: pod, resource_name: web } }]\n";
    far.world.write("p.yml", step);
    let ended = far.world.ansflow(&["run", "p.yml", "--cluster", "far=exec"]);
    assert_eq!(ended.code, 2, "{ended:#?}");
    assert!(ended.stderr.contains("would run `touch`") && ended.stderr.contains("--allow-exec touch"), "{ended:#?}");
    assert!(!marker.exists());
    // It is no program for credentials, but it has run.
    let ended = far.world.ansflow(&["run", "p.yml", "--cluster", "far=exec", "--allow-exec", "touch"]);
    assert_ne!(ended.code, 0, "{ended:#?}");
    assert!(marker.exists(), "{ended:#?}");
}
