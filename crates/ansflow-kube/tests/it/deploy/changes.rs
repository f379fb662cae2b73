//! What a plan says changes is what changes.

use super::{Space, config};
use ansflow_kube::deploy::diff;
use ansflow_kube::object::Obj;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value as Json, json};

/// So many changes, each of an object of its own.
const CHANGES: usize = 200;

fn version() -> impl Strategy<Value = Json> {
    let text = || prop_oneof![Just("a"), Just("b c"), Just("1.10"), Just("{}\n- x"), Just("")].prop_map(str::to_owned);
    let map = |most: usize| prop::collection::btree_map("[a-d]", text(), 0..most);
    let labels = prop::collection::btree_map("[a-d]", "[a-z0-9]{0,2}", 0..3);
    (map(4), labels, map(3), prop::option::of(any::<bool>().prop_filter("set once", |it| !it))).prop_map(
        |(data, labels, annotations, immutable)| {
            json!({ "data": data, "immutable": immutable, "metadata": { "labels": labels, "annotations": annotations } })
        },
    )
}

fn object(at: usize, version: &Json, secret: bool) -> Json {
    let mut object = config(&format!("c-{at}"), "x");
    object["metadata"]["labels"] = version["metadata"]["labels"].clone();
    object["metadata"]["annotations"] = version["metadata"]["annotations"].clone();
    object["data"] = version["data"].clone();
    if let Some(immutable) = version["immutable"].as_bool() {
        object["immutable"] = json!(immutable);
    }
    if secret {
        object["kind"] = json!("Secret");
        object["stringData"] = object["data"].take();
        object.as_object_mut().unwrap().remove("data");
    }
    object
}

#[tokio::test]
async fn the_plan_of_two_hundred_changes_is_what_changes() {
    let space = Space::new().await;
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut versions = || -> Vec<Json> {
        (0..CHANGES).map(|at| object(at, &version().new_tree(&mut runner).unwrap().current(), at % 4 == 0)).collect()
    };
    let (first, second) = (versions(), versions());
    space.deploy(&first).await;
    let plan = space.plan(&second, &space.how()).await.map_err(|it| it.summary).unwrap();
    let (planned, counts) = (plan.diff(), plan.counts());
    let before = all(&space).await;
    let applied = plan.begin();
    space.asking(async |asker| applied.write(asker).await).await.unwrap();
    let after = all(&space).await;
    // In the order of the plan: Secrets first.
    let real: String = before.iter().zip(&after).map(|(before, after)| diff(Some(before), after)).collect();
    assert_eq!(planned, real);
    assert_eq!(applied.diff(), real);
    assert!(counts.changed > CHANGES / 2, "{counts:?}");
    assert_eq!(applied.written().len(), counts.changed);
}

async fn all(space: &Space) -> Vec<Obj> {
    let mut all = Vec::with_capacity(CHANGES);
    for secret in [true, false] {
        for at in (0..CHANGES).filter(|at| (at % 4 == 0) == secret) {
            let kind = if secret { "secrets" } else { "configmaps" };
            all.push(Obj::new(space.get(&format!("{kind}/c-{at}")).await.unwrap()).unwrap());
        }
    }
    all
}
