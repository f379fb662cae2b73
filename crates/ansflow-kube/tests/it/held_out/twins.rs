//! What goes wrong, and heals just before anybody may call it certain. Each of them has a twin that never heals.

use super::stage::{self, IMAGE, Runs, Stage};
use serde_json::json;

/// One kind of trouble.
pub(crate) struct Trouble {
    pub(crate) name: &'static str,
    /// Whether the pod is made before the trouble begins.
    pub(crate) has_pod: bool,
    /// Until when it is played; then it heals, or does not.
    pub(crate) heals: i64,
    /// What it is called when it does not heal; none where nothing may be called early.
    pub(crate) cause: Option<&'static str>,
    pub(crate) play: fn(&mut Stage),
    /// Whether somebody tries again and again, so that only a try after its grace proves anything.
    pub(crate) tries: bool,
}

const NO: Option<&str> = None;

/// All of them.
pub(crate) const TROUBLES: &[Trouble] = &[
    of("a tag comes late", 800, Some("image_pull"), |s| pull(s, &[400], "manifest unknown: tag not found")),
    of("the registry is busy", 78_000, Some("image_pull"), |s| {
        pull(s, &[400, 15_000, 40_000], "429 Too Many Requests: toomanyrequests: slow down")
    })
    .tried_again(),
    of("the registry fails twice", 280_000, NO, |s| {
        pull(s, &[400, 15_000], "received unexpected HTTP status: 503 Service Unavailable")
    }),
    of("the registry times out", 55_000, Some("image_pull"), |s| {
        pull(s, &[400, 9_000, 30_000], "dial tcp 10.0.0.9:443: i/o timeout")
    })
    .tried_again(),
    of("login fails for the token server", 55_000, Some("image_pull"), |s| {
        pull(s, &[400, 9_000, 30_000], "failed to authorize: 502 Bad Gateway")
    })
    .tried_again(),
    of("a slow pull", 280_000, NO, |s| told(s, 300, "Pulling", "Pulling image")),
    of("a ConfigMap comes late", 3_800, Some("container_config"), |s| config(s, "configmap \"ledger-env\" not found")),
    of("a Secret's key comes late", 3_800, Some("container_config"), |s| {
        config(s, "couldn't find key PASSWORD in Secret billing/ledger")
    }),
    of("an operator makes a Secret", 55_000, Some("container_config"), |s| {
        s.put(stage::other("external-secrets.io/v1", "ExternalSecret", "ledger"));
        config(s, "secret \"ledger\" not found");
    }),
    of("a ConfigMap is there, the kubelet is late", 55_000, Some("container_config"), |s| {
        config(s, "configmap \"ledger-env\" not found");
        s.at = 3_000;
        s.put(stage::other("v1", "ConfigMap", "ledger-env"));
    }),
    of("the kubelet's caches are empty", 55_000, Some("container_config"), |s| {
        config(s, "failed to sync secret cache: timed out")
    }),
    of("a mounted Secret comes late", 3_800, Some("volume_mount"), |s| {
        told(s, 300, "FailedMount", "MountVolume.SetUp failed for volume \"tls\" : secret \"tls\" not found")
    }),
    of("a cache is slow to sync", 200_000, NO, |s| {
        repeat(
            s,
            &[300, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000],
            "FailedMount",
            "MountVolume.SetUp failed for volume \"k\" : failed to sync configmap cache: timed out waiting for the condition",
        );
    }),
    of("a disk is attached elsewhere", 58_000, Some("volume_mount"), |s| {
        repeat(s, &[300, 2_000, 8_000, 20_000, 50_000], "FailedAttachVolume", "Multi-Attach error for volume \"pv-1\"");
    })
    .tried_again(),
    of("the runtime hiccups", 900, Some("container_start"), |s| {
        state(s, 300, "RunContainerError", "exec: \"/app\": not found")
    }),
    of("the runtime is slow", 55_000, Some("container_start"), |s| {
        state(s, 300, "CreateContainerError", "context deadline exceeded")
    }),
    of("a hook fails once", 30_000, NO, |s| {
        s.runs();
        told(s, 800, "FailedPostStartHook", "PostStartHook failed");
    }),
    of("too much memory once", 20_000, NO, |s| dies(s, &[900], 137, "OOMKilled", "")),
    of("killed by a probe once", 60_000, NO, |s| {
        s.runs();
        told(s, 9_000, "Killing", "Container main failed liveness probe, will be restarted");
    }),
    of("waits for its database", 46_000, NO, |s| {
        dies(s, &[600, 3_000, 17_000], 1, "Error", "database not reachable, giving up")
    }),
    of("dies without a word", 46_000, NO, |s| dies(s, &[600, 3_000, 17_000], 1, "Error", "")),
    of("dies thrice of many things", 46_000, NO, |s| {
        dies(s, &[600, 3_000, 17_000], 2, "Error", "panic: index out of range")
    }),
    of("a hopeless word beside a hopeful one", 46_000, NO, |s| {
        dies(s, &[600, 3_000], 1, "Error", "parse error: connection reset by peer")
    }),
    of("dies once, and says why", 10_000, NO, |s| {
        dies(s, &[600], 1, "Error", "Error: environment variable KEY is not set")
    }),
    of("a quota waits for a pod that goes", 30_000, NO, |s| {
        s.put(stage::going_pod());
        refused(s, &[20, 400, 2_000], "exceeded quota: team, requested: pods=1, used: pods=9, limited: pods=9");
    })
    .without_pod(),
    of("a quota has room, and the controller is late", 60_000, NO, |s| {
        s.put(stage::going_pod());
        refused(s, &[20, 400], "exceeded quota: team, requested: pods=1, used: pods=9, limited: pods=9");
        s.at = 5_000;
        s.remove(stage::going_pod());
    })
    .without_pod(),
    of("a quota is raised at once", 1_800, Some("quota_exceeded"), |s| {
        refused(s, &[20, 400], "exceeded quota: team, requested: pods=1, used: pods=9, limited: pods=9")
    })
    .tried_again()
    .without_pod(),
    of("a policy is corrected at once", 1_800, Some("admission_denied"), |s| {
        refused(s, &[20, 400], "admission webhook \"p\" denied the request: no")
    })
    .tried_again()
    .without_pod(),
    of("the namespace is new", 200_000, NO, |s| {
        refused(s, &[20, 400], "error looking up service account billing/default: serviceaccount \"default\" not found")
    })
    .without_pod(),
    of("a webhook is slow", 55_000, Some("webhook_unreachable"), |s| {
        refused(
            s,
            &[20, 10_020],
            "failed calling webhook \"p\": Post \"https://10.1.1.1:443/x\": context deadline exceeded",
        )
    })
    .tried_again()
    .without_pod(),
    of("the API hiccups", 200_000, NO, |s| refused(s, &[20], "etcdserver: request timed out")).without_pod(),
    of("a webhook restarts", 3_800, Some("webhook_unreachable"), |s| {
        refused(s, &[20, 900], "failed calling webhook \"p\": Post \"https://p.ops.svc:443/x\": connection refused")
    })
    .tried_again()
    .without_pod(),
    of("a webhook outside the cluster restarts", 1_800, Some("webhook_unreachable"), |s| {
        refused(s, &[20, 400], "failed calling webhook \"p\": Post \"https://10.1.1.1:443/x\": connection refused")
    })
    .tried_again()
    .without_pod(),
    of("a webhook gets its authority", 1_800, Some("webhook_unreachable"), |s| {
        refused(
            s,
            &[20, 400],
            "failed calling webhook \"p\": Post \"https://p.ops.svc:443/x\": tls: failed to verify certificate: x509: unknown authority",
        )
    })
    .tried_again()
    .without_pod(),
    of("a webhook is installed", 1_800, Some("webhook_unreachable"), |s| {
        refused(
            s,
            &[20, 400],
            "failed calling webhook \"p\": Post \"https://p.ops.svc:443/x\": service \"p\" not found",
        )
    })
    .tried_again()
    .without_pod(),
    of("the pod forbids itself its user", 900, Some("container_config"), |s| {
        config(s, "container has runAsNonRoot and image will run as root")
    }),
    of("a webhook comes up beside", 55_000, Some("webhook_unreachable"), |s| {
        s.put(stage::other("v1", "Service", "hook"));
        refused(
            s,
            &[20, 900, 4_000, 20_000],
            "failed calling webhook \"p\": Post \"https://hook.billing.svc:443/x\": connection refused",
        );
    })
    .tried_again()
    .without_pod(),
    of("no room for a moment", 3_900, Some("unschedulable_resources"), |s| {
        unscheduled(s, "0/3 nodes are available: 3 Insufficient memory.")
    }),
    of("no node fits for a moment", 3_900, Some("unschedulable_constraints"), |s| {
        unscheduled(s, "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.")
    }),
    of("the autoscaler makes a node", 85_000, Some("unschedulable_resources"), |s| {
        unscheduled(s, "0/3 nodes are available: 3 Insufficient cpu.");
        told(s, 3_000, "TriggeredScaleUp", "pod triggered scale-up: [{pool 3->4 (max: 9)}]");
    }),
    of("nodes of a pool that grows", 85_000, Some("unschedulable_resources"), |s| {
        s.put(stage::node("True", &json!({ "karpenter.sh/nodepool": "default" })));
        unscheduled(s, "0/3 nodes are available: 3 Insufficient cpu.");
    }),
    of("a node joins", 55_000, Some("unschedulable_constraints"), |s| {
        unscheduled(s, "0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/not-ready: }.")
    }),
    of("room when an old pod is gone", 60_000, NO, |s| {
        s.put(stage::going_pod());
        unscheduled(s, "0/3 nodes are available: 3 Insufficient cpu.");
    }),
    of("the scheduler backs off", 33_000, Some("unschedulable_resources"), |s| {
        s.put(stage::going_pod());
        unscheduled(s, "0/3 nodes are available: 3 Insufficient cpu.");
        s.at = 20_000;
        s.remove(stage::going_pod());
    }),
    of("a disk is being made", 200_000, NO, |s| {
        s.put(claim("Pending"));
        unscheduled(s, "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.");
    }),
    of("a claim comes late", 3_900, Some("volume_unbound"), |s| {
        unscheduled(s, "0/3 nodes are available: persistentvolumeclaim \"books\" not found.")
    }),
    of("a provisioner fails at first", 62_000, Some("volume_unbound"), |s| {
        s.put(claim("Pending"));
        for at in [5_000, 20_000, 50_000] {
            s.at = at;
            s.event_of(
                "PersistentVolumeClaim",
                "books",
                "u-books",
                "",
                "ProvisioningFailed",
                "rpc error: code = ResourceExhausted",
            );
        }
    })
    .tried_again(),
    of("the network of a node comes up", 58_000, Some("sandbox"), |s| {
        repeat(
            s,
            &[300, 5_000, 10_000, 20_000, 40_000],
            "FailedCreatePodSandBox",
            "Failed to create pod sandbox: network is not ready: cni plugin not initialized",
        );
    })
    .tried_again(),
    of("404 while it loads", 30_000, Some("readiness_probe"), |s| {
        probes(s, &[1_000, 11_000, 21_000], "HTTP probe failed with statuscode: 404")
    }),
    of("500 while it loads", 60_000, Some("readiness_probe"), |s| {
        probes(s, &[1_000, 11_000, 21_000, 51_000], "HTTP probe failed with statuscode: 500")
    }),
    of("503 for long", 280_000, NO, |s| {
        probes(s, &[1_000, 11_000, 61_000, 99_000], "HTTP probe failed with statuscode: 503")
    }),
    of("429 for long", 280_000, NO, |s| {
        probes(s, &[1_000, 11_000, 61_000, 99_000], "HTTP probe failed with statuscode: 429")
    }),
    of("refused for long", 280_000, NO, |s| {
        probes(s, &[1_000, 11_000, 61_000, 199_000], "dial tcp 10.2.0.4:80: connect: connection refused")
    }),
    of("a command that fails for long", 280_000, NO, |s| probes(s, &[1_000, 11_000, 61_000, 199_000], "")),
    of("a timeout now and then", 280_000, NO, |s| {
        probes(s, &[1_000, 90_000], "context deadline exceeded (Client.Timeout exceeded)")
    }),
    of("one 404", 280_000, NO, |s| probes(s, &[1_000], "HTTP probe failed with statuscode: 404")),
    of("a node is slow to be ready", 55_000, Some("node_lost"), |s| {
        s.at = 300;
        s.put(stage::node("False", &json!({})));
    }),
    of("nothing is told at all", 290_000, NO, |_| {}),
];

/// What is certain as soon as it was seen often enough, without any grace; Jobs count their tries themselves.
pub(crate) const COUNTED: &[Trouble] = &[
    of("dies four times", 40_000, Some("crash_loop"), |s| {
        dies(s, &[600, 3_000, 17_000, 41_000], 1, "Error", "database not reachable")
    }),
    of("dies twice, and says that nothing can help", 3_000, Some("crash_loop"), |s| {
        dies(s, &[600, 3_000], 78, "Error", "unknown flag: --prot")
    }),
    of("ends well four times, and is to run on", 40_000, Some("crash_loop"), |s| {
        dies(s, &[600, 3_000, 17_000, 41_000], 0, "Completed", "done")
    }),
    of("dies once, then answers 404", 33_000, Some("readiness_probe"), |s| {
        dies(s, &[600], 1, "Error", "");
        probes(s, &[3_000, 13_000, 23_000], "HTTP probe failed with statuscode: 404");
    }),
    of("two are evicted", 12_000, Some("evicted"), |s| {
        for (at, name) in [(3_000, "one"), (12_000, "two")] {
            s.at = at;
            s.evicted(name);
        }
    }),
    of("too much memory twice", 3_000, Some("oom_killed"), |s| dies(s, &[600, 3_000], 137, "OOMKilled", "")),
    of("killed by a probe twice", 39_000, Some("liveness_probe"), |s| {
        s.runs();
        repeat(s, &[9_000, 39_000], "Killing", "Container main failed liveness probe, will be restarted");
    }),
    of("a hook fails twice", 3_000, Some("container_start"), |s| {
        s.runs();
        repeat(s, &[800, 3_000], "FailedPostStartHook", "PostStartHook failed");
    }),
];

const fn of(name: &'static str, heals: i64, cause: Option<&'static str>, play: fn(&mut Stage)) -> Trouble {
    Trouble { name, has_pod: true, heals, cause, play, tries: false }
}

impl Trouble {
    const fn without_pod(self) -> Trouble {
        Trouble { has_pod: false, ..self }
    }

    const fn tried_again(self) -> Trouble {
        Trouble { tries: true, ..self }
    }

    /// Bare pods are made by the one who applies them: nobody else is refused, and nobody makes another.
    pub(crate) fn can_happen_to(&self, runs: Runs) -> bool {
        let needs_owner = !self.has_pod || self.cause == Some("evicted");
        !needs_owner || runs != Runs::Pod
    }
}

fn pull(stage: &mut Stage, at: &[i64], why: &str) {
    for at in at {
        stage.at = *at;
        let text = format!("Failed to pull image \"{IMAGE}\": {why}");
        stage.of_container("Failed", &text);
        stage.of_container("Failed", "Error: ErrImagePull");
        stage.at += 300;
        stage.waits("ErrImagePull", &text);
        stage.at += 500;
        stage.of_container("BackOff", "Back-off pulling image");
        stage.waits("ImagePullBackOff", &format!("Back-off pulling image: ErrImagePull: {text}"));
    }
}

fn config(stage: &mut Stage, why: &str) {
    stage.at = 300;
    stage.of_container("Failed", &format!("Error: {why}"));
    stage.at += 300;
    stage.waits("CreateContainerConfigError", why);
    stage.at += 300;
    stage.of_container("Pulled", "Container image already present");
    stage.of_container("Failed", &format!("Error: {why}"));
}

fn told(stage: &mut Stage, at: i64, reason: &str, message: &str) {
    repeat(stage, &[at], reason, message);
}

fn repeat(stage: &mut Stage, at: &[i64], reason: &str, message: &str) {
    for at in at {
        stage.at = *at;
        stage.event(reason, message);
    }
}

fn state(stage: &mut Stage, at: i64, reason: &str, message: &str) {
    stage.at = at;
    stage.waits(reason, message);
}

fn dies(stage: &mut Stage, at: &[i64], code: i64, reason: &str, log: &str) {
    stage.log(log);
    for at in at {
        stage.at = *at;
        stage.runs();
        stage.at += 100;
        stage.dies(code, reason);
        stage.at += 900;
        stage.of_container("BackOff", "Back-off restarting failed container");
        stage.waits("CrashLoopBackOff", "back-off");
    }
}

fn refused(stage: &mut Stage, at: &[i64], why: &str) {
    for at in at {
        stage.at = *at;
        stage.of_owner(
            "FailedCreate",
            &format!("Error creating: pods \"ledger-\" is forbidden: {why}").replace("is forbidden: etcd", "etcd"),
        );
    }
}

fn unscheduled(stage: &mut Stage, why: &str) {
    stage.at = 30;
    stage.unscheduled(why);
}

fn probes(stage: &mut Stage, at: &[i64], why: &str) {
    stage.at = 500;
    stage.runs();
    for at in at {
        for _ in 0..2 {
            stage.at = *at;
            stage.of_container("Unhealthy", &format!("Readiness probe failed: {why}"));
        }
    }
}

fn claim(phase: &str) -> serde_json::Value {
    let mut claim = stage::other("v1", "PersistentVolumeClaim", "books");
    claim["status"] = json!({ "phase": phase });
    claim
}
