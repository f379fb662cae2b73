//! Where we say something else than kstatus (which Flux, kapp and Helm 4 ask), each with its reason.

use super::check;

/// What kstatus says, why we do not, the object, what we say.
const TABLE: &[(&str, &str, &str, &str)] = &[
    (
        "Current",
        "a pod that has failed is what nobody asked for",
        "{apiVersion: v1, kind: Pod, metadata: {name: p}, status: {phase: Failed, message: gone}}",
        "failed: gone",
    ),
    (
        "Current",
        "a Job is there to end; that it has begun says nothing",
        "{apiVersion: batch/v1, kind: Job, metadata: {name: j}, spec: {}, status: {active: 1}}",
        "progressing: 1 running, 0 succeeded, 0 failed",
    ),
    (
        "Current",
        "a load balancer without an address serves nobody",
        "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {type: LoadBalancer, clusterIP: 10.0.0.1}}",
        "progressing: its load balancer has no address yet",
    ),
    (
        "InProgress",
        "a paused Deployment goes on when somebody resumes it, not with time",
        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d, generation: 1}, spec: {paused: true}, status: {observedGeneration: 1}}",
        "stuck: it is paused, so that this version is not rolled out",
    ),
    (
        "InProgress",
        "a load balancer given by hand is one",
        "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {type: LoadBalancer, clusterIP: 10.0.0.1, externalIPs: [192.0.2.1]}}",
        "ready",
    ),
    (
        "Failed",
        "one scaler that cannot scale further is what it was told to be",
        "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: h}, status: {conditions: [{type: ScalingLimited, status: 'True'}]}}",
        "ready",
    ),
    (
        "Current",
        "an Ingress without an address may be served all the same; that is worth a remark",
        "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i}}",
        "ready: no address was given to it yet",
    ),
    (
        "Failed",
        "a crash loop of three may be a program that waits for another",
        "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {nodeName: n}, status: {phase: Running, containerStatuses: [{name: a, restartCount: 3, state: {waiting: {reason: CrashLoopBackOff}}}]}}",
        "stuck: container a: CrashLoopBackOff",
    ),
    (
        "InProgress",
        "pods that wait to be deleted by a person are what OnDelete asks for",
        "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: s, generation: 2}, spec: {updateStrategy: {type: OnDelete}}, status: {observedGeneration: 2, readyReplicas: 1, replicas: 1, currentRevision: a, updateRevision: b}}",
        "ready: OnDelete: its pods keep their old version until somebody deletes them",
    ),
    (
        "Failed",
        "a claim that has lost its volume has lost its data",
        "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: c}, status: {phase: Lost}}",
        "failed: its volume is lost",
    ),
];

#[test]
fn every_deviation_is_on_purpose() {
    for (theirs, reason, object, ours) in TABLE {
        assert!(!theirs.is_empty() && !reason.is_empty());
        check(object, ours);
    }
}
