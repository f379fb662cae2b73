//! The documents' own pipelines against a cluster, where there is no Docker: deployed, waited for, tested in a pod, scaled; and
//! again, as an update. With all their steps they are in `whole.rs`; here the image is one that the cluster has.

use serde_json::{Value as Json, json};

use super::Far;

pub(super) const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../ansflow-core/tests/fixtures/seeds/");

/// A namespace in whose pods the tests' commands have answers.
pub(super) fn answering(far: &Far, name: &str) {
    let answers = json!({
        "python -m pytest tests/integration/": { "stdout": "5 passed\n" },
        "python test_integration.py": { "stdout": "OK\n" },
    });
    let annotations = json!({ "sim.ansflow.io/exec": answers.to_string() });
    let space =
        json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": name, "annotations": annotations } });
    let (code, said) = far.ask("POST", "/api/v1/namespaces", Some(&space));
    assert_eq!(code, 201, "{said}");
}

pub(super) fn container(deployment: &Json) -> &Json {
    &deployment["spec"]["template"]["spec"]["containers"][0]
}

#[test]
fn simulated_the_full_stack_of_the_documents_is_deployed_tested_and_scaled_and_again_as_an_update() {
    let far = Far::new();
    let Some(_faults) = far.cluster.simulated() else { return };
    answering(&far, "development");
    let text = std::fs::read_to_string(format!("{SEEDS}full-stack.yml")).unwrap();
    let (head, steps) = (text.split_once("    # 1. ").unwrap().0, text.split_once("    # 4. ").unwrap().1);
    far.world.write("p.yml", format!("{head}    # 4. {steps}"));
    let run = |number: u32, branch: &str| {
        let image = format!("docker_image=registry.example.com/my-app:{number}");
        let branch = format!("git_branch={branch}");
        far.run("p.yml", "1", &["--var", &image, "--var", &branch])
    };
    let deployment = || far.get("/apis/apps/v1/namespaces/development/deployments/my-app");

    let first = run(1, "main");
    let three = "Deploy to Development success · Wait for Deployment success · Run Integration Tests success";
    assert_eq!(first.story(), format!("{three} · Scale for Production success · run success"), "{first:#?}");
    assert!(first.log("Run Integration Tests").contains(&"5 passed".to_owned()), "{first:#?}");
    let outputs = &first.finished("Deploy to Development")["outputs"];
    assert_eq!((&outputs["created"], &outputs["resource_name"]), (&json!("2"), &json!("my-app")), "{outputs}");
    let now = deployment();
    assert_eq!((&now["spec"]["replicas"], &now["status"]["readyReplicas"]), (&json!(5), &json!(5)));
    let version = json!({ "name": "VERSION", "value": "1" });
    assert!(container(&now)["env"].as_array().unwrap().contains(&version), "{now}");
    let service = far.get("/api/v1/namespaces/development/services/my-app");
    assert_eq!(service["spec"]["ports"][0]["port"], 8080);

    let second = run(2, "topic");
    assert_eq!(second.story(), format!("{three} · Scale for Production skipped · run success"), "{second:#?}");
    let outputs = &second.finished("Deploy to Development")["outputs"];
    assert_eq!((&outputs["changed"], &outputs["revision"]), (&json!("1"), &json!("2")), "{outputs}");
    let now = deployment();
    assert_eq!((&now["spec"]["replicas"], &now["status"]["updatedReplicas"]), (&json!(2), &json!(2)));
    assert_eq!(container(&now)["image"], "registry.example.com/my-app:2");
}

#[test]
fn simulated_manifests_in_the_workspace_are_deployed_by_the_documents_hybrid_pipeline() {
    let far = Far::new();
    let Some(_faults) = far.cluster.simulated() else { return };
    answering(&far, "development");
    let text = std::fs::read_to_string(format!("{SEEDS}hybrid-stages.yml")).unwrap();
    let (build, rest) = text.split_once("        - name: \"构建镜像\"").unwrap();
    let deploy = rest.split_once("    - name: \"Deploy\"").unwrap().1;
    far.world.write("p.yml", format!("{build}    - name: \"Deploy\"{deploy}"));
    let npm = far.world.write("bin/npm", "#!/bin/sh\necho \"npm $*\"\n");
    std::fs::set_permissions(&npm, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    far.world.write(
        "k8s/app.yml",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: my-app }\nspec:\n  replicas: 2\n  \
         selector: { matchLabels: { app: my-app } }\n  template:\n    metadata: { labels: { app: my-app } }\n    spec:\n      \
         containers: [{ name: my-app, image: \"{{ docker_image }}\" }]\n---\napiVersion: v1\nkind: Service\n\
         metadata: { name: my-app }\nspec: { selector: { app: my-app }, ports: [{ port: 80 }] }\n",
    );
    far.world
        .write("k8s/settings.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { a: b }\n");
    let path = format!("{}:{}", far.world.workspace().join("bin").display(), std::env::var("PATH").unwrap());
    let run = |number: u32| {
        let image = format!("docker_image=my-app:{number}");
        let words = ["run", "p.yml", "-o", "json", "--cluster", "local-minikube=kubeconfig", "--var", &image];
        let mut command = far.world.command(&words);
        crate::world::Ended::of({
            command.env("PATH", &path);
            command
        })
    };
    for number in 1..=2 {
        let ended = run(number);
        let story = "构建代码 success · 部署到 K8s success · 集成测试 success · run success";
        assert_eq!(ended.story(), story, "{ended:#?}");
        assert!(ended.log("集成测试").contains(&"OK".to_owned()), "{ended:#?}");
        let outputs = &ended.finished("部署到 K8s")["outputs"];
        let counts = ["created", "changed", "unchanged"].map(|name| outputs[name].as_str().unwrap_or_default());
        assert_eq!(counts, if number == 1 { ["3", "0", "0"] } else { ["0", "1", "2"] }, "{outputs}");
        let deployment = far.get("/apis/apps/v1/namespaces/development/deployments/my-app");
        assert_eq!(container(&deployment)["image"], format!("my-app:{number}"));
    }
}
