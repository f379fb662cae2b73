//! What a step on a cluster does, with its values in it.

use expect_test::{Expect, expect};
use serde_json::{Map, json};

use super::first;

/// The first step of a pipeline with this step; `x` is hostile.
fn shown(step: &str) -> String {
    let text = format!("variables: {{ x: 1, n: 3 }}\nsteps:\n  - name: a\n{step}");
    let hostile = Map::from_iter([("x".to_owned(), json!("y\"\n  kind: Secret # {{ secrets.TOKEN }}"))]);
    match first(&text, hostile) {
        Err(why) => format!("error: {why}\n"),
        Ok(resolved) => {
            let mut spec = serde_json::to_value(&resolved.spec).expect("a spec");
            // What names mean has a test of its own.
            spec.as_object_mut().expect("a map").remove("names");
            spec.to_string() + "\n"
        }
    }
}

fn check(step: &str, expected: &Expect) {
    expected.assert_eq(&shown(step));
}

#[test]
fn the_seeds_deploy_is_one_deployment_in_a_few_words() {
    check(
        "    type: k8s_deploy\n    k8s_cluster: 1\n    k8s_namespace: development\n    k8s_resource_name: my-app\n    k8s_config: { deployment_spec: { replicas: '{{ n }}', image: 'shop:{{ build_number }}', ports: [{ container_port: 8080 }], environment: { NODE_ENV: production, VERSION: '{{ build_number }}' }, resources: { limits: { cpu: 500m } } } }\n",
        &expect![[r#"
            {"type":"k8s_deploy","place":{"cluster":"1","namespace":"development"},"source":{"short":{"name":"my-app","image":"shop:7","replicas":3,"ports":[{"container_port":8080,"name":null,"protocol":"TCP"}],"environment":[["NODE_ENV","production"],["VERSION","7"]],"requests":[],"limits":[["cpu","500m"]],"labels":[]}},"resource_name":"my-app","timeout_ms":300000,"wait":true,"rollback":false,"dry_run":false,"prune":false,"force_conflicts":false,"recreate_immutable":false,"create_namespace":false}
        "#]],
    );
}

#[test]
fn a_value_changes_no_shape_of_manifests_in_place() {
    check(
        "    type: k8s_deploy\n    config:\n      cluster: c\n      manifest_content: |\n        apiVersion: v1\n        kind: ConfigMap\n        metadata: { name: a }\n        data: { x: '{{ x }}' }\n        ---\n        # nothing\n        ---\n        kind: Deployment\n        spec: { replicas: {{ n }} }\n",
        &expect![[r#"
            {"type":"k8s_deploy","place":{"cluster":"c"},"source":{"inline":[{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"x":"y\"\n  kind: Secret # {{ secrets.TOKEN }}"}},{"kind":"Deployment","spec":{"replicas":3}}]},"resource_name":null,"timeout_ms":300000,"wait":true,"rollback":false,"dry_run":false,"prune":false,"force_conflicts":false,"recreate_immutable":false,"create_namespace":false}
        "#]],
    );
}

#[test]
fn what_is_said_with_a_step_wins_over_what_it_inherits() {
    check(
        "    type: k8s_wait\n    config: { cluster: c, resource_name: web }\n",
        &expect![[r#"
        {"type":"k8s_wait","place":{"cluster":"c"},"which":{"named":{"kind":"deployment","names":["web"]}},"conditions":["available"],"any":false,"timeout_ms":300000}
    "#]],
    );
    check(
        "    type: k8s_wait\n    config: { cluster: c, selector: app=web, resource_type: pvc, for: 'jsonpath={.status.phase}=Bound', timeout: 1m }\n",
        &expect![[r#"
            {"type":"k8s_wait","place":{"cluster":"c"},"which":{"selected":{"kind":"pvc","selector":"app=web"}},"conditions":["jsonpath={.status.phase}=Bound"],"any":false,"timeout_ms":60000}
        "#]],
    );
    check(
        "    type: k8s_delete\n    config: { cluster: c, namespace: n, manifest_path: k8s/*.yml, propagation: orphan }\n",
        &expect![[r#"
            {"type":"k8s_delete","place":{"cluster":"c","namespace":"n"},"which":{"of":{"path":"k8s/*.yml"}},"timeout_ms":300000,"ignore_not_found":true,"force":false,"propagation":"orphan","wait":true}
        "#]],
    );
    check(
        "    type: k8s_exec\n    config: { cluster: c, command: \"echo '{{ x }}' b\", pod_selector: app=web, container: web }\n",
        &expect![[r#"
            {"type":"k8s_exec","place":{"cluster":"c"},"pods":{"selected":"app=web"},"container":"web","command":["echo","y\"\n  kind: Secret # {{ secrets.TOKEN }}","b"],"stdin":false,"tty":false,"timeout_ms":300000}
        "#]],
    );
    check(
        "    type: k8s_logs\n    config: { cluster: c, resource_name: web, until: ready, since: 10m }\n",
        &expect![[r#"
            {"type":"k8s_logs","place":{"cluster":"c"},"pods":{"of":"web"},"container":null,"all_containers":false,"tail_lines":100,"since_ms":600000,"follow":true,"previous":false,"timestamps":false,"until":"ready","timeout_ms":300000}
        "#]],
    );
    check(
        "    type: k8s_scale\n    config: { cluster: c, resource_name: web, replicas: '{{ n }}' }\n",
        &expect![[r#"
        {"type":"k8s_scale","place":{"cluster":"c"},"kind":"deployment","name":"web","replicas":3,"current":null,"wait":true,"timeout_ms":300000}
    "#]],
    );
}

#[test]
fn what_is_missing_or_out_of_range_is_named() {
    check(
        "    type: k8s_deploy\n    config: { cluster: c, deployment_spec: { image: a } }\n",
        &expect![[r#"
        error: step `a`, `deployment_spec`: it has no name; give `name` in it, or `resource_name` beside it
    "#]],
    );
    check(
        "    type: k8s_deploy\n    config: { cluster: c, deploy_type: helm }\n",
        &expect![[r#"
        error: step `a`, `deploy_type`: `deploy_type: helm` arrives with Helm; deploy manifests with `manifest_path`, or run `helm` in a `command` step
    "#]],
    );
    check(
        "    type: k8s_wait\n    config: { cluster: c, resource_name: web, timeout: '{{ n }}' }\n",
        &expect![[r#"
        error: step `a`, `timeout`: it must be from 10 to 3600 seconds
    "#]],
    );
}

#[test]
fn files_are_filled_with_what_the_run_knows() {
    let text = "variables: { x: 1, m: { a: [1] }, late: 'v{{ build_number }}' }\nsteps:\n  - { name: a, type: k8s_deploy, config: { cluster: c }, env: { A: b } }\n";
    let resolved = first(text, Map::new()).expect("it resolves");
    let spec = serde_json::to_value(&resolved.spec).expect("a spec");
    expect![[r#"{"x":1,"m":{"a":[1]},"late":"v7","git_branch":"zzz\";echo${IFS}pwned;#","build_number":7,"working_directory":"/w","pipeline":{"name":"shop","build_number":7},"run":{"id":"run_1","trigger":"","by":""},"env":{"A":"b"},"secrets":{"TOKEN":"s3cret"},"steps":{}}"#]].assert_eq(&spec["names"].to_string());
    let resolved = first(&text.replace("cluster: c", "cluster: c, template: false"), Map::new()).expect("it resolves");
    assert_eq!(serde_json::to_value(&resolved.spec).expect("a spec")["names"], json!({}));
}
