//! Cells as Kubernetes makes them: pods in every state that the rollout recordings show, and one row of other kinds.

use serde_json::{Value, json};

use super::{CustomColumns, Printer};
use crate::kinds::Kinds;
use crate::time::Micros;
use crate::wire::recorded::{body, object};

const NOW: &str = "2026-11-21T04:24:27Z";

fn cells(group: &str, version: &str, plural: &str, value: &Value) -> Value {
    let kind = Kinds::new().find(group, version, plural).unwrap();
    let printer = Printer::of(&kind);
    let cells = printer.cells(&object(value), Micros::parse(NOW).unwrap());
    assert_eq!(cells.len(), printer.columns().as_array().unwrap().len(), "{plural}: as many cells as columns");
    cells.into()
}

#[expect(clippy::needless_pass_by_value, reason = "cases are read more easily so")]
fn check(group: &str, version: &str, plural: &str, value: &Value, expect: Value) {
    assert_eq!(cells(group, version, plural, value), expect, "{plural}");
}

fn pod(value: &Value) -> String {
    let cells = cells("", "v1", "pods", value);
    let text = |at: usize| cells[at].as_str().unwrap().to_owned();
    format!("{} {} {}", text(1), text(2), text(3))
}

#[test]
fn every_pod_state_of_the_recordings_is_said() {
    let states: Value = serde_json::from_str(include_str!("../../../tests/fixtures/pod-states.json")).unwrap();
    for state in states.as_array().unwrap() {
        assert_eq!(pod(&state[2]), state[1].as_str().unwrap(), "{}", state[0]);
    }
}

#[test]
fn what_the_recordings_do_not_show_is_said_too() {
    let sidecar = json!({"spec": {"containers": [{"name": "a"}], "initContainers": [{"name": "s", "restartPolicy": "Always"}, {"name": "i"}]},
        "status": {"phase": "Pending", "initContainerStatuses": [
            {"name": "s", "ready": true, "started": true, "restartCount": 0, "state": {"running": {}}},
            {"name": "i", "ready": false, "restartCount": 0, "state": {"running": {}}}]}});
    assert_eq!(pod(&sidecar), "1/2 Init:1/2 0");
    let again = json!({"spec": {"containers": [{}]}, "status": {"phase": "Running", "containerStatuses": [{"ready": true, "restartCount": 3,
        "state": {"running": {}}, "lastState": {"terminated": {"finishedAt": "2026-11-21T04:22:20Z"}}}]}});
    assert_eq!(pod(&again), "1/1 Running 3 (2m7s ago)");
    let gated = json!({"spec": {"containers": [{}]}, "status": {"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False", "reason": "SchedulingGated"}]}});
    assert_eq!(pod(&gated), "0/1 SchedulingGated 0");
    let mut evicted = json!({"spec": {"containers": [{}]}, "status": {"phase": "Failed", "reason": "Evicted"}});
    assert_eq!(pod(&evicted), "0/1 Evicted 0");
    evicted["metadata"] = json!({"deletionTimestamp": NOW});
    assert_eq!(pod(&evicted), "0/1 Evicted 0");
    let lost = json!({"metadata": {"deletionTimestamp": NOW}, "spec": {"containers": [{}]}, "status": {"phase": "Running", "reason": "NodeLost"}});
    assert_eq!(pod(&lost), "0/1 Unknown 0");
    let signal = json!({"spec": {"containers": [{}]}, "status": {"phase": "Failed", "containerStatuses": [{"restartCount": 0, "state": {"terminated": {"exitCode": 137, "signal": 9}}}]}});
    assert_eq!(pod(&signal), "0/1 Signal:9 0");
    let done = json!({"spec": {"containers": [{}, {}]}, "status": {"phase": "Running", "containerStatuses": [
        {"restartCount": 0, "ready": false, "state": {"terminated": {"exitCode": 0, "reason": "Completed"}}},
        {"restartCount": 0, "ready": true, "state": {"running": {}}}]}});
    assert_eq!(pod(&done), "1/2 NotReady 0");
}

#[test]
fn recorded_objects_have_the_recorded_cells() {
    let rows = body("table-pods")["rows"].clone();
    let pods = body("list-field-selector-pods");
    check("", "v1", "pods", &pods["items"][0], rows[0]["cells"].clone());
    let mut web = body("get-deployment");
    web["status"] = json!({"replicas": 2, "readyReplicas": 2, "updatedReplicas": 2, "availableReplicas": 2});
    check("apps", "v1", "deployments", &web, json!(["web", "2/2", 2, 2, "28s", "app", "nginx:1.22", "app=web"]));
    let event = body("list-events-field-selector")["items"][0].clone();
    check(
        "",
        "v1",
        "events",
        &event,
        json!([
            "28s",
            "Normal",
            "ScalingReplicaSet",
            "deployment/web",
            "",
            "deployment-controller",
            "Scaled up replica set web-688c4b855d from 0 to 2",
            "28s",
            1,
            "web.18e9f4c1b46e57c7"
        ]),
    );
}

fn made(mut rest: Value) -> Value {
    rest["metadata"]["name"] = "x".into();
    rest["metadata"]["creationTimestamp"] = "2026-11-21T04:24:17Z".into();
    rest
}

#[test]
fn services_and_what_leads_to_them() {
    let service = made(
        json!({"spec": {"type": "LoadBalancer", "clusterIPs": ["10.0.0.1"], "ports": [{"port": 80, "nodePort": 30080, "protocol": "TCP"}, {"port": 443, "protocol": "TCP"}], "selector": {"app": "web"}}}),
    );
    check(
        "",
        "v1",
        "services",
        &service,
        json!(["x", "LoadBalancer", "10.0.0.1", "<pending>", "80:30080/TCP,443/TCP", "10s", "app=web"]),
    );
    check(
        "",
        "v1",
        "services",
        &made(json!({"spec": {"type": "ClusterIP", "clusterIPs": ["None"]}})),
        json!(["x", "ClusterIP", "None", "<none>", "<none>", "10s", "<none>"]),
    );
    let ingress = made(
        json!({"spec": {"rules": [{"host": "a"}, {"host": "b"}, {"host": "c"}, {"host": "d"}], "tls": [{}]}, "status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.9"}]}}}),
    );
    check(
        "networking.k8s.io",
        "v1",
        "ingresses",
        &ingress,
        json!(["x", "<none>", "a,b,c + 1 more...", "192.0.2.9", "80, 443", "10s"]),
    );
    let slice = made(
        json!({"addressType": "IPv4", "ports": [{"port": 80}], "endpoints": [{"addresses": ["10.1.0.1"]}, {"addresses": ["10.1.0.2"]}]}),
    );
    check("discovery.k8s.io", "v1", "endpointslices", &slice, json!(["x", "IPv4", "80", "10.1.0.1,10.1.0.2", "10s"]));
    check(
        "discovery.k8s.io",
        "v1",
        "endpointslices",
        &made(json!({"addressType": "IPv4"})),
        json!(["x", "IPv4", "<unset>", "<unset>", "10s"]),
    );
    let endpoints = made(
        json!({"subsets": [{"addresses": [{"ip": "10.1.0.1"}, {"ip": "10.1.0.2"}], "ports": [{"port": 80}, {"port": 443}]}]}),
    );
    check("", "v1", "endpoints", &endpoints, json!(["x", "10.1.0.1:80,10.1.0.2:80,10.1.0.1:443 + 1 more...", "10s"]));
}

#[test]
fn workloads() {
    let template = json!({"spec": {"containers": [{"name": "a", "image": "i:1"}, {"name": "b", "image": "i:2"}], "nodeSelector": {"disk": "ssd"}}});
    let selector = json!({"matchLabels": {"app": "web"}});
    let set = made(
        json!({"spec": {"replicas": 3, "template": template, "selector": selector}, "status": {"readyReplicas": 1, "replicas": 2}}),
    );
    check("apps", "v1", "statefulsets", &set, json!(["x", "1/3", "10s", "a,b", "i:1,i:2"]));
    check("apps", "v1", "replicasets", &set, json!(["x", 3, 2, 1, "10s", "a,b", "i:1,i:2", "app=web"]));
    let daemons = made(
        json!({"spec": {"template": template, "selector": selector}, "status": {"desiredNumberScheduled": 3, "currentNumberScheduled": 3, "numberReady": 2}}),
    );
    check(
        "apps",
        "v1",
        "daemonsets",
        &daemons,
        json!(["x", 3, 3, 2, 0, 0, "disk=ssd", "10s", "a,b", "i:1,i:2", "app=web"]),
    );
    let job = made(
        json!({"spec": {"completions": 1, "template": template, "selector": selector}, "status": {"succeeded": 1, "startTime": "2026-11-21T04:24:17Z", "completionTime": "2026-11-21T04:24:21Z", "conditions": [{"type": "Complete", "status": "True"}]}}),
    );
    check("batch", "v1", "jobs", &job, json!(["x", "Complete", "1/1", "4s", "10s", "a,b", "i:1,i:2", "app=web"]));
    let cron = made(
        json!({"spec": {"schedule": "* * * * *", "suspend": false, "jobTemplate": {"spec": {"template": template}}}}),
    );
    check(
        "batch",
        "v1",
        "cronjobs",
        &cron,
        json!(["x", "* * * * *", "<none>", "False", 0, "<none>", "10s", "a,b", "i:1,i:2", "<none>"]),
    );
    let hpa = made(
        json!({"spec": {"scaleTargetRef": {"kind": "Deployment", "name": "web"}, "minReplicas": 2, "maxReplicas": 5, "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}}}]}}),
    );
    check(
        "autoscaling",
        "v2",
        "horizontalpodautoscalers",
        &hpa,
        json!(["x", "Deployment/web", "cpu: <unknown>/80%", "2", 5, 0, "10s"]),
    );
    let revision = made(
        json!({"revision": 2, "metadata": {"ownerReferences": [{"controller": true, "apiVersion": "apps/v1", "kind": "StatefulSet", "name": "db"}]}}),
    );
    check("apps", "v1", "controllerrevisions", &revision, json!(["x", "statefulset.apps/db", 2, "10s"]));
}

#[test]
fn the_rest() {
    check(
        "",
        "v1",
        "nodes",
        &made(
            json!({"metadata": {"labels": {"node-role.kubernetes.io/worker": ""}}, "spec": {"unschedulable": true}, "status": {"conditions": [{"type": "Ready", "status": "Unknown"}]}}),
        ),
        json!([
            "x",
            "NotReady,SchedulingDisabled",
            "worker",
            "10s",
            "",
            "<none>",
            "<none>",
            "<unknown>",
            "<unknown>",
            "<unknown>"
        ]),
    );
    let quota = made(
        json!({"status": {"hard": {"requests.cpu": "2", "limits.cpu": "4", "pods": "5"}, "used": {"requests.cpu": "1", "pods": "3"}}}),
    );
    check("", "v1", "resourcequotas", &quota, json!(["x", "pods: 3/5, requests.cpu: 1/2", "limits.cpu: 0/4", "10s"]));
    check(
        "policy",
        "v1",
        "poddisruptionbudgets",
        &made(json!({"spec": {"minAvailable": 1}, "status": {"disruptionsAllowed": 1}})),
        json!(["x", "1", "N/A", 1, "10s"]),
    );
    check(
        "",
        "v1",
        "persistentvolumeclaims",
        &made(
            json!({"spec": {"storageClassName": "standard", "volumeMode": "Filesystem"}, "status": {"phase": "Pending"}}),
        ),
        json!(["x", "Pending", "", "", "", "standard", "<unset>", "10s", "Filesystem"]),
    );
    check(
        "storage.k8s.io",
        "v1",
        "storageclasses",
        &made(
            json!({"provisioner": "p", "metadata": {"annotations": {"storageclass.kubernetes.io/is-default-class": "true"}}}),
        ),
        json!(["x (default)", "p", "Delete", "Immediate", false, "10s"]),
    );
    check(
        "rbac.authorization.k8s.io",
        "v1",
        "rolebindings",
        &made(
            json!({"roleRef": {"kind": "Role", "name": "r"}, "subjects": [{"kind": "User", "name": "dev"}, {"kind": "ServiceAccount", "name": "s", "namespace": "n"}]}),
        ),
        json!(["x", "Role/r", "10s", "dev", "", "n/s"]),
    );
    check("rbac.authorization.k8s.io", "v1", "roles", &made(json!({})), json!(["x", "2026-11-21T04:24:17Z"]));
    check(
        "scheduling.k8s.io",
        "v1",
        "priorityclasses",
        &made(json!({"value": 10})),
        json!(["x", 10, false, "10s", "<unset>"]),
    );
}

#[test]
fn every_kind_has_as_many_cells_as_columns() {
    for kind in &Kinds::new().served().all {
        cells(&kind.group, &kind.version, &kind.plural, &made(json!({})));
    }
}

#[test]
fn a_custom_resource_has_the_columns_of_its_definition() {
    let columns = json!([
        {"name": "Size", "type": "integer", "jsonPath": ".spec.size"},
        {"name": "Ready", "type": "string", "jsonPath": ".status.conditions[?(@.type==\"Ready\")].status", "priority": 1},
        {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"},
    ]);
    let printer = Printer::Custom(CustomColumns::parse(columns.as_array().unwrap()));
    let now = Micros::parse(NOW).unwrap();
    let widget = made(json!({"spec": {"size": 2}}));
    assert_eq!(printer.cells(&object(&widget), now), vec![json!("x"), json!(2), json!(null), json!("10s")]);
    let plain = Printer::Custom(CustomColumns::parse(&[]));
    assert_eq!(plain.cells(&object(&widget), now), vec![json!("x"), json!("10s")]);
}
