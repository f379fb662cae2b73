//! What may go wrong with a pod, what heals it, and what it is when nothing does.

use super::scenarios::{Act, IMAGE, NAMESPACE};
use serde_json::{Value as Json, json};

/// A trouble: what the pod has of it, what the cluster has of it, what heals it and until when at the latest.
pub(crate) struct Trouble {
    pub(crate) name: &'static str,
    /// Changes the pod's template.
    pub(crate) pod: fn(&mut Json),
    /// Stands there from the beginning.
    pub(crate) stands: fn() -> Vec<Act>,
    /// What heals it, and the latest moment at which that is in time.
    pub(crate) heals: Option<(i64, fn() -> Act)>,
    /// What it is when it never heals; nothing where it is none.
    pub(crate) causes: &'static [&'static str],
}

pub(crate) const TROUBLES: &[Trouble] = &[
    Trouble { name: "none", pod: |_| (), stands: Vec::new, heals: None, causes: &[] },
    Trouble {
        name: "unknown tag",
        pod: |pod| image(pod, "nosuch"),
        stands: Vec::new,
        heals: None,
        causes: &["image_pull"],
    },
    Trouble { name: "denied", pod: |pod| image(pod, "denied"), stands: Vec::new, heals: None, causes: &["image_pull"] },
    Trouble {
        name: "rate limit",
        pod: |pod| image(pod, "8"),
        stands: || vec![Act::Rule("registry", json!({ "on": { "image": "*:8" }, "what": { "image": "rateLimited" } }))],
        heals: Some((45_000, || Act::TakeRule("registry"))),
        causes: &["image_pull"],
    },
    Trouble {
        name: "slow pull",
        pod: |pod| fault(pod, &json!({ "image": { "slow": { "after": "70s", "size": 734_003_200 } } })),
        stands: Vec::new,
        heals: None,
        causes: &[],
    },
    Trouble {
        name: "dies once",
        pod: |pod| {
            fault(
                pod,
                &json!({ "exit": { "code": 2, "after": "800ms", "log": "panic: index out of range", "times": 1 } }),
            )
        },
        stands: Vec::new,
        heals: None,
        causes: &[],
    },
    Trouble {
        name: "waits thrice for its database",
        pod: |pod| {
            fault(
                pod,
                &json!({ "exit": { "code": 1, "after": "2s", "log": "database not reachable, giving up", "times": 3 } }),
            )
        },
        stands: Vec::new,
        heals: None,
        causes: &[],
    },
    Trouble {
        name: "crashes for ever",
        pod: |pod| dies_unready(pod, &json!({ "code": 3, "after": "500ms", "log": "fatal: no idea" })),
        stands: Vec::new,
        heals: None,
        causes: &["crash_loop"],
    },
    Trouble {
        name: "crashes and says why",
        pod: |pod| {
            let log = "Error: environment variable SHELF is not set";
            dies_unready(pod, &json!({ "code": 1, "after": "300ms", "log": log }))
        },
        stands: Vec::new,
        heals: None,
        causes: &["crash_loop"],
    },
    Trouble {
        name: "too much memory once",
        pod: |pod| fault(pod, &json!({ "exit": { "code": 137, "after": "3s", "oom": true, "times": 1 } })),
        stands: Vec::new,
        heals: None,
        causes: &[],
    },
    Trouble {
        name: "too much memory",
        pod: |pod| image(pod, "oom"),
        stands: Vec::new,
        heals: None,
        causes: &["oom_killed"],
    },
    Trouble {
        name: "late ConfigMap",
        pod: |pod| pod["spec"]["containers"][0]["envFrom"] = json!([{ "configMapRef": { "name": "shelves" } }]),
        stands: Vec::new,
        heals: Some((3_300, || Act::Apply(map("ConfigMap", "shelves")))),
        causes: &["container_config"],
    },
    Trouble {
        name: "late Secret as a volume",
        pod: |pod| {
            pod["spec"]["volumes"] = json!([{ "name": "tls", "secret": { "secretName": "tls" } }]);
            pod["spec"]["containers"][0]["volumeMounts"] = json!([{ "name": "tls", "mountPath": "/tls" }]);
        },
        stands: Vec::new,
        heals: Some((3_300, || Act::Apply(map("Secret", "tls")))),
        causes: &["volume_mount"],
    },
    Trouble {
        name: "disk is slow",
        pod: |pod| {
            pod["spec"]["volumes"] = json!([{ "name": "data", "emptyDir": {} }]);
            pod["spec"]["containers"][0]["volumeMounts"] = json!([{ "name": "data", "mountPath": "/data" }]);
            pod["metadata"]["labels"]["disk"] = "slow".into();
        },
        stands: || {
            let what = json!({ "mount": { "volume": "data", "message": "timed out waiting for the condition" } });
            vec![Act::Rule("disk", json!({ "on": { "labels": { "disk": "slow" } }, "what": what }))]
        },
        heals: Some((50_000, || Act::TakeRule("disk"))),
        causes: &["volume_mount"],
    },
    Trouble {
        name: "network is not there yet",
        pod: |pod| pod["metadata"]["labels"]["net"] = "late".into(),
        stands: || {
            let what = json!({ "sandbox": "plugin type=\"calico\" failed (add): dial tcp 10.96.0.1:443: connect: connection refused" });
            vec![Act::Rule("network", json!({ "on": { "labels": { "net": "late" } }, "what": what }))]
        },
        heals: Some((45_000, || Act::TakeRule("network"))),
        causes: &["sandbox"],
    },
    Trouble {
        name: "no node fits",
        pod: |pod| pod["spec"]["nodeSelector"] = json!({ "disk": "nvme" }),
        stands: Vec::new,
        heals: None,
        causes: &["unschedulable_constraints"],
    },
    Trouble {
        name: "no node has room",
        pod: |pod| pod["spec"]["containers"][0]["resources"] = json!({ "requests": { "cpu": "64" } }),
        stands: Vec::new,
        heals: None,
        causes: &["unschedulable_resources"],
    },
    Trouble {
        name: "a quota is full",
        pod: |_| (),
        stands: || vec![Act::Apply(quota(0)), Act::Pass(300)],
        heals: Some((1_600, || Act::Apply(quota(20)))),
        causes: &["quota_exceeded"],
    },
    Trouble {
        name: "ready late",
        pod: |pod| {
            probe(pod, "readinessProbe", 2, 3);
            fault(pod, &json!({ "probe": { "which": "readiness", "until": "55s", "status": 503 } }));
        },
        stands: Vec::new,
        heals: None,
        causes: &[],
    },
    Trouble {
        name: "answers 404",
        pod: |pod| {
            probe(pod, "readinessProbe", 2, 3);
            fault(pod, &json!({ "probe": { "which": "readiness", "status": 404 } }));
        },
        stands: Vec::new,
        heals: None,
        causes: &["readiness_probe"],
    },
    Trouble {
        name: "answers 404 as long as it loads",
        pod: |pod| {
            probe(pod, "readinessProbe", 2, 3);
            fault(pod, &json!({ "probe": { "which": "readiness", "until": "27s", "status": 404 } }));
        },
        stands: Vec::new,
        heals: None,
        causes: &[],
    },
    Trouble {
        name: "nobody listens",
        pod: |pod| {
            probe(pod, "readinessProbe", 5, 3);
            fault(pod, &json!({ "probe": { "which": "readiness" } }));
        },
        stands: Vec::new,
        heals: None,
        causes: &["readiness_probe", "timeout"],
    },
    Trouble {
        name: "killed by its probe once",
        pod: |pod| {
            probe(pod, "livenessProbe", 2, 2);
            fault(
                pod,
                &json!([{ "exit": { "code": 0, "times": 0, "after": "600s" } }, { "probe": { "which": "liveness", "from": "1s", "until": "5s", "status": 500 } }]),
            );
        },
        stands: Vec::new,
        heals: None,
        causes: &[],
    },
    Trouble {
        name: "init container dies",
        pod: |pod| {
            pod["spec"]["initContainers"] = json!([{ "name": "migrate", "image": "busybox:1.36", "command": ["sh", "-c", "echo migrating; exit 4"] }]);
        },
        stands: Vec::new,
        heals: None,
        causes: &["init_container"],
    },
    Trouble {
        name: "init container is slow",
        pod: |pod| {
            pod["spec"]["initContainers"] =
                json!([{ "name": "migrate", "image": "busybox:1.36", "command": ["sh", "-c", "sleep 65"] }]);
        },
        stands: Vec::new,
        heals: None,
        causes: &[],
    },
    Trouble {
        name: "command is not there",
        pod: |pod| {
            pod["spec"]["containers"][0]["image"] = "busybox:1.36".into();
            pod["spec"]["containers"][0]["command"] = json!(["/opt/picker"]);
        },
        stands: Vec::new,
        heals: None,
        causes: &["container_start"],
    },
];

pub(crate) fn image(pod: &mut Json, tag: &str) {
    pod["spec"]["containers"][0]["image"] = format!("{IMAGE}:{tag}").into();
}

fn fault(pod: &mut Json, what: &Json) {
    pod["metadata"]["annotations"]["sim.ansflow.io/fault"] = what.to_string().into();
}

/// Without a probe, a container that runs is ready, if only for a moment.
fn dies_unready(pod: &mut Json, exit: &Json) {
    probe(pod, "readinessProbe", 2, 3);
    fault(pod, &json!([{ "exit": exit }, { "probe": { "which": "readiness", "status": 503 } }]));
}

fn probe(pod: &mut Json, kind: &str, period: u32, threshold: u32) {
    let get = json!({ "path": "/health", "port": 8080 });
    pod["spec"]["containers"][0][kind] =
        json!({ "httpGet": get, "periodSeconds": period, "failureThreshold": threshold });
}

fn map(kind: &str, name: &str) -> Json {
    json!({ "apiVersion": "v1", "kind": kind, "metadata": { "name": name, "namespace": NAMESPACE } })
}

fn quota(pods: u32) -> Json {
    let mut quota = map("ResourceQuota", "pods");
    quota["spec"] = json!({ "hard": { "pods": pods.to_string() } });
    quota
}
