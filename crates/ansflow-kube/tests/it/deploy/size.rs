//! Many objects at once.

use super::{Space, config, deployment};
use ansflow_kube::goal::Goal;
use ansflow_kube::judge::judge;
use ansflow_kube::object::Obj;
use serde_json::Value as Json;
use std::time::Instant;

/// So many objects are one deploy.
const OBJECTS: usize = 500;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_five_hundred_objects_are_applied_and_judged_within_five_seconds() {
    let space = Space::new().await;
    let image = space.world.image("web");
    let objects: Vec<Json> = (0..OBJECTS)
        .map(|at| match at % 10 {
            0 => deployment(&format!("d-{at}"), &image, 0),
            _ => config(&format!("c-{at}"), "1"),
        })
        .collect();
    let began = Instant::now();
    let plan = space.plan(&objects, &space.how()).await.map_err(|it| it.summary).unwrap();
    let planned = began.elapsed();
    let applied = plan.begin();
    space.asking(async |asker| applied.write(asker).await).await.unwrap();
    let written = began.elapsed();
    ready(&space, applied.goal(0)).await;
    let ready = began.elapsed();
    println!("500 objects: planned {planned:.2?}, written {written:.2?}, ready {ready:.2?}");
    // A build without optimisation is about five times slower.
    let limit = if cfg!(debug_assertions) { 25 } else { 5 };
    assert!(ready.as_secs() < limit, "planned {planned:.2?}, written {written:.2?}, ready {ready:.2?}");
}

/// Asks until every object of the goal is ready.
async fn ready(space: &Space, goal: Goal) {
    let mut wants = goal.wants;
    while !wants.is_empty() {
        let (_, all) = space.ask("GET", "apps/deployments", None).await;
        let is_ready = |name: &str| {
            let found = all["items"].as_array().unwrap().iter().find(|it| it["metadata"]["name"] == name).unwrap();
            let mut object = found.clone();
            object["apiVersion"] = "apps/v1".into();
            object["kind"] = "Deployment".into();
            judge(&Obj::new(object).unwrap()).is_ready()
        };
        wants.retain(|want| !is_ready(&want.key.name));
    }
}
