//! A wrong image tag: the run has ended with the cause within five seconds of the apply, and its evidence is kept.

use std::time::Instant;

use serde_json::json;

use super::Far;

#[test]
fn a_wrong_tag_ends_the_run_with_its_cause_within_five_seconds() {
    let far = Far::new();
    let namespace = far.namespace();
    let image = format!("{}.nosuch", far.cluster.image("busybox"));
    far.world.write(
        "p.yml",
        format!(
            "steps:\n  - name: deploy\n    type: k8s_deploy\n    config:\n      cluster: far\n      namespace: {}\n      \
             deployment_spec: {{ name: web, image: '{image}', ports: [{{ container_port: 80 }}] }}\n",
            &*namespace
        ),
    );
    let began = Instant::now();
    let ended = far.run("p.yml", "far", &[]);
    let took = began.elapsed();
    assert_eq!(ended.story(), "deploy failed · run failed", "{ended:#?}");
    let verdict = ended.events().into_iter().find(|event| event["event"] == "verdict").unwrap();
    assert_eq!((&verdict["outcome"], &verdict["cause"]), (&json!("failed"), &json!("image_pull")), "{verdict}");
    assert_eq!(ended.finished("deploy")["why"], verdict["summary"]);
    assert!(verdict["object"]["name"].as_str().unwrap().starts_with("web-"), "{verdict}");
    assert!(took.as_secs() < 6, "{took:?} from the start of the command: {ended:#?}");
    let evidence =
        far.world.state().join("ansflow/runs").join(&far.world.runs()[0]).join("attempts/0-1/artifacts/evidence");
    let kept: Vec<_> = std::fs::read_dir(&evidence).unwrap().flatten().map(|entry| entry.file_name()).collect();
    for name in ["verdict.json", "diff.patch", "events.json"] {
        assert!(kept.iter().any(|kept| kept == name), "{name} is not among {kept:?}");
    }
}
