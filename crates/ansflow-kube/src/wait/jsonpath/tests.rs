//! What kubectl 1.32 finds in a pod (`kubectl label --local -o jsonpath=…`), and what is found here.

use super::JsonPath;
use crate::object::read_all;
use serde_json::Value as Json;

const POD: &str = r#"
apiVersion: v1
kind: Pod
metadata: { name: web, labels: { app: web, "a.b/c": dotted } }
spec:
  containers: [{ name: app, image: "nginx:1" }, { name: side, image: "busybox:2" }, { name: log, image: "busybox:3" }]
status:
  phase: Running
  conditions: [{ type: Ready, status: "True" }, { type: PodScheduled, status: "False" }]
  containerStatuses: [{ name: app, restartCount: 2, ready: true }, { name: side, restartCount: 0, ready: false }]
"#;

/// `expected` as kubectl prints it: values with blanks between them.
fn check(path: &str, expected: &str) {
    let objects = read_all(POD).unwrap();
    let found = JsonPath::parse(path).unwrap_or_else(|why| panic!("{why}"));
    let found: Vec<String> = found.find(objects.first().unwrap().map()).into_iter().map(shown).collect();
    assert_eq!(found.join(" "), expected, "{path}");
}

fn shown(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[test]
fn what_kubectl_finds_is_found() {
    for path in ["{.metadata.name}", "{$.metadata.name}", "{@.metadata.name}", "{ .metadata.name }"] {
        check(path, "web");
    }
    check("{.spec.containers[0].name}", "app");
    check("{.spec.containers[-1].name}", "log");
    check("{.spec.containers[*].name}", "app side log");
    check("{.spec.containers[1:].name}", "side log");
    check("{.spec.containers[:2].name}", "app side");
    check("{.spec.containers[-2:].name}", "side log");
    check("{.spec.containers[0:3:2].name}", "app log");
    check("{.spec.containers[0,2].name}", "app log");
    check("{.metadata.labels['app']}", "web");
    check(r"{.metadata.labels['a\.b/c']}", "dotted");
    check(r"{.metadata.labels.a\.b/c}", "dotted");
    check(r#"{.status.conditions[?(@.type=="Ready")].status}"#, "True");
    check("{.status.conditions[?(@.type=='Ready')].status}", "True");
    check(r#"{.status.conditions[?(@.type!="Ready")].status}"#, "False");
    check("{.status.containerStatuses[?(@.restartCount>1)].name}", "app");
    check("{.status.containerStatuses[?(@.restartCount==2)].name}", "app");
    check("{.status.containerStatuses[?(@.ready==true)].name}", "app");
    check("{.status.containerStatuses[?(@.ready)].name}", "app side");
    check(r#"{.status.containerStatuses[?(@.name=="app")].restartCount}"#, "2");
    check("{..image}", "nginx:1 busybox:2 busybox:3");
    check("{.status.containerStatuses[0]}", r#"{"name":"app","restartCount":2,"ready":true}"#);
}

#[test]
fn what_leads_nowhere_finds_nothing() {
    for path in ["{.nothing}", "{.metadata.name.x}", "{.spec.containers.name}", "{.metadata.name[0]}", "{.a[9].b}"] {
        check(path, "");
    }
}

#[test]
fn braces_and_the_first_dot_may_be_left_out_as_in_kubectl_wait() {
    check("metadata.name", "web");
    check(".metadata.name", "web");
    check("{metadata.name}", "web");
}

#[test]
fn quoted_keys_may_hold_dots_where_kubectl_finds_nothing() {
    check("{.metadata.labels['a.b/c']}", "dotted");
    check(r#"{.metadata["name"]}"#, "web");
}

#[test]
fn what_is_no_path_is_refused_with_the_reason() {
    let refused = [
        ("{.metadata.name", "not closed"),
        ("{.a[}", "bracket is not closed"),
        ("{.spec.containers[name==\"app\"].image}", "is no index"),
        ("{.status.phase}{.metadata.name}", "more than one path"),
        ("{range .a[*]}{.b}{end}", "more than one path"),
        ("{.c[?(@.a==\"b\"&&@.c==\"d\")]}", "is no value"),
        ("{.c[?(type==\"b\")]}", "does not begin with `@`"),
        ("{.a[0:1:0]}", "is no slice"),
        ("{}", "names nothing"),
        ("", "names nothing"),
        ("{.a..}", "is no name"),
    ];
    for (path, why) in refused {
        let error = JsonPath::parse(path).unwrap_err();
        assert!(error.contains(why), "{path}: {error}");
    }
}
