//! Files, folders, patterns; documents and lists; what is refused.

use super::{Space, map, told};
use ansflow_core::spec::Source;
use serde_json::json;
use std::os::unix::fs::symlink;

#[test]
fn a_file_a_folder_and_a_pattern_are_read_in_the_order_of_their_names() {
    let two = format!("{}---\n# nothing\n---\n{}", map("a"), map("b"));
    let space = Space::new(&[
        ("k8s/10.yaml", &two),
        ("k8s/sub/x.json", r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"}}"#),
        ("k8s/20.yml", &map("c")),
        ("k8s/.hidden.yaml", "nonsense: ["),
        ("k8s/README.md", "words"),
    ]);
    assert_eq!(
        space.told("k8s"),
        "ConfigMap/a@k8s/10.yaml:1 ConfigMap/b@k8s/10.yaml:8 ConfigMap/c@k8s/20.yml:1 ConfigMap/x@k8s/sub/x.json:1"
    );
    assert_eq!(space.told("./k8s/20.yml"), "ConfigMap/c@./k8s/20.yml:1");
    assert_eq!(space.told("k8s/*.yml"), "ConfigMap/c@k8s/20.yml:1");
    assert_eq!(space.told("./k8s/**/x.*"), "ConfigMap/x@k8s/sub/x.json:1");
    assert_eq!(space.told("k8s/*.toml"), "k8s/*.toml: no file that ends with .yml, .yaml or .json fits this pattern");
    assert_eq!(told(&space.read(&Source::Look, None).unwrap()).split(' ').count(), 4);
}

#[test]
fn lists_are_taken_apart_and_each_item_has_its_line() {
    let list = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a}\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: b}\n";
    let typed = "apiVersion: v1\nkind: ConfigMapList\nitems:\n- metadata: {name: c}\n";
    let space = Space::new(&[("all.yaml", list), ("typed.yaml", typed)]);
    assert_eq!(space.told("all.yaml"), "ConfigMap/a@all.yaml:4 Secret/b@all.yaml:7");
    assert_eq!(space.told("typed.yaml"), "ConfigMap/c@typed.yaml:4");
    let inline = Source::Inline(vec![
        json!({ "apiVersion": "v1", "kind": "ConfigMapList", "items": [{ "metadata": { "name": "d" } }] }),
    ]);
    assert_eq!(told(&space.read(&inline, None).unwrap()), "ConfigMap/d@manifest_content");
}

#[test]
fn a_copy_of_a_live_object_is_a_manifest() {
    let live = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  uid: u\n  resourceVersion: '7'\n  creationTimestamp: null\n  managedFields: []\ndata: {mode: x}\nstatus: {}\n";
    let space = Space::new(&[("a.yaml", live)]);
    let reading = space.read(&Source::Path("a.yaml".to_owned()), None).unwrap();
    let expected =
        json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "a" }, "data": { "mode": "x" } });
    assert_eq!(serde_json::to_value(reading.manifests[0].object.map()).unwrap(), expected);
}

#[test]
fn texts_of_a_secret_are_put_where_the_server_keeps_them() {
    let secret = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n  annotations: {deployment.kubernetes.io/revision: '3', mine: x}\ndata: {a: YQ==, b: YQ==}\nstringData: {b: b, c: c}\n";
    let space = Space::new(&[("a.yaml", secret)]);
    let reading = space.read(&Source::Path("a.yaml".to_owned()), None).unwrap();
    let expected = json!({ "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "a", "annotations": { "mine": "x" } },
        "data": { "a": "YQ==", "b": "Yg==", "c": "Yw==" } });
    assert_eq!(serde_json::to_value(reading.manifests[0].object.map()).unwrap(), expected);
}

#[test]
fn modes_are_octal_as_they_are_for_kubectl() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {defaultMode: 0755, other: 0o755, plain: 755, text: '0755', no: 089}\n";
    let space = Space::new(&[("a.yaml", text)]);
    let reading = space.read(&Source::Path("a.yaml".to_owned()), None).unwrap();
    let spec = reading.manifests[0].object.map().get("spec").unwrap();
    assert_eq!(spec, &json!({ "defaultMode": 493, "other": 493, "plain": 755, "text": "0755", "no": 89 }));
}

#[test]
fn two_of_a_name_are_refused_with_both_places() {
    let again = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: shop\n";
    let space = Space::new(&[("k8s/a.yaml", &map("a")), ("k8s/b.yaml", again)]);
    assert_eq!(space.told("k8s"), "k8s/b.yaml:1: ConfigMap/a is there twice; it is also at k8s/a.yaml:1");
}

#[test]
fn what_is_no_manifest_is_told_with_its_line_and_what_to_do() {
    let check = |text: &str, expected: &str| {
        let space = Space::new(&[("a.yaml", text)]);
        assert_eq!(space.told("a.yaml"), expected);
    };
    check("- 1\n", "a.yaml:1: this is no object of Kubernetes; an object is a map");
    check("\n\na: 1\n", "a.yaml:3: this is no object of Kubernetes: it has no `kind`");
    check("kind: Pod\n", "a.yaml:1: this Pod has no `apiVersion`");
    check("# nothing\n---\n", "manifests: there is no object in them");
    check(
        "apiVersion: v1\nkind: Pod\nmetadata: {generateName: a-}\n",
        "a.yaml:1: this Pod has no `metadata.name`; an object that is made anew each time cannot be applied; give it a name",
    );
    check(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {version: 1.10}}\n",
        "a.yaml:1: Pod/a: `metadata.labels.version` must be text; put it in quotes",
    );
    check(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{env: [{name: PORT, value: 80}]}]}\n",
        "a.yaml:1: Pod/a: `env[PORT].value` must be text; put it in quotes",
    );
    let space = Space::new(&[("a.yaml", "a: 1\n---\nb: [\n")]);
    assert!(space.told("a.yaml").contains("a.yaml:3") || space.told("a.yaml").contains("a.yaml:4"));
}

#[test]
fn kustomize_and_charts_are_refused_with_the_way_to_do_it() {
    let space = Space::new(&[("k8s/base/kustomization.yaml", "resources: []\n"), ("k8s/a.yaml", &map("a"))]);
    assert_eq!(
        space.told("k8s"),
        "k8s/base/kustomization.yaml: this folder is for kustomize, which AnsFlow does not run; write its output in a step before, `kubectl kustomize k8s/base > manifests.yaml`, and deploy that"
    );
    let space = Space::new(&[("Chart.yaml", "name: a\n")]);
    let told = space.read(&Source::Look, None).err().unwrap().join("\n");
    assert!(
        told.starts_with("Chart.yaml: this folder is a Helm chart; `deploy_type: helm` is not there yet"),
        "{told}"
    );
    let told = Space::new(&[]).read(&Source::Look, None).err().unwrap().join("\n");
    assert!(told.contains("no folder `k8s/`"), "{told}");
}

#[test]
fn no_way_of_writing_a_path_leads_out_of_the_workspace() {
    let space = Space::new(&[("k8s/a.yaml", &map("a"))]);
    let (outside, app) = (space.path().join("secret.yaml"), space.path().join("work/app"));
    std::fs::write(&outside, map("secret")).unwrap();
    std::fs::write(space.path().join("work/beside.yaml"), map("beside")).unwrap();
    symlink(&outside, app.join("link.yaml")).unwrap();
    symlink(&outside, app.join("k8s/b.yaml")).unwrap();
    symlink(space.path(), app.join("up")).unwrap();
    symlink("/", app.join("root")).unwrap();
    let absolute = outside.display().to_string();
    for path in [
        "../../secret.yaml",
        "link.yaml",
        "k8s",
        "up/secret.yaml",
        "up",
        "root/etc/hostname",
        &absolute,
        "k8s/../../../secret.yaml",
        "up/*.yaml",
        "../../*.yaml",
    ] {
        let told = space.told(path);
        assert!(told.ends_with("it lies outside the workspace"), "{path}: {told}");
    }
    assert_eq!(space.told("../beside.yaml"), "ConfigMap/beside@../beside.yaml:1");
    assert_eq!(space.told("nowhere"), "nowhere: there is no such file or folder in the step's directory");
    assert_eq!(space.told(""), "manifest_path: this is no path");
}
