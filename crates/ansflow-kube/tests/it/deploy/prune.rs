//! Pruning deletes what the same step deployed before, and nothing else.

use super::{Space, config};
use ansflow_kube::deploy::{Owner, Pruned, prune};
use serde_json::{Value as Json, json};

impl Space {
    async fn pruned(&self, objects: &[Json], step: &str) -> Pruned {
        let applied = self.deploy(objects).await;
        let owner = Owner { pipeline: "shop".to_owned(), step: step.to_owned() };
        self.asking(async |asker| prune(asker, &applied, &self.space, &owner).await).await.unwrap()
    }

    async fn names(&self) -> String {
        let (_, all) = self.ask("GET", "configmaps", None).await;
        let names = all["items"].as_array().unwrap().iter().map(|it| it["metadata"]["name"].as_str().unwrap());
        names.filter(|name| !name.contains("root-ca") && !name.starts_with("ansflow-")).collect::<Vec<_>>().join(" ")
    }
}

fn names(pruned: &Pruned) -> String {
    pruned.deleted.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn what_a_step_no_longer_has_goes_and_what_others_have_stays() {
    let space = Space::new().await;
    space.ask("POST", "configmaps", Some(&config("theirs", "1"))).await;
    let mut kept = config("kept", "1");
    kept["metadata"]["annotations"] = json!({ "ansflow.io/prune": "false" });
    let first = space.pruned(&[config("a", "1"), config("b", "1"), kept], "Deploy to shop").await;
    assert_eq!(first, Pruned::default());
    let other = space.pruned(&[config("other", "1")], "another step").await;
    assert_eq!(other, Pruned::default());
    let second = space.pruned(&[config("a", "1")], "Deploy to shop").await;
    assert_eq!(names(&second), "ConfigMap/b");
    assert_eq!(second.left, ["ConfigMap/kept stays: `ansflow.io/prune: \"false\"` stands on it"]);
    assert_eq!(space.names().await, "a kept other theirs");
    let third = space.pruned(&[config("a", "1")], "Deploy to shop").await;
    assert_eq!((names(&third).as_str(), third.left.len()), ("", 1));
}

#[tokio::test]
async fn an_inventory_that_somebody_wrote_into_reaches_nothing_of_others() {
    let space = Space::new().await;
    space.pruned(&[config("a", "1")], "step").await;
    let (_, theirs) = space.ask("POST", "configmaps", Some(&config("theirs", "1"))).await;
    let uid = theirs["metadata"]["uid"].as_str().unwrap();
    let (_, all) = space.ask("GET", "configmaps", None).await;
    let inventory = all["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["metadata"]["name"].as_str().unwrap().starts_with("ansflow-step-"))
        .unwrap();
    let name = inventory["metadata"]["name"].as_str().unwrap();
    let ns = &*space.space;
    let lines = format!(
        "{}/ConfigMap/{ns}/theirs/{uid}\n/Namespace//{ns}/u\n/ConfigMap/{ns}/gone/u\nnonsense\n/ConfigMap/{ns}/a/another\n",
        ""
    );
    let mut changed = inventory.clone();
    changed["apiVersion"] = json!("v1");
    changed["kind"] = json!("ConfigMap");
    changed["data"]["objects"] = json!(lines);
    assert_eq!(space.ask("PUT", &format!("configmaps/{name}"), Some(&changed)).await.0, 200);
    let pruned = space.pruned(&[config("b", "1")], "step").await;
    assert_eq!(names(&pruned), "");
    assert_eq!(pruned.left.len(), 2, "{:?}", pruned.left);
    assert_eq!(space.names().await, "a b theirs");
}
