//! Many objects at once.

use super::whole::Ear;
use super::{Space, config, deployment};
use ansflow_core::verdict::End;
use ansflow_kube::follow::{follow, now};
use serde_json::Value as Json;
use std::future::pending;
use std::time::Instant;

/// So many objects are one deploy.
const OBJECTS: usize = 500;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_five_hundred_objects_are_applied_and_judged_within_five_seconds() {
    let space = Space::new().await;
    let image = space.world.image("web");
    let objects: Vec<Json> = (0..OBJECTS)
        .map(|at| match at % 10 {
            0 => deployment(&format!("d-{at}"), &image, 1),
            _ => config(&format!("c-{at}"), "1"),
        })
        .collect();
    let began = Instant::now();
    let plan = space.plan(&objects, &space.how()).await.map_err(|it| it.summary).unwrap();
    let planned = began.elapsed();
    let (applied, since) = (plan.begin(), now());
    space.asking(async |asker| applied.write(asker).await).await.unwrap();
    let written = began.elapsed();
    let followed = follow(&space.cluster, applied.goal(since), &Ear::default(), pending()).await;
    assert_eq!(followed.verdict.outcome, End::Ready, "{:#?}", followed.verdict);
    let ready = began.elapsed();
    println!("500 objects: planned {planned:.2?}, written {written:.2?}, ready {ready:.2?}");
    // A build without optimisation is about five times slower.
    let limit = if cfg!(debug_assertions) { 25 } else { 5 };
    assert!(ready.as_secs() < limit, "planned {planned:.2?}, written {written:.2?}, ready {ready:.2?}");
}
