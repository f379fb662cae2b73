//! Holes that are ours, and braces that are others'.

use super::{Space, names};
use crate::deploy::spec::manifests;
use ansflow_core::spec::{ContainerPort, DeploymentSpec, Source};
use serde_json::{Value as Json, json};

/// `data` of a ConfigMap with this text below it, and the notes.
fn filled(data: &str) -> Result<(Json, Vec<String>), Vec<String>> {
    let space = Space::new(&[("a.yaml", &format!("apiVersion: x/v1\nkind: Any\nmetadata:\n  name: a\ndata:\n{data}"))]);
    let reading = space.read(&Source::Path("a.yaml".to_owned()), Some(&names()))?;
    Ok((reading.manifests[0].object.map().get("data").unwrap().clone(), reading.notes))
}

#[test]
fn names_of_the_run_are_filled_in_quotes_and_without() {
    let text = "  a: \"{{docker_image}}\"\n  b: r/{{ branch }}:{{ pipeline.build_number }}\n  c: {{ build_number }}\n  d: '{{ build_number }}'\n  e: {{ branch }} # why\n  f: {{ version }}\n  g: {{ on }}\n  h: {{ default(tag, \"it's\") }}\n  i:\n  - {{ build_number }}\n  j: {{ list }}\n  k: {{ build_number }}m\n";
    let expected = json!({ "a": "r.example.com/shop:7", "b": "r/main:7", "c": 7, "d": "7", "e": "main", "f": 1.1, "g": true,
        "h": "it's", "i": [7], "j": ["a", "b"], "k": "7m" });
    assert_eq!(filled(text).unwrap(), (expected, Vec::new()));
}

#[test]
fn braces_of_others_stay_and_are_counted() {
    let text = "  a: \"{{ $value }} {{ .Values.x }} {{ branch }}\"\n  b: |\n    - {{ range .Items }}\n    c: {{ $labels.pod }} {{ branch }}\n  d: '{{workflow.name}}-{{ \"}}\" }}-{{ unclosed'\n";
    let (data, notes) = filled(text).unwrap();
    let expected = json!({ "a": "{{ $value }} {{ .Values.x }} main", "b": "- {{ range .Items }}\nc: {{ $labels.pod }} main\n",
        "d": "{{workflow.name}}-}}-{{ unclosed" });
    assert_eq!(data, expected);
    assert_eq!(notes, ["6 `{{ … }}` use names that this run does not know, and stay as they are written"]);
}

#[test]
fn a_bare_hole_that_nobody_knows_is_told_with_its_line() {
    let told = filled("  a: {{ nobody }}\n").unwrap_err();
    assert_eq!(
        told,
        ["a.yaml:6: `{{ nobody }}` uses a name that this run does not know; in quotes it would be left as it is"]
    );
    let told = filled("  a: 'x{{ zero }}'\n").unwrap_err();
    assert_eq!(told, ["a.yaml:6: null cannot be put into text"]);
}

#[test]
fn a_value_that_has_braces_is_not_looked_at_again() {
    let mut names = names();
    names.insert("branch".to_owned(), json!("{{ docker_image }}: [x"));
    let space = Space::new(&[(
        "a.yaml",
        "apiVersion: x/v1\nkind: Any\nmetadata: {name: a}\ndata:\n  a: \"{{ branch }}\"\n  b: {{ branch }}\n",
    )]);
    let reading = space.read(&Source::Path("a.yaml".to_owned()), Some(&names)).unwrap();
    let data = reading.manifests[0].object.map().get("data").unwrap().clone();
    assert_eq!(data, json!({ "a": "{{ docker_image }}: [x", "b": "{{ docker_image }}: [x" }));
}

#[test]
fn without_templates_every_brace_stays() {
    let space =
        Space::new(&[("a.yaml", "apiVersion: x/v1\nkind: Any\nmetadata: {name: a}\ndata: {a: '{{ branch }}'}\n")]);
    let reading = space.read(&Source::Path("a.yaml".to_owned()), None).unwrap();
    assert_eq!(reading.manifests[0].object.text(&["data", "a"]), Some("{{ branch }}"));
}

/// Step 4 of the first implementation's own example.
fn seed() -> DeploymentSpec {
    DeploymentSpec {
        name: "my-app".to_owned(),
        image: "registry.example.com/my-app:7".to_owned(),
        replicas: 2,
        ports: vec![ContainerPort { container_port: 8080, name: None, protocol: "TCP".to_owned() }],
        environment: [("NODE_ENV", "production"), ("VERSION", "7")].map(|(n, v)| (n.to_owned(), v.to_owned())).into(),
        requests: Vec::new(),
        limits: vec![("cpu".to_owned(), "500m".to_owned())],
        labels: vec![("team".to_owned(), "shop".to_owned())],
    }
}

#[test]
fn a_deployment_in_a_few_words_is_a_deployment_and_with_ports_a_service() {
    let both = manifests(&seed()).into_iter().map(|it| Json::Object(it.object.map().clone())).collect::<Vec<_>>();
    let labels = json!({ "app": "my-app", "team": "shop" });
    let deployment = json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": "my-app", "labels": labels },
        "spec": { "replicas": 2, "selector": { "matchLabels": { "app": "my-app" } }, "template": {
            "metadata": { "labels": labels },
            "spec": { "containers": [{
                "name": "my-app", "image": "registry.example.com/my-app:7",
                "ports": [{ "name": "port-8080", "containerPort": 8080, "protocol": "TCP" }],
                "env": [{ "name": "NODE_ENV", "value": "production" }, { "name": "VERSION", "value": "7" }],
                "resources": { "limits": { "cpu": "500m" } },
            }] },
        } },
    });
    let service = json!({
        "apiVersion": "v1", "kind": "Service", "metadata": { "name": "my-app", "labels": labels },
        "spec": { "selector": { "app": "my-app" },
            "ports": [{ "name": "port-8080", "port": 8080, "targetPort": 8080, "protocol": "TCP" }] },
    });
    assert_eq!(both, [deployment, service]);
    assert_eq!(manifests(&DeploymentSpec { ports: Vec::new(), ..seed() }).len(), 1);
}
