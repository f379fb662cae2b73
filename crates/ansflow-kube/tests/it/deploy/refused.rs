//! One refusal, and nothing is written.

use super::{Space, config, deployment};
use ansflow_core::verdict::{EvidenceFrom, Verdict};
use serde_json::{Value as Json, json};

/// Deploys this beside a ConfigMap that nobody would refuse; the verdict, and nothing written.
async fn refused(space: &Space, object: Json) -> Verdict {
    let verdict = space.deploy_as(&[config("beside", "1"), object], &space.how()).await.err().map(|it| *it).unwrap();
    assert_eq!(space.get("configmaps/beside").await, None, "{verdict:#?}");
    assert!(verdict.remarks.iter().any(|remark| remark == "nothing was written"), "{verdict:#?}");
    verdict
}

fn cause(verdict: &Verdict) -> &str {
    verdict.cause.as_ref().unwrap().as_str()
}

#[tokio::test]
async fn fields_of_others_are_named_with_their_manager_and_both_values() {
    let space = Space::new().await;
    let path = "configmaps/a?fieldManager=kubectl&fieldValidation=Strict";
    let (code, _) = space.ask("POST", "configmaps?fieldManager=kubectl", Some(&config("a", "theirs"))).await;
    assert_eq!(code, 201, "{path}");
    let verdict = refused(&space, config("a", "ours")).await;
    assert_eq!(cause(&verdict), "field_conflict");
    assert!(verdict.summary.contains("kubectl") && verdict.summary.contains("data.key"), "{}", verdict.summary);
    let told = verdict.evidence.iter().find(|it| it.from == EvidenceFrom::Diff).unwrap();
    assert_eq!(told.text, "data.key: `kubectl` has theirs, the manifest ours");
    assert!(verdict.remarks[0].contains("ConfigMap/a is written at manifest_content:2"), "{:?}", verdict.remarks);
    let mut how = space.how();
    how.force_conflicts = true;
    space.deploy_as(&[config("a", "ours")], &how).await.map_err(|it| it.summary).unwrap();
    assert_eq!(space.get("configmaps/a").await.unwrap()["data"]["key"], "ours");
}

#[tokio::test]
async fn what_cannot_be_changed_is_found_before_anything_is_written_and_made_anew_where_that_is_asked_for() {
    let space = Space::new().await;
    let job = |text: &str| {
        json!({ "apiVersion": "batch/v1", "kind": "Job", "metadata": { "name": "migrate" }, "spec": { "template": { "spec": {
            "restartPolicy": "Never", "terminationGracePeriodSeconds": 1,
            "containers": [{ "name": "app", "image": space.world.image("busybox"), "command": ["sh", "-c", text] }] } } } })
    };
    space.deploy(&[job("echo v1")]).await;
    let uid = space.get("batch/jobs/migrate").await.unwrap()["metadata"]["uid"].clone();
    let verdict = refused(&space, job("echo v2")).await;
    assert_eq!(cause(&verdict), "immutable_field", "{verdict:#?}");
    let mut how = space.how();
    how.recreate_immutable = true;
    let applied = space.deploy_as(&[job("echo v2")], &how).await.map_err(|it| it.summary).unwrap();
    assert_eq!(applied.plan().lines()[0], "Job/migrate: delete and create anew");
    let now = space.get("batch/jobs/migrate").await.unwrap();
    assert_ne!(now["metadata"]["uid"], uid);
    assert_eq!(now.pointer("/spec/template/spec/containers/0/command/2"), Some(&json!("echo v2")));
    assert!(space.told().contains("Job/migrate is deleted, and made anew"));
}

#[tokio::test]
async fn a_claim_is_never_made_anew() {
    let space = Space::new().await;
    let claim = |size: &str| {
        json!({ "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": { "name": "data" },
            "spec": { "accessModes": ["ReadWriteOnce"], "storageClassName": size, "resources": { "requests": { "storage": "1Gi" } } } })
    };
    space.deploy(&[claim("a")]).await;
    let mut how = space.how();
    how.recreate_immutable = true;
    let verdict = space.deploy_as(&[claim("b")], &how).await.err().unwrap();
    assert_eq!(cause(&verdict), "immutable_field", "{verdict:#?}");
}

#[tokio::test]
async fn a_misspelled_field_a_kind_that_nobody_knows_and_a_wrong_value_are_told_by_name() {
    let space = Space::new().await;
    let mut web = deployment("web", "nginx:1.22", 1);
    web["spec"]["template"]["spec"]["containers"][0]["imagePullpolicy"] = json!("Never");
    let verdict = refused(&space, web).await;
    assert_eq!(cause(&verdict), "invalid_manifest");
    assert!(verdict.summary.contains("imagePullpolicy"), "{}", verdict.summary);
    let verdict = refused(
        &space,
        json!({ "apiVersion": "cert-manager.io/v1", "kind": "Certificate", "metadata": { "name": "web" } }),
    )
    .await;
    assert_eq!(
        (cause(&verdict), verdict.object.clone().unwrap().to_string().as_str()),
        ("unknown_kind", "Certificate/web")
    );
    assert!(verdict.summary.contains("cert-manager.io/v1"), "{}", verdict.summary);
    let verdict = refused(&space, deployment("web", "nginx:1.22", -1)).await;
    assert_eq!(cause(&verdict), "invalid_manifest", "{verdict:#?}");
}

#[tokio::test]
async fn several_refusals_are_told_together() {
    let space = Space::new().await;
    let bad =
        |name: &str| json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": name }, "nonsense": 1 });
    let verdict = space.deploy_as(&[bad("a"), config("ok", "1"), bad("b")], &space.how()).await.err().unwrap();
    assert!(
        verdict.summary.contains("ConfigMap/a") && verdict.remarks.iter().any(|it| it.contains("ConfigMap/b")),
        "{verdict:#?}"
    );
    assert_eq!(space.get("configmaps/ok").await, None);
}

#[tokio::test]
async fn simulated_a_webhook_that_is_coming_up_is_asked_again_and_one_that_is_gone_is_not() {
    let space = Space::new().await;
    let Some(faults) = space.world.simulated() else { return };
    let Some(well) = space.world.simulated() else { return };
    let (name, hook) = (format!("policy-{}", &*space.space), format!("x.{}.example.com", &*space.space));
    let configuration = json!({ "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration",
        "metadata": { "name": name }, "webhooks": [{ "name": hook, "failurePolicy": "Fail", "sideEffects": "None",
            "admissionReviewVersions": ["v1"], "clientConfig": { "service": { "name": "policy", "namespace": &*space.space, "port": 443 } },
            "namespaceSelector": { "matchLabels": { "kubernetes.io/metadata.name": &*space.space } },
            "rules": [{ "apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["configmaps"], "scope": "*" }] }] });
    let root = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
    assert_eq!(space.world.ask("POST", root, Some(&configuration)).await.0, 201);
    let verdict = space.deploy_as(&[config("a", "1")], &space.how()).await.err().unwrap();
    assert_eq!(cause(&verdict), "webhook_unreachable", "{verdict:#?}");
    let service = json!({ "apiVersion": "v1", "kind": "Service", "metadata": { "name": "policy" }, "spec": { "ports": [{ "port": 443 }] } });
    let both = space.plan(&[config("a", "1"), service.clone()], &space.how()).await.map_err(|it| it.summary).unwrap();
    let line = "ConfigMap/a: write, not tried before: its webhook's Service/policy comes with this deploy";
    assert!(both.lines().contains(&line.to_owned()), "{:?}", both.lines());
    space.deploy(&[service]).await;
    faults.put(json!({ "on": { "webhook": hook }, "what": { "webhook": "refused" } }));
    let (how, config) = (space.how(), [config("a", "1")]);
    let (planned, ()) = tokio::join!(space.plan(&config, &how), async {
        let mut requests = faults.sim().requests();
        while requests.recv().await.is_ok_and(|asked| asked.code != 500) {}
        well.put(json!({ "on": { "webhook": hook }, "what": { "webhook": "allow" } }));
        faults.clear();
    });
    assert!(planned.is_ok(), "{:#?}", planned.err());
    space.world.ask("DELETE", &format!("{root}/{name}"), None).await;
}

#[tokio::test]
async fn simulated_a_cluster_that_does_not_answer_is_asked_again_and_that_is_told_once() {
    let space = Space::new().await;
    let Some(faults) = space.world.simulated() else { return };
    faults.put(json!({ "on": { "namespace": &*space.space, "verb": "patch" }, "what": { "http": { "reset": true, "times": 3 } } }));
    faults.put(json!({ "on": { "namespace": &*space.space, "verb": "get" }, "what": { "http": { "status": 503, "times": 2 } } }));
    space.deploy(&[config("a", "1"), config("b", "2")]).await;
    assert_eq!(
        space.told().matches("it is asked again").count(),
        space.told().matches("answers again").count(),
        "{}",
        space.told()
    );
    assert!(space.told().contains("it is asked again"), "{}", space.told());
}

#[tokio::test]
async fn simulated_a_refused_deploy_sends_no_write() {
    let space = Space::new().await;
    let Some(faults) = space.world.simulated() else { return };
    let mut requests = faults.sim().requests();
    let bad = json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "bad" }, "nonsense": 1 });
    assert!(space.deploy_as(&[config("good", "1"), bad, deployment("web", "nginx", 1)], &space.how()).await.is_err());
    let mut asked = Vec::new();
    while let Ok(request) = requests.try_recv() {
        asked.extend(request.path.contains(&*space.space).then_some(request));
    }
    let writes = asked.iter().filter(|it| it.method != "GET" && !it.path.contains("dryRun=All")).count();
    assert!(writes == 0 && asked.len() >= 6, "{asked:?}");
}
