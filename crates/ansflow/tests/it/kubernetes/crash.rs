//! `kill -9` at random moments of a deploy, of a wait and of a Job: of the server, after which every step was tried once; or of
//! the attempts, which are tried again and find what is there. The run ends right either way, and nothing of it runs on.
//!
//! The suite does 4 of each; `ANSFLOW_CRASHES=100` does more. A failure names its seed.

use std::time::{Duration, Instant};

use ansflow_core::run::event::{Event, Fact, RunStatus};
use nix::sys::signal::Signal::SIGKILL;
use nix::sys::signal::kill;
use nix::unistd::Pid;
use serde_json::json;

use super::Far;
use crate::live_crash::api::Api;
use crate::server_crash::Dice;
use crate::server_world::{Served, ServerWorld};
use crate::world::Ended;

const RUN: &str = "run_1";

/// So often a step is tried whose attempt was killed.
const TRIES: u64 = 10;

/// Who is killed.
#[derive(Clone, Copy, PartialEq)]
enum Victim {
    Server,
    Attempts,
}

#[test]
fn a_server_that_crashes_during_a_deploy_repeats_nothing_and_loses_no_word_of_it() {
    campaign(Victim::Server);
}

#[test]
fn attempts_that_crash_during_a_deploy_are_tried_again_and_go_on_with_what_is_there() {
    campaign(Victim::Attempts);
}

/// How long nobody is killed at most, in milliseconds: four of it are about as long as a run.
const PAUSE: u64 = 2_500;

/// A deployment whose pods take their time, then more of them, then a command that runs as a Job.
fn pipeline(namespace: &str, image: &str) -> String {
    let again = format!("retry: {{ attempts: {TRIES}, delay: 0s, on: [lost] }}");
    let container = json!({
        "name": "web", "image": image, "command": ["sh", "-c", "sleep 2; touch /tmp/ready; sleep 3600"],
        "readinessProbe": { "exec": { "command": ["test", "-e", "/tmp/ready"] }, "periodSeconds": 1 },
    });
    let manifest = json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": "web" },
        "spec": { "replicas": 1, "selector": { "matchLabels": { "app": "web" } }, "template": {
            "metadata": { "labels": { "app": "web" } },
            "spec": { "terminationGracePeriodSeconds": 0, "containers": [container] } } },
    });
    format!(
        "name: crash
type: kubernetes
image: {image}
steps:
  - {{ name: deploy, type: k8s_deploy, config: {{ cluster: far, namespace: {namespace}, manifest_content: {manifest} }}, {again} }}
  - {{ name: wait, type: k8s_wait, config: {{ resource_name: web }}, {again} }}
  - {{ name: scale, type: k8s_scale, config: {{ resource_name: web, replicas: 2 }}, {again} }}
  - {{ name: build, type: command, command: sleep 1; echo built >> made, config: {{ cluster: far, namespace: {namespace} }}, {again} }}
"
    )
}

fn start(server: &ServerWorld) -> Served {
    let mut command = server.command();
    command.arg("--allow-loopback");
    Served::ready(command)
}

/// A server that knows the cluster `far`.
fn knowing(far: &Far) -> (ServerWorld, Served) {
    let server = ServerWorld::new();
    let served = start(&server);
    let api = far.runtime.block_on(Api::set_up(&served, &server.world));
    let file = server.world.write("kubeconfig", far.cluster.kubeconfig());
    let mut add = server.world.command(&["cluster", "add", "far", "--kubeconfig", file.to_str().unwrap()]);
    add.env("ANSFLOW_SERVER", &api.url).env("ANSFLOW_TOKEN", &api.token);
    let added = Ended::of(add);
    assert_eq!(added.code, 0, "{added:?}");
    (server, served)
}

fn campaign(victim: Victim) {
    let crashes = std::env::var("ANSFLOW_CRASHES").ok().and_then(|text| text.parse().ok()).unwrap_or(4);
    let seed = std::env::var("ANSFLOW_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(0x9e37_79b9);
    let mut dice = Dice(seed | 1);
    let far = Far::new();
    let mut done = 0;
    while done < crashes {
        let most = (crashes - done).min(TRIES - 1);
        done += one(&far, &mut dice, victim, most, &format!("seed {seed}, after {done}")).max(1);
    }
}

/// One run, and at most so many crashes on its way: how many there were.
fn one(far: &Far, dice: &mut Dice, victim: Victim, most: u64, which: &str) -> u64 {
    let namespace = far.namespace();
    let (server, mut served) = knowing(far);
    // It is found when a server comes up.
    served.kill();
    server.queue(RUN, 1, &pipeline(&namespace, &far.cluster.image("busybox")));
    served = start(&server);
    let mut crashes = 0;
    while crashes < most && server.status(RUN) != RunStatus::Success {
        let until = Instant::now() + Duration::from_millis(dice.below(PAUSE));
        while Instant::now() < until {
            std::thread::park_timeout(Duration::from_millis(1));
        }
        match victim {
            Victim::Server => {
                served.kill();
                served = start(&server);
            }
            // The one that waits for its order too. One may have ended meanwhile.
            Victim::Attempts => {
                server.world.attempts().into_iter().for_each(|pid| _ = kill(Pid::from_raw(pid), SIGKILL));
            }
        }
        crashes += 1;
    }
    let began = Instant::now();
    while server.status(RUN) != RunStatus::Success {
        let status = server.status(RUN);
        let is_going = matches!(status, RunStatus::Queued | RunStatus::Running | RunStatus::Success);
        assert!(is_going, "{which}: {status:?}: {:#?}", server.events(RUN));
        assert!(began.elapsed().as_secs() < 120, "{which}: still {status:?}: {:#?}", server.events(RUN));
        std::thread::park_timeout(Duration::from_millis(20));
    }
    assert_eq!(served.terminate(), Some(0));
    judge(far, &server, &namespace, victim, which);
    crashes
}

fn judge(far: &Far, server: &ServerWorld, namespace: &str, victim: Victim, which: &str) {
    let events = server.events(RUN);
    let count = |is_it: &dyn Fn(&Fact) -> bool| events.iter().filter(|event: &&Event| is_it(&event.fact)).count();
    for of in 0..4 {
        let tries = count(&|fact| matches!(fact, Fact::AttemptStarted { step, .. } if *step == of));
        assert!(tries == 1 || victim == Victim::Attempts, "{which}: step {of} was tried {tries} times: {events:#?}");
        let judged = count(&|fact| matches!(fact, Fact::Judged { step, .. } if *step == of));
        assert_eq!(judged, 1, "{which}: step {of} has {judged} verdicts: {events:#?}");
    }
    let deployment = far.get(&format!("/apis/apps/v1/namespaces/{namespace}/deployments/web"));
    assert_eq!(
        (
            &deployment["status"]["readyReplicas"],
            &deployment["metadata"]["annotations"]["deployment.kubernetes.io/revision"]
        ),
        (&json!(2), &json!("1")),
        "{which}: what was there was deployed anew: {deployment}"
    );
    let made = std::fs::read_to_string(server.files.workspace(RUN).join("made")).unwrap_or_default();
    let is_right = if victim == Victim::Server { made == "built\n" } else { made.starts_with("built\n") };
    assert!(is_right, "{which}: the Job's command made {made:?}: {events:#?}");
    let began = Instant::now();
    while let Some(left) = runs_on(far, namespace) {
        assert!(began.elapsed().as_secs() < 30, "{which}: {left} is left in the cluster: {events:#?}");
        std::thread::park_timeout(Duration::from_millis(50));
    }
    assert_eq!(server.world.processes(), [], "{which}: something is left running");
}

/// A Job whose command has not ended, a pod of one, or the environment of one.
fn runs_on(far: &Far, namespace: &str) -> Option<String> {
    let ours = |path: &str| {
        far.get(&format!("{path}?labelSelector=ansflow.io%2Finstance"))["items"].as_array().unwrap().clone()
    };
    let named = |object: &serde_json::Value| object["metadata"]["name"].to_string();
    let is_over = |job: &serde_json::Value| job["status"]["succeeded"] == 1 || job["status"]["failed"] == 1;
    let job = ours(&format!("/apis/batch/v1/namespaces/{namespace}/jobs")).iter().find(|job| !is_over(job)).map(named);
    let ends = |pod: &serde_json::Value| matches!(pod["status"]["phase"].as_str(), Some("Succeeded" | "Failed"));
    let pods = ours(&format!("/api/v1/namespaces/{namespace}/pods"));
    let secrets = ours(&format!("/api/v1/namespaces/{namespace}/secrets"));
    let pod = || pods.iter().find(|pod| !ends(pod)).map(|pod| format!("Pod {}", named(pod)));
    job.map(|job| format!("Job {job}"))
        .or_else(pod)
        .or_else(|| secrets.first().map(|it| format!("Secret {}", named(it))))
}
