//! The ways to fail: what is written, what stands there before, how it is called, and which sign decides.

use serde_json::{Value as Json, json};

/// Which line of what the watches told decides.
#[derive(Clone, Copy)]
pub(super) enum Signal {
    /// So manieth with this text.
    Text(&'static str, usize),
    /// So manieth death of a container.
    Death(usize),
    /// So many milliseconds after the first with this text: that long it must be seen.
    Later(&'static str, i64),
}

pub(super) struct Fault {
    pub(super) name: &'static str,
    pub(super) cause: &'static str,
    pub(super) signal: Signal,
    /// What is written before; `@` is the namespace.
    pub(super) before: Vec<Json>,
    /// Whether it is an update of what was ready.
    pub(super) is_update: bool,
    runs: Runs,
    /// What it is besides.
    change: fn(&mut Json),
    image: &'static str,
}

/// What runs the pods.
#[derive(Clone, Copy, PartialEq)]
enum Runs {
    Deployment,
    StatefulSet,
    DaemonSet,
    Job,
    Pod,
}

impl Fault {
    /// What is written, and what was ready before it where it is an update.
    pub(super) fn object(&self, namespace: &str) -> Json {
        let mut object = self.plain(namespace, self.image);
        (self.change)(&mut object);
        object
    }

    /// The same without what is wrong with it.
    pub(super) fn plain(&self, namespace: &str, image: &str) -> Json {
        let name = json!({"name": "web", "namespace": namespace});
        let pod = json!({"containers": [{"name": "app", "image": image}]});
        let template = json!({"metadata": {"labels": {"app": "web"}}, "spec": pod});
        let (version, kind, spec) = match self.runs {
            Runs::Deployment => ("apps/v1", "Deployment", json!({"replicas": 1, "template": template})),
            Runs::StatefulSet => {
                ("apps/v1", "StatefulSet", json!({"replicas": 2, "serviceName": "web", "template": template}))
            }
            Runs::DaemonSet => ("apps/v1", "DaemonSet", json!({"template": template})),
            Runs::Job => ("batch/v1", "Job", json!({"backoffLimit": 0, "template": template})),
            Runs::Pod => ("v1", "Pod", pod),
        };
        let mut object = json!({"apiVersion": version, "kind": kind, "metadata": name, "spec": spec});
        match self.runs {
            Runs::Job => object["spec"]["template"]["spec"]["restartPolicy"] = json!("Never"),
            Runs::Pod => object["spec"]["restartPolicy"] = json!("Never"),
            _ => object["spec"]["selector"] = json!({"matchLabels": {"app": "web"}}),
        }
        object
    }

    fn of(self, runs: Runs) -> Fault {
        Fault { runs, ..self }
    }

    fn after(self, before: Json) -> Fault {
        Fault { before: vec![before], ..self }
    }

    fn update(self) -> Fault {
        Fault { is_update: true, ..self }
    }
}

fn pod(object: &mut Json) -> &mut Json {
    match object["kind"] == "Pod" {
        true => &mut object["spec"],
        false => &mut object["spec"]["template"]["spec"],
    }
}

fn container(object: &mut Json) -> &mut Json {
    &mut pod(object)["containers"][0]
}

fn script(object: &mut Json, script: &str) {
    container(object)["command"] = json!(["sh", "-c", script]);
}

fn annotated(object: &mut Json, fault: &Json) {
    object["spec"]["template"]["metadata"]["annotations"] = json!({"sim.ansflow.io/fault": fault.to_string()});
}

fn fault(name: &'static str, cause: &'static str, signal: Signal, image: &'static str, change: fn(&mut Json)) -> Fault {
    Fault { name, cause, signal, before: Vec::new(), is_update: false, runs: Runs::Deployment, change, image }
}

const WELL: &str = "acme/web:1";
const SHELL: &str = "busybox:1.36";
const PULLS: Signal = Signal::Text("ErrImagePull", 1);
const CONFIG: Signal = Signal::Text("CreateContainerConfigError", 1);
const CREATE: Signal = Signal::Text("FailedCreate", 1);
const UNSCHEDULED: Signal = Signal::Text("Unschedulable", 1);
const KILLED: Signal = Signal::Text("\"Killing\"", 2);

/// All of them; those that take longest come first.
pub(super) fn faults() -> Vec<Fault> {
    let mut all = probes();
    all.extend(ends());
    all.extend(images());
    all.extend(configuration());
    all.extend(admission());
    all.extend(scheduling());
    all
}

fn probes() -> Vec<Fault> {
    vec![
        fault("readiness-404", "readiness_probe", Signal::Later("\"Unhealthy\"", 30_000), WELL, |it| {
            container(it)["readinessProbe"] = json!({"httpGet": {"port": 80}, "periodSeconds": 1});
            annotated(it, &json!({"probe": {"which": "readiness", "status": 404}}));
        }),
        fault("readiness-port", "readiness_probe", Signal::Text("\"Unhealthy\"", 1), WELL, |it| {
            container(it)["readinessProbe"] = json!({"httpGet": {"port": "nosuch"}, "periodSeconds": 1});
        }),
        fault("liveness", "liveness_probe", KILLED, "acme/web:unhealthy", |it| {
            it["spec"]["minReadySeconds"] = json!(60);
            let probe = json!({"httpGet": {"port": 80}, "periodSeconds": 1, "failureThreshold": 1});
            container(it)["livenessProbe"] = probe;
        }),
        fault("startup", "liveness_probe", KILLED, WELL, |it| {
            let probe = json!({"httpGet": {"port": 80}, "periodSeconds": 1, "failureThreshold": 1});
            container(it)["startupProbe"] = probe;
            annotated(it, &json!({"probe": {"which": "startup", "status": 500}}));
        }),
        fault("progress-deadline", "progress_deadline", Signal::Text("ProgressDeadlineExceeded", 1), WELL, |it| {
            (it["spec"]["minReadySeconds"], it["spec"]["progressDeadlineSeconds"]) = (json!(4), json!(5));
            container(it)["readinessProbe"] = json!({"httpGet": {"port": 80}, "initialDelaySeconds": 60});
        }),
    ]
}

/// Containers that end, and pods that are driven away.
fn ends() -> Vec<Fault> {
    let finished = Signal::Text("\"BackoffLimitExceeded\"", 1);
    vec![
        fault("evicted", "evicted", Signal::Text("\"Evicted\"", 2), WELL, |it| {
            it["spec"]["minReadySeconds"] = json!(60);
            let why = "Usage of EmptyDir volume \"tmp\" exceeds the limit \"1Mi\".";
            annotated(it, &json!({"evict": {"after": "1s", "message": why}}));
        }),
        fault("crash-told", "crash_loop", Signal::Death(2), SHELL, |it| {
            script(it, "echo 'Error: environment variable DATABASE_URL is not set' >&2; exit 1");
        }),
        fault("init-crash-told", "init_container", Signal::Death(2), WELL, |it| {
            pod(it)["initContainers"] = json!([{"name": "migrate", "image": SHELL,
                "command": ["sh", "-c", "echo 'syntax error at or near \"TABEL\"'; exit 3"]}]);
        }),
        fault("second-pod", "crash_loop", Signal::Death(2), SHELL, |it| {
            script(it, "case $HOSTNAME in *-1) echo 'unknown flag: --prot'; exit 2;; esac; sleep 600");
        })
        .of(Runs::StatefulSet),
        fault("oom", "oom_killed", Signal::Death(2), "acme/web:oom", |it| it["spec"]["minReadySeconds"] = json!(60)),
        fault("start-command", "container_start", Signal::Text("StartError", 1), SHELL, |it| {
            container(it)["command"] = json!(["/nosuch"]);
        }),
        fault("start-hook", "container_start", Signal::Text("\"reason\":\"FailedPostStartHook\"", 2), SHELL, |it| {
            script(it, "sleep 600");
            pod(it)["terminationGracePeriodSeconds"] = json!(1);
            container(it)["lifecycle"] = json!({"postStart": {"exec": {"command": ["false"]}}});
        }),
        fault("job-tries", "job_failed", finished, SHELL, |it| script(it, "exit 1")).of(Runs::Job),
        fault("job-policy", "job_failed", Signal::Text("\"PodFailurePolicy\"", 1), SHELL, |it| {
            script(it, "exit 3");
            it["spec"]["backoffLimit"] = json!(6);
            it["spec"]["podFailurePolicy"] =
                json!({"rules": [{"action": "FailJob", "onExitCodes": {"operator": "In", "values": [3]}}]});
        })
        .of(Runs::Job),
        fault("job-deadline", "job_deadline", Signal::Text("\"DeadlineExceeded\"", 1), SHELL, |it| {
            script(it, "sleep 600");
            it["spec"]["activeDeadlineSeconds"] = json!(3);
        })
        .of(Runs::Job),
        fault("pod", "job_failed", Signal::Text("\"phase\":\"Failed\"", 1), SHELL, |it| script(it, "exit 1"))
            .of(Runs::Pod),
    ]
}

fn images() -> Vec<Fault> {
    vec![
        fault("image-tag", "image_pull", PULLS, "acme/web:nosuch", |_| {}),
        fault("image-denied", "image_pull", PULLS, "acme/web:denied", |_| {}),
        fault("image-host", "image_pull", PULLS, "registry.invalid/web:1", |_| {}),
        fault("image-name", "image_name", Signal::Text("InvalidImageName", 1), "Acme/Web:1", |_| {}),
        fault("image-never", "image_pull", Signal::Text("ErrImageNeverPull", 1), "acme/web:nosuch", |it| {
            container(it)["imagePullPolicy"] = json!("Never");
        }),
        fault("image-of-update", "image_pull", PULLS, "acme/web:nosuch", |_| {}).update(),
        fault("image-of-daemons", "image_pull", PULLS, "acme/agent:nosuch", |_| {}).of(Runs::DaemonSet),
        fault("image-of-job", "image_pull", PULLS, "acme/job:nosuch", |_| {}).of(Runs::Job),
    ]
}

fn configuration() -> Vec<Fault> {
    vec![
        fault("config-map", "container_config", CONFIG, WELL, |it| {
            container(it)["envFrom"] = json!([{"configMapRef": {"name": "nosuch"}}]);
        }),
        fault("secret-key", "container_config", CONFIG, WELL, |it| {
            let from = json!({"secretKeyRef": {"name": "nosuch", "key": "password"}});
            container(it)["env"] = json!([{"name": "PASSWORD", "valueFrom": from}]);
        }),
        fault("user", "container_config", CONFIG, SHELL, |it| {
            pod(it)["securityContext"] = json!({"runAsNonRoot": true});
        }),
        fault("mount-secret", "volume_mount", Signal::Text("FailedMount", 1), WELL, |it| {
            pod(it)["volumes"] = json!([{"name": "keys", "secret": {"secretName": "nosuch"}}]);
            container(it)["volumeMounts"] = json!([{"name": "keys", "mountPath": "/keys"}]);
        }),
        fault("sandbox", "sandbox", Signal::Text("FailedCreatePodSandBox", 1), WELL, |it| {
            annotated(it, &json!({"sandbox": "no runtime for \"nosuch\" is configured"}));
        }),
        fault("paused", "paused", Signal::Text("\"paused\":true", 1), WELL, |it| it["spec"]["paused"] = json!(true)),
    ]
}

/// Pods that are not even made.
fn admission() -> Vec<Fault> {
    let quota = |pods: &str| json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "few"}, "spec": {"hard": {"pods": pods}}});
    let range = json!({"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "small"},
        "spec": {"limits": [{"type": "Container", "max": {"cpu": "100m"}}]}});
    let restricted = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "@",
        "labels": {"pod-security.kubernetes.io/enforce": "restricted"}}});
    vec![
        fault("quota", "quota_exceeded", CREATE, WELL, |_| {}).after(quota("0")),
        fault("quota-of-update", "quota_exceeded", CREATE, "acme/web:2", |_| {}).after(quota("1")).update(),
        fault("limit-range", "admission_denied", CREATE, WELL, |it| {
            container(it)["resources"] = json!({"limits": {"cpu": "2"}});
        })
        .after(range),
        fault("priority-class", "admission_denied", CREATE, WELL, |it| {
            pod(it)["priorityClassName"] = json!("nosuch");
        }),
        fault("account", "admission_denied", CREATE, WELL, |it| pod(it)["serviceAccountName"] = json!("nosuch")),
        fault("pod-security", "pod_security", CREATE, WELL, |_| {}).after(restricted),
        fault("webhook-gone", "webhook_unreachable", CREATE, WELL, |_| {}).after(webhook(
            "gone",
            &json!({
            "service": {"name": "policy", "namespace": "@", "port": 443}}),
            "refused",
        )),
        fault("webhook-refuses", "webhook_unreachable", CREATE, WELL, |_| {}).after(webhook(
            "refuses",
            &json!({"url": "https://10.1.2.3:8443/check"}),
            "refused",
        )),
        fault("webhook-certificate", "webhook_unreachable", CREATE, WELL, |_| {}).after(webhook(
            "certificate",
            &json!({"url": "https://10.1.2.3:8443/check"}),
            "badCertificate",
        )),
        fault("webhook-denies", "admission_denied", CREATE, WELL, |_| {}).after(webhook(
            "denies",
            &json!({"url": "https://10.1.2.3:8443/check"}),
            json!({"deny": {"message": "it is not signed"}}),
        )),
    ]
}

/// A webhook that is asked about the pods of the namespace.
fn webhook(name: &str, config: &Json, answers: impl Into<Json>) -> Json {
    let answers: Json = answers.into();
    let annotation = answers.as_str().map_or_else(|| answers.to_string(), str::to_owned);
    json!({"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration",
        "metadata": {"name": format!("{name}-@"), "annotations": {"sim.ansflow.io/fault": annotation}},
        "webhooks": [{"name": format!("{name}.example.com"), "failurePolicy": "Fail", "sideEffects": "None",
            "admissionReviewVersions": ["v1"], "clientConfig": config,
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "@"}},
            "rules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"], "scope": "*"}]}]})
}

fn scheduling() -> Vec<Fault> {
    let claim = json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "data"}, "spec": {
        "storageClassName": "nosuch", "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}});
    let tainted = json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "node-3"},
        "spec": {"taints": [{"key": "dedicated", "value": "gpu", "effect": "NoSchedule"}]}});
    let mounts: fn(&mut Json) = |it| {
        pod(it)["volumes"] = json!([{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]);
        container(it)["volumeMounts"] = json!([{"name": "data", "mountPath": "/data"}]);
    };
    vec![
        fault("too-much-cpu", "unschedulable_resources", UNSCHEDULED, WELL, |it| {
            container(it)["resources"] = json!({"requests": {"cpu": "100"}});
        }),
        fault("extended-resource", "unschedulable_resources", UNSCHEDULED, WELL, |it| {
            container(it)["resources"] = json!({"limits": {"nvidia.com/gpu": "1"}});
        }),
        fault("node-selector", "unschedulable_constraints", UNSCHEDULED, WELL, |it| {
            pod(it)["nodeSelector"] = json!({"disk": "nosuch"});
        }),
        fault("taint", "unschedulable_constraints", UNSCHEDULED, WELL, |it| {
            pod(it)["nodeSelector"] = json!({"kubernetes.io/hostname": "node-3"});
        })
        .after(tainted),
        fault("anti-affinity", "unschedulable_constraints", UNSCHEDULED, WELL, |it| {
            it["spec"]["replicas"] = json!(4);
            pod(it)["affinity"] = json!({"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [
                {"labelSelector": {"matchLabels": {"app": "web"}}, "topologyKey": "kubernetes.io/hostname"}]}});
        }),
        fault("claim-missing", "volume_unbound", UNSCHEDULED, WELL, mounts),
        fault("storage-class", "volume_unbound", UNSCHEDULED, WELL, mounts).after(claim),
    ]
}
