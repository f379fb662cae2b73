//! Deploys of somebody who may do less than everything.

use super::{Space, config};
use ansflow_kube::access::Auth;
use ansflow_kube::{Access, Cluster, Limits};
use serde_json::{Value as Json, json};
use zeroize::Zeroizing;

impl Space {
    /// The same, in the name of an account that may only do this with ConfigMaps.
    async fn of(verbs: &[&str]) -> Space {
        let mut space = Space::new().await;
        let account = json!({ "apiVersion": "v1", "kind": "ServiceAccount", "metadata": { "name": "deployer" } });
        assert_eq!(space.ask("POST", "serviceaccounts", Some(&account)).await.0, 201);
        let rbac = format!("/apis/rbac.authorization.k8s.io/v1/namespaces/{}", &*space.space);
        let role = json!({ "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": { "name": "deployer" },
            "rules": [{ "apiGroups": [""], "resources": ["configmaps"], "verbs": verbs }] });
        assert_eq!(space.world.ask("POST", &format!("{rbac}/roles"), Some(&role)).await.0, 201);
        let binding = json!({ "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": { "name": "deployer" },
            "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "deployer" },
            "subjects": [{ "kind": "ServiceAccount", "name": "deployer", "namespace": &*space.space }] });
        assert_eq!(space.world.ask("POST", &format!("{rbac}/rolebindings"), Some(&binding)).await.0, 201);
        let wish = json!({ "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": { "expirationSeconds": 600 } });
        let (code, token) = space.ask("POST", "serviceaccounts/deployer/token", Some(&wish)).await;
        assert_eq!(code, 201, "{token}");
        let token = token.pointer("/status/token").and_then(Json::as_str).unwrap().to_owned();
        let access = Access { auth: Auth::Token(Zeroizing::new(token)), ..crate::live::access().await };
        space.cluster = Cluster::connect(&access, &Limits::with_loopback()).unwrap();
        space
    }
}

#[tokio::test]
async fn who_may_not_write_is_told_so_before_anything_is_written() {
    let space = Space::of(&["get", "list"]).await;
    let verdict = space.deploy_as(&[config("a", "1")], &space.how()).await.err().unwrap();
    assert_eq!(verdict.cause.as_ref().unwrap().as_str(), "forbidden", "{verdict:#?}");
    assert!(verdict.summary.contains("deployer") && verdict.summary.contains("patch"), "{}", verdict.summary);
    assert_eq!(space.get("configmaps/a").await, None);
}

#[tokio::test]
async fn who_may_write_but_not_read_deploys_and_is_told_what_that_costs() {
    let space = Space::of(&["create", "patch"]).await;
    let mut how = space.how();
    how.create_namespace = true;
    space.deploy_as(&[config("a", "1")], &how).await.map_err(|it| it.summary).unwrap();
    let applied = space.deploy_as(&[config("a", "2")], &how).await.map_err(|it| it.summary).unwrap();
    let lines = applied.plan().lines().join("\n");
    assert!(lines.contains("ConfigMap/a: change; it may not be read"), "{lines}");
    assert_eq!(space.get("configmaps/a").await.unwrap()["data"]["key"], "2");
    let undone = space.asking(async |asker| applied.roll_back(asker).await).await;
    assert_eq!(undone.left, ["ConfigMap/a stays: it could not be read before it was changed"]);
}
