//! A few lines per kind.

use super::super::judge_all;
use super::check;

fn deployment(spec: &str, status: &str, expected: &str) {
    check(
        &format!(
            "{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: web, generation: 2}}, spec: {{{spec}}}, status: {{{status}}}}}"
        ),
        expected,
    );
}

#[test]
fn a_deployment_is_ready_when_all_its_counters_are() {
    let full = "observedGeneration: 2, replicas: 2, updatedReplicas: 2, availableReplicas: 2";
    deployment("replicas: 2", full, "ready");
    deployment("replicas: 2, paused: true", full, "ready");
    deployment("replicas: 0", "observedGeneration: 2", "ready");
    deployment("", "observedGeneration: 2, replicas: 1, updatedReplicas: 1, availableReplicas: 1", "ready");
    deployment(
        "replicas: 2",
        "observedGeneration: 1, replicas: 2, updatedReplicas: 2, availableReplicas: 2",
        "progressing: its controller has not seen this version yet",
    );
    deployment("replicas: 2", "", "progressing: its controller has not seen this version yet");
}

#[test]
fn a_deployment_says_what_it_lacks() {
    let status = "observedGeneration: 2, replicas: 4, updatedReplicas: 2, availableReplicas: 3";
    deployment("replicas: 3", status, "progressing: 1 of 3 new pods ready, 2 old ones left");
    deployment(
        "replicas: 0",
        "observedGeneration: 2, replicas: 1, updatedReplicas: 1",
        "progressing: 1 pod still there",
    );
    deployment("replicas: 3, paused: true", status, "stuck: it is paused, so that this version is not rolled out");
    let late = "conditions: [{type: Progressing, status: 'False', reason: ProgressDeadlineExceeded, message: late}]";
    deployment("replicas: 3", &format!("{status}, {late}"), "failed: ProgressDeadlineExceeded: late");
    let refused = "conditions: [{type: ReplicaFailure, status: 'True', reason: FailedCreate, message: quota}]";
    deployment("replicas: 3", &format!("{status}, {refused}"), "stuck: FailedCreate: quota");
}

#[test]
fn a_stateful_set_counts_pods_and_compares_revisions() {
    let set = |spec: &str, status: &str, expected: &str| {
        check(
            &format!(
                "{{apiVersion: apps/v1, kind: StatefulSet, metadata: {{name: db, generation: 1}}, spec: {{replicas: 3, {spec}}}, status: {{observedGeneration: 1, {status}}}}}"
            ),
            expected,
        );
    };
    let new = "currentRevision: b, updateRevision: b";
    let half = "currentRevision: a, updateRevision: b";
    set("", &format!("replicas: 3, readyReplicas: 3, updatedReplicas: 3, {new}"), "ready");
    set("", &format!("replicas: 2, readyReplicas: 1, updatedReplicas: 2, {new}"), "progressing: 1 of 3 pods ready");
    set("", &format!("replicas: 3, readyReplicas: 3, updatedReplicas: 1, {half}"), "progressing: 1 of 3 pods new");
    let partition = "updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 2}}";
    set(
        partition,
        &format!("replicas: 3, readyReplicas: 3, updatedReplicas: 1, {half}"),
        "ready: partition: pods below number 2 keep their old version",
    );
    set(
        partition,
        &format!("replicas: 3, readyReplicas: 3, updatedReplicas: 0, {half}"),
        "progressing: 0 of 1 pod new",
    );
    set(
        "updateStrategy: {type: OnDelete}",
        &format!("replicas: 3, readyReplicas: 3, {half}"),
        "ready: OnDelete: its pods keep their old version until somebody deletes them",
    );
}

#[test]
fn a_daemon_set_counts_nodes() {
    let set = |status: &str, expected: &str| {
        check(
            &format!(
                "{{apiVersion: apps/v1, kind: DaemonSet, metadata: {{name: a, generation: 1}}, spec: {{}}, status: {{observedGeneration: 1, {status}}}}}"
            ),
            expected,
        );
    };
    set("desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2", "ready");
    set(
        "desiredNumberScheduled: 2, updatedNumberScheduled: 1, numberAvailable: 2",
        "progressing: 1 of 2 new pods ready",
    );
    set("desiredNumberScheduled: 0", "ready: no node is to have a pod of it");
}

#[test]
fn a_pod_is_ready_stuck_or_failed_by_its_containers() {
    let pod = |spec: &str, status: &str, expected: &str| {
        check(
            &format!(
                "{{apiVersion: v1, kind: Pod, metadata: {{name: p}}, spec: {{nodeName: n, {spec}}}, status: {{{status}}}}}"
            ),
            expected,
        );
    };
    let ready = "phase: Running, conditions: [{type: Ready, status: 'True'}]";
    pod("", ready, "ready");
    pod(
        "",
        "phase: Pending, containerStatuses: [{name: a, state: {waiting: {reason: ImagePullBackOff, message: no}}}]",
        "stuck: container a: ImagePullBackOff: no",
    );
    pod(
        "",
        "phase: Pending, containerStatuses: [{name: a, state: {waiting: {reason: ContainerCreating}}}]",
        "progressing: container a is being started",
    );
    pod(
        "",
        "phase: Running, containerStatuses: [{name: a, state: {running: {}}}]",
        "progressing: container a runs and is not ready yet",
    );
    pod(
        "initContainers: [{name: i}]",
        "phase: Pending, initContainerStatuses: [{name: i, state: {running: {}}}]",
        "progressing: init container i runs",
    );
    pod(
        "",
        "phase: Pending, conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable, message: no room}]",
        "stuck: it has no node: no room",
    );
    pod(
        "",
        "phase: Failed, containerStatuses: [{name: a, state: {terminated: {exitCode: 4}}}]",
        "failed: container a ended with 4",
    );
    pod("", "phase: Failed, reason: Evicted, message: disk", "failed: it was evicted: disk");
    pod(
        "readinessGates: [{conditionType: lb}]",
        "phase: Running, containerStatuses: [{name: a, ready: true, state: {running: {}}}]",
        "progressing: readiness gate lb is not open",
    );
}

#[test]
fn a_job_is_ready_when_it_is_complete() {
    let job = |spec: &str, status: &str, expected: &str| {
        check(
            &format!(
                "{{apiVersion: batch/v1, kind: Job, metadata: {{name: j}}, spec: {{{spec}}}, status: {{{status}}}}}"
            ),
            expected,
        );
    };
    job(
        "",
        "succeeded: 1, conditions: [{type: SuccessCriteriaMet, status: 'True'}, {type: Complete, status: 'True'}]",
        "ready",
    );
    job(
        "",
        "conditions: [{type: SuccessCriteriaMet, status: 'True'}]",
        "progressing: 0 running, 0 succeeded, 0 failed",
    );
    job(
        "",
        "conditions: [{type: Failed, status: 'True', reason: BackoffLimitExceeded, message: m}]",
        "failed: BackoffLimitExceeded: m",
    );
    job("", "conditions: [{type: FailureTarget, status: 'True', reason: PodFailurePolicy}]", "stuck: PodFailurePolicy");
    job("suspend: true", "", "ready: suspended: it runs when somebody resumes it");
}

#[test]
fn kinds_of_others_are_judged_by_their_conditions() {
    let other = |rest: &str, expected: &str| {
        check(
            &format!("{{apiVersion: example.org/v1, kind: Thing, metadata: {{name: t, generation: 3}}, {rest}}}"),
            expected,
        )
    };
    other("spec: {}", "ready: it has no conditions to go by");
    other("status: {conditions: [{type: Ready, status: 'True'}]}", "ready");
    other(
        "status: {conditions: [{type: Ready, status: 'False', reason: Waiting, message: for a name}]}",
        "progressing: Waiting: for a name",
    );
    other(
        "status: {conditions: [{type: Ready, status: 'True', observedGeneration: 2}]}",
        "progressing: Ready speaks of an older version",
    );
    other(
        "status: {observedGeneration: 2, conditions: [{type: Ready, status: 'True'}]}",
        "progressing: its controller has not seen this version yet",
    );
    other("status: {conditions: [{type: Stalled, status: 'True', reason: Bad}]}", "failed: Bad");
    other(
        "status: {conditions: [{type: Reconciling, status: 'True', reason: Busy}, {type: Ready, status: 'True'}]}",
        "progressing: Busy",
    );
    other("status: {phase: Provisioning}", "progressing: its phase is Provisioning");
    other("status: {phase: Failed}", "failed: its phase is Failed");
    other("status: {phase: Sleepy}", "ready: it has no conditions to go by");
    other("status: {conditions: words}", "ready: it has no conditions to go by");
}

#[test]
fn what_cannot_be_read_is_unknown_and_what_goes_is_not_ready() {
    let wrong = "{apiVersion: batch/v1, kind: Job, metadata: {name: j}, status: {active: many}}";
    let judged = judge_all(wrong).unwrap();
    assert_eq!(judged[0].verdict, "unknown");
    check(
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: c, deletionTimestamp: '2026-01-01T00:00:00Z'}}",
        "progressing: it is being deleted",
    );
    check(
        "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: c}, status: {conditions: [{type: NamesAccepted, status: 'False', reason: Conflict}]}}",
        "failed: Conflict",
    );
    check(
        "{apiVersion: v1, kind: Namespace, metadata: {name: n}, status: {phase: Terminating, conditions: [{type: NamespaceFinalizersRemaining, status: 'True', message: held}]}}",
        "progressing: held",
    );
}

#[test]
fn a_list_is_judged_in_its_order_in_the_words_of_the_interfaces() {
    let list = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: shop}}\n- {apiVersion: batch/v1, kind: Job, metadata: {name: j}, status: {conditions: [{type: Failed, status: 'True', reason: DeadlineExceeded}]}}\n";
    let told = serde_json::to_value(judge_all(list).unwrap()).unwrap();
    let expected = serde_json::json!([
        { "api_version": "v1", "kind": "ConfigMap", "namespace": "shop", "name": "c", "verdict": "ready" },
        { "api_version": "batch/v1", "kind": "Job", "namespace": null, "name": "j", "verdict": "failed", "reason": "job_deadline", "message": "DeadlineExceeded" },
    ]);
    assert_eq!(told, expected);
}
