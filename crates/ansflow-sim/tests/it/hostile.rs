//! Requests that nobody sends who means well: each gets an answer of the client's fault, and the cluster goes on.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::cluster::Cluster;

const NUMBERS: &[&str] =
    &["-1", "0", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1e9", "NaN", "", "%00", "ü"];
const TEXTS: &[&str] = &[
    "",
    "=",
    "==",
    "!=",
    "a in (",
    "a in ()",
    "!",
    ",,,",
    "a=b=c",
    "metadata.name=",
    "metadata.name=\\",
    "%F0%9F%98%80=%F0%9F%98%80",
    "%00",
    "e30=",
    "eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6LTEsInN0YXJ0IjoiIn0",
    "AAAA",
    "2026-13-45T99:99:99Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "(((((((((((((((((((((((((((((",
    "[0][",
    "{.a[?(@.b==",
    "'\"`$(x)",
];
/// What a path is asked with.
const QUERIES: &[(&str, &[&str])] = &[
    (
        "pods",
        &[
            "limit",
            "continue",
            "resourceVersion",
            "resourceVersionMatch",
            "timeoutSeconds",
            "labelSelector",
            "fieldSelector",
            "pretty",
            "sendInitialEvents",
            "watch",
            "includeObject",
            "allowWatchBookmarks",
        ],
    ),
    ("namespaces/default/pods/a", &["resourceVersion", "pretty", "includeObject"]),
    (
        "namespaces/default/pods/a/log",
        &[
            "container",
            "tailLines",
            "sinceSeconds",
            "sinceTime",
            "limitBytes",
            "timestamps",
            "previous",
            "follow",
            "stream",
        ],
    ),
    ("namespaces/default/pods/a/exec", &["container", "command", "stdin"]),
    ("namespaces/default/pods/a/portforward", &["ports"]),
];

/// Never a fault of ours, and never without an answer.
fn judge(what: &str, code: u16, text: &str) {
    assert!((100..500).contains(&code) || matches!(code, 503 | 504), "{what}: {code} {text}");
}

async fn with_pod() -> Cluster {
    let cluster = Cluster::start().await;
    let spec = json!({"containers": [{"name": "main", "image": "busybox:1.36", "command": ["sh", "-c", "echo ä€😀; sleep 3600"]}]});
    let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": spec});
    cluster.post("/api/v1/namespaces/default/pods", &pod).await.expect(201);
    cluster.sim.advance(Duration::from_secs(5));
    cluster
}

#[tokio::test]
async fn options_that_make_no_sense_are_the_client_s_fault() {
    let cluster = with_pod().await;
    let headers = [("accept".to_owned(), "application/json".to_owned())];
    for (path, queries) in QUERIES {
        for query in *queries {
            // A watch without an end is one that ends soon.
            let ends = if matches!(*query, "watch" | "follow") { "&timeoutSeconds=1" } else { "" };
            for value in NUMBERS.iter().chain(TEXTS) {
                let asked = format!("/api/v1/{path}?{query}={value}{ends}");
                let told = cluster.told(Method::GET, &asked, &headers, None, Some(1)).await;
                judge(&asked, told.code, &told.text);
            }
        }
    }
    // Together with a watch, they are about that.
    for query in
        ["timeoutSeconds", "resourceVersion", "sendInitialEvents", "resourceVersionMatch", "allowWatchBookmarks"]
    {
        for value in NUMBERS {
            let ends = if query == "timeoutSeconds" { "" } else { "&timeoutSeconds=1" };
            let asked = format!("/api/v1/configmaps?watch=1&{query}={value}{ends}");
            let told = cluster.told(Method::GET, &asked, &headers, None, Some(1)).await;
            judge(&asked, told.code, &told.text);
        }
    }
    cluster.get("/api/v1/namespaces/default/pods/a").await.expect(200);
    cluster.sim.stop().await;
}

#[tokio::test]
async fn paths_that_lead_nowhere_lead_nowhere() {
    let cluster = with_pod().await;
    for path in [
        "/",
        "//",
        "/api",
        "/api/",
        "/api/v1/",
        "/api/v2",
        "/apis/apps",
        "/apis/apps/v1/",
        "/apis//v1/x",
        "/api/v1/namespaces//pods",
        "/api/v1/%2e%2e/%2e%2e",
        "/api/v1/namespaces/%00/pods",
        "/api/v1/namespaces/default/pods/%F0%9F%98%80",
        "/api/v1/namespaces/default/pods/a/b/c/d/e",
        "/api/v1/namespaces/default/pods/a/%2F",
        "/api/v1/watch/pods",
        "/api/v1/pods/a/log",
        "/api/v1/nodes/a/proxy/x",
        "/sim.ansflow.io",
        "/sim.ansflow.io/v1x",
        "/sim.ansflow.io/v1/",
        "/sim.ansflow.io/v1/faults/",
        "/sim.ansflow.io/v1/faults/%00",
        "/sim.ansflow.io/v1/clock",
        "/openapi/v3/apis/..%2f",
        "/version/x",
        "/readyz/x",
        "/%",
        "/%zz",
        "/apis/a/b/c/d/e/f/g/h/i/j",
    ] {
        for method in
            [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS, Method::HEAD]
        {
            let told = cluster.told(method.clone(), path, &[], Some("{}".to_owned()), Some(1)).await;
            judge(&format!("{method} {path}"), told.code, &told.text);
        }
    }
    cluster.sim.stop().await;
}

/// Bodies: broken, deep, of the wrong shape everywhere.
fn bodies() -> Vec<String> {
    let deep = |open: &str, inner: &str, close: &str| format!("{}{inner}{}", open.repeat(20_000), close.repeat(20_000));
    let wrong = [
        json!(null),
        json!([]),
        json!(""),
        json!(1),
        json!(-1),
        json!(1e300),
        json!(true),
        json!({}),
        json!([{}]),
        json!([null]),
        json!({"a": null}),
    ];
    let mut all = vec![
        String::new(),
        "{".to_owned(),
        "null".to_owned(),
        "[]".to_owned(),
        "\"\"".to_owned(),
        "1e999".to_owned(),
        "\u{0}".to_owned(),
        "k8s\u{0}".to_owned(),
        "k8s\u{0}\u{a}\u{7f}\u{7f}\u{7f}".to_owned(),
        deep("[", "", "]"),
        deep("{\"a\":", "1", "}"),
        format!("a: {}", "&a [*a,".repeat(2_000)),
        "a: &a [*a]".to_owned(),
        "- ".repeat(20_000),
        "{a: ".repeat(5_000),
        "? ? ?".to_owned(),
        "!!binary x".to_owned(),
        "---\n---\n".repeat(100),
    ];
    let whole = json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "b", "labels": {"a": "b"}, "annotations": {"sim.ansflow.io/fault": "{"}, "finalizers": ["a/b"], "ownerReferences": [{"apiVersion": "v1", "kind": "Pod", "name": "a", "uid": "x"}], "managedFields": [{"manager": "x", "operation": "Update", "apiVersion": "v1", "fieldsType": "FieldsV1", "fieldsV1": {"f:a": {}}}]},
        "spec": {"containers": [{"name": "main", "image": "busybox", "ports": [{"containerPort": 80}], "env": [{"name": "A", "value": "$(A)"}], "resources": {"limits": {"cpu": "1"}}, "livenessProbe": {"httpGet": {"port": 80}}, "command": ["sh", "-c", "while :; do :; done"]}], "volumes": [{"name": "v", "emptyDir": {}}], "affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "a", "labelSelector": {"matchExpressions": [{"key": "a", "operator": "In", "values": ["a"]}]}}]}}},
    });
    for path in paths(&whole) {
        for value in &wrong {
            let mut one = whole.clone();
            *one.pointer_mut(&path).unwrap() = value.clone();
            all.push(one.to_string());
        }
    }
    all
}

fn paths(value: &Value) -> Vec<String> {
    let below = |key: &str, value: &Value| {
        let own = format!("/{}", key.replace('~', "~0").replace('/', "~1"));
        let mut found: Vec<String> = paths(value).into_iter().map(|rest| format!("{own}{rest}")).collect();
        found.push(own);
        found
    };
    match value {
        Value::Object(fields) => fields.iter().flat_map(|(key, value)| below(key, value)).collect(),
        Value::Array(items) => items.iter().enumerate().flat_map(|(at, value)| below(&at.to_string(), value)).collect(),
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn bodies_that_a_fuzzer_made_are_the_client_s_fault_and_the_world_goes_on() {
    let cluster = with_pod().await;
    let path = "/api/v1/namespaces/default/pods";
    let one = format!("{path}/a");
    let media = |text: &str| vec![("content-type".to_owned(), text.to_owned())];
    for body in bodies() {
        for (method, path, media) in [
            (Method::POST, path, media("application/json")),
            (Method::PATCH, one.as_str(), media("application/merge-patch+json")),
            (Method::PATCH, one.as_str(), media("application/strategic-merge-patch+json")),
        ] {
            let told = cluster.told(method.clone(), path, &media, Some(body.clone()), None).await;
            judge(
                &format!("{method} {path} {media:?} {}", body.chars().take(2_000).collect::<String>()),
                told.code,
                &told.text,
            );
        }
        // What was taken lives, and must not stop the others.
        cluster.sim.advance(Duration::from_millis(100));
        cluster.delete(&format!("{path}/b?gracePeriodSeconds=0")).await;
        cluster.sim.advance(Duration::from_secs(1));
    }
    for body in bodies().into_iter().take(20) {
        for media in [
            "application/yaml",
            "application/vnd.kubernetes.protobuf",
            "application/apply-patch+yaml",
            "application/json-patch+json",
            "text/plain",
            "",
        ] {
            let headers = [("content-type".to_owned(), media.to_owned())];
            let method = if media.contains("patch") { Method::PATCH } else { Method::POST };
            let path = if media.contains("patch") { format!("{one}?fieldManager=x") } else { path.to_owned() };
            let told = cluster.told(method, &path, &headers, Some(body.clone()), None).await;
            // An apply of what has no type is refused with 500 by the real one, too.
            if !(media.contains("apply") && told.code == 500) {
                judge(&format!("{media} {}", body.chars().take(200).collect::<String>()), told.code, &told.text);
            }
        }
    }
    cluster.get("/version").await.expect(200);
    cluster.sim.stop().await;
}

/// Objects that controllers act on, with much in them that may be wrong.
fn wholes() -> Vec<(&'static str, Value)> {
    let pods =
        json!({"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "main", "image": "nginx"}]}});
    let job = json!({"backoffLimit": 1, "completions": 2, "parallelism": 1, "completionMode": "Indexed", "activeDeadlineSeconds": 5, "ttlSecondsAfterFinished": 5,
        "podFailurePolicy": {"rules": [{"action": "FailJob", "onExitCodes": {"operator": "In", "values": [1]}}]},
        "template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "main", "image": "busybox"}]}}});
    let selector =
        json!({"matchLabels": {"a": "b"}, "matchExpressions": [{"key": "a", "operator": "In", "values": ["b"]}]});
    let schema = json!({"type": "object", "properties": {"spec": {"type": "object", "properties": {"size": {"type": "integer", "maximum": 5, "default": 1, "enum": [1, 2]}, "name": {"type": "string", "pattern": "^a"}},
        "x-kubernetes-validations": [{"rule": "self.size > 0", "message": "no"}]}}});
    vec![
        (
            "/apis/apps/v1/namespaces/default/deployments",
            json!({"metadata": {"name": "x"}, "spec": {"replicas": 2, "revisionHistoryLimit": 1, "progressDeadlineSeconds": 5, "paused": false,
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": 1}}, "selector": selector, "template": pods}}),
        ),
        (
            "/apis/apps/v1/namespaces/default/statefulsets",
            json!({"metadata": {"name": "x"}, "spec": {"replicas": 2, "serviceName": "x", "podManagementPolicy": "Parallel", "ordinals": {"start": 1},
            "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 1}}, "selector": selector, "template": pods,
            "volumeClaimTemplates": [{"metadata": {"name": "d"}, "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}]}}),
        ),
        (
            "/apis/apps/v1/namespaces/default/daemonsets",
            json!({"metadata": {"name": "x"}, "spec": {"updateStrategy": {"rollingUpdate": {"maxUnavailable": 1}}, "selector": selector, "template": pods}}),
        ),
        ("/apis/batch/v1/namespaces/default/jobs", json!({"metadata": {"name": "x"}, "spec": job})),
        (
            "/apis/batch/v1/namespaces/default/cronjobs",
            json!({"metadata": {"name": "x"}, "spec": {"schedule": "* * * * *", "timeZone": "Asia/Shanghai", "startingDeadlineSeconds": 10, "concurrencyPolicy": "Replace", "jobTemplate": {"spec": job}}}),
        ),
        (
            "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers",
            json!({"metadata": {"name": "x", "annotations": {"sim.ansflow.io/metrics": "{\"cpu\": 500}"}}, "spec": {"minReplicas": 1, "maxReplicas": 5,
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "x"}, "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 50}}}]}}),
        ),
        (
            "/apis/policy/v1/namespaces/default/poddisruptionbudgets",
            json!({"metadata": {"name": "x"}, "spec": {"minAvailable": "50%", "selector": selector}}),
        ),
        (
            "/api/v1/namespaces/default/services",
            json!({"metadata": {"name": "x"}, "spec": {"type": "NodePort", "selector": {"a": "b"}, "ports": [{"name": "p", "port": 80, "targetPort": "http", "nodePort": 30080, "protocol": "TCP"}]}}),
        ),
        (
            "/api/v1/namespaces/default/resourcequotas",
            json!({"metadata": {"name": "x"}, "spec": {"hard": {"pods": "5", "limits.cpu": "1"}, "scopes": ["NotTerminating"]}}),
        ),
        (
            "/api/v1/namespaces/default/limitranges",
            json!({"metadata": {"name": "x"}, "spec": {"limits": [{"type": "Container", "max": {"cpu": "1"}, "default": {"cpu": "500m"}}]}}),
        ),
        (
            "/api/v1/namespaces/default/persistentvolumeclaims",
            json!({"metadata": {"name": "x"}, "spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "standard", "resources": {"requests": {"storage": "1Gi"}}}}),
        ),
        (
            "/api/v1/nodes",
            json!({"metadata": {"name": "x"}, "spec": {"taints": [{"key": "a", "effect": "NoSchedule"}]}, "status": {"allocatable": {"cpu": "1"}, "conditions": [{"type": "Ready", "status": "True"}]}}),
        ),
        (
            "/apis/rbac.authorization.k8s.io/v1/clusterroles",
            json!({"metadata": {"name": "x"}, "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}], "aggregationRule": {"clusterRoleSelectors": [{"matchLabels": {"a": "b"}}]}}),
        ),
        (
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
            json!({"metadata": {"name": "widgets.example.com"}, "spec": {"group": "example.com", "scope": "Namespaced", "names": {"plural": "widgets", "kind": "Widget", "singular": "widget", "shortNames": ["wd"]},
            "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": schema}, "subresources": {"status": {}, "scale": {"specReplicasPath": ".spec.size", "statusReplicasPath": ".status.size"}},
                "additionalPrinterColumns": [{"name": "Size", "type": "integer", "jsonPath": ".spec.size"}]}]}}),
        ),
        (
            "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies",
            json!({"metadata": {"name": "x"}, "spec": {"failurePolicy": "Fail", "matchConstraints": {"resourceRules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["secrets"]}]},
            "validations": [{"expression": "object.metadata.name != 'x'", "message": "no"}]}}),
        ),
    ]
}

#[tokio::test]
async fn objects_that_a_fuzzer_made_stop_no_controller() {
    let cluster = with_pod().await;
    let wrong = [
        json!(null),
        json!([]),
        json!(""),
        json!(-1),
        json!(i64::MAX),
        json!({}),
        json!("9223372036854775807%"),
        json!("😀"),
    ];
    let headers = [
        ("content-type".to_owned(), "application/json".to_owned()),
        ("accept".to_owned(), "application/json;as=Table;v=v1;g=meta.k8s.io".to_owned()),
    ];
    for (path, whole) in wholes() {
        let told = cluster.told(Method::POST, path, &headers, Some(whole.to_string()), None).await;
        assert_eq!(told.code, 201, "{path}: {}", told.text);
        cluster.sim.advance(Duration::from_secs(20));
        let name = whole["metadata"]["name"].as_str().unwrap();
        cluster.delete(&format!("{path}/{name}")).await;
        cluster.sim.advance(Duration::from_secs(5));
        for place in paths(&whole) {
            for value in &wrong {
                let mut one = whole.clone();
                *one.pointer_mut(&place).unwrap() = value.clone();
                let told = cluster.told(Method::POST, path, &headers, Some(one.to_string()), None).await;
                judge(&format!("{path} {place} {value}"), told.code, &told.text);
                if told.code == 201 {
                    let name = one["metadata"]["name"].as_str().unwrap_or_default();
                    cluster.sim.advance(Duration::from_secs(2));
                    cluster.told(Method::GET, path, &headers, None, None).await;
                    cluster.delete(&format!("{path}/{name}?gracePeriodSeconds=0&propagationPolicy=Background")).await;
                    cluster.sim.advance(Duration::from_secs(1));
                }
            }
        }
    }
    cluster.get("/api/v1/namespaces/default/pods/a").await.expect(200);
    cluster.sim.stop().await;
}
