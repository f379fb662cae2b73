//! Rows: ours, beside what a real cluster printed of the same objects.

use super::super::columns::Cell;
use super::super::known::{KNOWN, Known};
use super::super::rows::{Row, items};
use super::super::table;
use super::object;
use crate::object::Obj;
use serde_json::{Value as Json, json};

/// The cells of a row as a person reads them, nothing as `-`.
fn check(yaml: &str, expected: &str) {
    let object = object(yaml);
    let row = Row::of(&object, Known::find(object.group(), object.kind()).unwrap());
    let cells: Vec<String> = row.cells.iter().map(say).collect();
    let name = [row.namespace.as_deref().unwrap_or("-"), &row.name].join("/");
    assert_eq!(format!("{name} {} | {}", row.state, cells.join(" | ")), expected, "{yaml}");
}

fn say(cell: &Cell) -> String {
    match serde_json::to_value(cell).unwrap() {
        Json::Null => "-".to_owned(),
        Json::String(text) => text,
        other => other.to_string(),
    }
}

#[test]
fn pods_have_the_words_that_kubectl_printed_of_them() {
    let states: Vec<(String, String, Json)> =
        serde_json::from_str(include_str!("../../../../ansflow-sim/tests/fixtures/pod-states.json")).unwrap();
    for (recording, printed, pod) in states {
        let cells = Row::of(&Obj::new(pod).unwrap(), Known::find("", "Pod").unwrap()).cells;
        let ours: Vec<String> = cells.iter().take(3).map(say).collect();
        // Kubectl puts the time of the last restart behind their number.
        let theirs = printed.split(" (").next().unwrap();
        assert_eq!(ours.join(" "), theirs, "{recording}");
    }
}

#[test]
fn known_columns_say_what_the_cluster_prints_in_columns_of_the_same_name() {
    let tables: Json =
        serde_json::from_str(include_str!("../../../../ansflow-sim/tests/fixtures/objects-in-tables.json")).unwrap();
    let mut compared = 0;
    for recorded in tables.as_array().unwrap() {
        let printed = table::read(&recorded["table"]).unwrap();
        let objects = recorded["table"]["rows"].as_array().unwrap().iter().map(|row| row["object"].clone());
        for (object, theirs) in objects.map(|object| Obj::new(object).unwrap()).zip(&printed.rows) {
            let known = Known::find(object.group(), object.kind()).unwrap();
            let ours = Row::of(&object, known);
            assert_eq!((&ours.name, &ours.namespace, ours.state), (&theirs.name, &theirs.namespace, theirs.state));
            for (column, cell) in known.columns().iter().zip(&ours.cells) {
                let same = |heading: &String| heading.to_lowercase().replace(['-', '(', ')'], "_") == *column;
                let Some(at) = printed.columns.iter().position(same) else { continue };
                let theirs = say(&theirs.cells[at]);
                assert_eq!(say(cell), theirs, "{column} of {}", ours.name);
                compared += 1;
            }
        }
    }
    assert!(compared >= 14, "{compared}");
}

#[test]
fn every_kind_has_as_many_cells_as_columns_even_of_an_object_that_says_nothing() {
    for known in &KNOWN {
        for spec in [json!({}), Json::Null, json!([]), json!("x")] {
            let object = json!({ "apiVersion": known.api_version(), "kind": known.kind, "metadata": { "name": "x" },
                "spec": spec, "status": spec, "data": spec });
            let row = Row::of(&Obj::new(object).unwrap(), known);
            assert_eq!(row.cells.len(), known.columns().len(), "{}", known.plural);
        }
        assert_eq!(Known::by_plural(known.plural).unwrap().kind, known.kind);
    }
}

#[test]
fn what_keeps_pods_says_how_many_there_are_and_of_which_image() {
    check(
        "{ apiVersion: apps/v1, kind: StatefulSet, metadata: { name: db, namespace: shop }, spec: { replicas: 3, template: \
         { spec: { containers: [{ image: pg:17 }, { image: sidecar:1 }, { image: pg:17 }] } } }, status: { readyReplicas: 1 } }",
        "shop/db progressing | 1/3 | 0 | pg:17, sidecar:1",
    );
    check(
        "{ apiVersion: apps/v1, kind: DaemonSet, metadata: { name: agent }, status: { numberReady: 2, \
         desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2 } }",
        "-/agent ready | 2/2 | 2 | 2 | -",
    );
    check(
        "{ apiVersion: batch/v1, kind: Job, metadata: { name: m, namespace: shop }, spec: { completions: 2 }, status: \
         { succeeded: 2, startTime: '2026-11-22T01:00:00Z', completionTime: '2026-11-22T01:02:00Z', conditions: \
         [{ type: Complete, status: 'True' }] } }",
        "shop/m ready | 2/2 | 0 | 0 | 2026-11-22T01:00:00Z | 2026-11-22T01:02:00Z | -",
    );
}

#[test]
fn services_and_ingresses_say_where_they_are_reached() {
    check(
        "{ apiVersion: v1, kind: Service, metadata: { name: web, namespace: shop }, spec: { type: LoadBalancer, clusterIP: \
         10.0.0.9, ports: [{ port: 443, nodePort: 30443, protocol: TCP }, { port: 53, protocol: UDP }] }, status: \
         { loadBalancer: { ingress: [{ hostname: lb.example.com }] } } }",
        "shop/web ready | LoadBalancer | 10.0.0.9 | lb.example.com | 443:30443/TCP, 53/UDP",
    );
    check(
        "{ apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: { name: web, namespace: shop }, spec: \
         { ingressClassName: nginx, tls: [{}], rules: [{ host: shop.example.com }, {}] }, status: { loadBalancer: \
         { ingress: [{ ip: 192.0.2.1 }] } } }",
        "shop/web ready | nginx | shop.example.com, * | 192.0.2.1 | 80, 443",
    );
}

#[test]
fn a_secret_says_how_much_it_keeps_and_nothing_of_it() {
    check(
        "{ apiVersion: v1, kind: Secret, metadata: { name: s, namespace: shop }, type: Opaque, data: { a: aHVudGVyMg==, b: '' } }",
        "shop/s ready | Opaque | 2",
    );
    check(
        "{ apiVersion: v1, kind: ConfigMap, metadata: { name: c }, data: { a: x }, binaryData: { b: eA== } }",
        "-/c ready | 2",
    );
}

#[test]
fn nodes_claims_namespaces_and_events_in_one_line() {
    check(
        "{ apiVersion: v1, kind: Node, metadata: { name: n1, labels: { node-role.kubernetes.io/control-plane: '' } }, spec: \
         { unschedulable: true }, status: { conditions: [{ type: Ready, status: 'True' }], addresses: [{ type: InternalIP, \
         address: 10.0.0.1 }], nodeInfo: { kubeletVersion: v1.34.9, osImage: Linux }, allocatable: { cpu: '4', memory: 8Gi, pods: '110' } } }",
        "-/n1 ready | Ready,SchedulingDisabled | control-plane | v1.34.9 | 10.0.0.1 | Linux | 4 | 8Gi | 110",
    );
    check(
        "{ apiVersion: v1, kind: PersistentVolumeClaim, metadata: { name: data, namespace: shop }, spec: { accessModes: \
         [ReadWriteOnce], storageClassName: fast, volumeName: pv-1 }, status: { phase: Bound, capacity: { storage: 1Gi } } }",
        "shop/data ready | Bound | pv-1 | 1Gi | ReadWriteOnce | fast",
    );
    check(
        "{ apiVersion: v1, kind: Namespace, metadata: { name: shop }, status: { phase: Active } }",
        "-/shop ready | Active",
    );
    check(
        "{ apiVersion: v1, kind: Event, metadata: { name: e, namespace: shop }, type: Warning, reason: Failed, count: 3, message: \
         \"a\\e[31m\\nb\", involvedObject: { kind: Pod, name: web-1 }, lastTimestamp: '2026-11-22T01:00:00Z', source: { component: kubelet } }",
        "shop/e ready | Warning | Failed | Pod/web-1 | a [31m b | 3 | 2026-11-22T01:00:00Z | kubelet",
    );
}

#[test]
fn a_pod_counts_containers_that_run_beside_it_and_when_it_restarted_last() {
    let yaml = "{ apiVersion: v1, kind: Pod, metadata: { name: p, namespace: shop }, spec: { nodeName: n1, initContainers: \
         [{ name: proxy, restartPolicy: Always }], containers: [{ name: app }] }, status: { podIP: 10.1.1.1, phase: Running, \
         conditions: [{ type: Initialized, status: 'True' }, { type: Ready, status: 'True' }], initContainerStatuses: [{ name: proxy, \
         ready: true, started: true, restartCount: 1, state: { running: {} } }], containerStatuses: [{ name: app, ready: true, \
         restartCount: 2, state: { running: {} }, lastState: { terminated: { exitCode: 1, finishedAt: '2026-11-22T01:00:00Z' } } }] } }";
    check(yaml, "shop/p ready | 2/2 | Running | 3 | 2026-11-22T01:00:00Z | 10.1.1.1 | n1 | app");
    assert_eq!(items(&object(yaml), &["spec", "containers"]).len(), 1);
}

#[test]
fn other_kinds_are_shown_as_the_cluster_prints_them() {
    let table = json!({ "kind": "Table", "metadata": { "continue": "next" },
        "columnDefinitions": [
            { "name": "Name", "type": "string", "format": "name", "priority": 0 },
            { "name": "Size", "type": "integer", "format": "", "priority": 0 },
            { "name": "Wide", "type": "string", "format": "", "priority": 1 },
            { "name": "Age", "type": "date", "format": "", "priority": 0 },
            { "name": "Who", "type": "string", "format": "", "priority": 0 }],
        "rows": [{ "cells": ["a", 3, "w", "5m", null], "object": { "kind": "PartialObjectMetadata",
            "apiVersion": "meta.k8s.io/v1", "metadata": { "name": "a", "namespace": "shop", "uid": "u" } } }] });
    let printed = table::read(&table).unwrap();
    assert_eq!((printed.columns, printed.next.as_deref()), (vec!["Size".to_owned(), "Who".to_owned()], Some("next")));
    let row = &printed.rows[0];
    assert_eq!((row.place(), &*row.uid, &row.cells), (("shop", "a"), "u", &vec![Cell::Number(3), Cell::None]));
    assert!(table::read(&json!({ "kind": "List" })).is_none());
}
