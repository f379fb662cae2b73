//! Deploys to a live cluster, real or simulated.

mod apply;
mod changes;
mod prune;
mod refused;
mod rights;
mod rollback;
mod size;
mod whole;

use ansflow_core::spec::Source;
use ansflow_core::verdict::Verdict;
use ansflow_kube::Cluster;
use ansflow_kube::deploy::{Applied, Asker, Dir, How, Manifest, Plan, plan, read};
use ansflow_sim::testing::{self, Namespace};
use serde_json::{Map, Value as Json, json};
use std::sync::Mutex;
use std::time::Duration;
use tokio::time::Instant;

/// A namespace of a test, and who deploys to it.
pub(crate) struct Space {
    pub(crate) space: Namespace,
    pub(crate) cluster: Cluster,
    pub(crate) world: &'static testing::Cluster,
    pub(crate) told: Mutex<Vec<String>>,
}

impl Space {
    pub(crate) async fn new() -> Space {
        let world = testing::Cluster::get().await;
        let cluster = crate::live::cluster().await;
        Space { space: world.namespace().await, cluster, world, told: Mutex::default() }
    }

    pub(crate) fn how(&self) -> How {
        How {
            namespace: self.space.to_string(),
            create_namespace: false,
            force_conflicts: false,
            recreate_immutable: false,
        }
    }

    /// Asks in the name of a deploy that has half a minute.
    pub(crate) async fn asking<T>(&self, ask: impl AsyncFnOnce(&Asker<'_>) -> T) -> T {
        let tell = |line: &str| self.told.lock().unwrap().push(line.to_owned());
        let asker = Asker::new(&self.cluster, Instant::now() + Duration::from_secs(30), &tell);
        ask(&asker).await
    }

    pub(crate) async fn plan(&self, objects: &[Json], how: &How) -> Result<Plan, Box<Verdict>> {
        self.asking(async |asker| plan(asker, manifests(objects, &how.namespace), how).await).await
    }

    pub(crate) async fn deploy_as(&self, objects: &[Json], how: &How) -> Result<Applied, Box<Verdict>> {
        let applied = self.plan(objects, how).await?.begin();
        self.asking(async |asker| applied.write(asker).await).await?;
        Ok(applied)
    }

    pub(crate) async fn deploy(&self, objects: &[Json]) -> Applied {
        self.deploy_as(objects, &self.how()).await.unwrap_or_else(|verdict| panic!("{verdict:#?}"))
    }

    /// `/api/v1/namespaces/NS/configmaps/a` for `configmaps/a`; `apps/deployments/web`.
    pub(crate) fn path(&self, what: &str) -> String {
        let root = match what.split_once('/') {
            Some((group @ ("apps" | "batch"), rest)) => {
                return format!("/apis/{group}/v1/namespaces/{}/{rest}", self.space);
            }
            _ => "/api/v1",
        };
        format!("{root}/namespaces/{}/{what}", self.space)
    }

    pub(crate) async fn ask(&self, method: &str, what: &str, body: Option<&Json>) -> (u16, Json) {
        self.world.ask(method, &self.path(what), body).await
    }

    pub(crate) async fn get(&self, what: &str) -> Option<Json> {
        let (code, object) = self.ask("GET", what, None).await;
        (code == 200).then_some(object)
    }

    /// Its version, by which one sees whether anybody wrote.
    pub(crate) async fn version(&self, what: &str) -> String {
        self.get(what).await.unwrap().pointer("/metadata/resourceVersion").unwrap().to_string()
    }

    pub(crate) fn told(&self) -> String {
        self.told.lock().unwrap().join("\n")
    }
}

pub(crate) fn manifests(objects: &[Json], namespace: &str) -> Vec<Manifest> {
    let dir = Dir { workspace: "/nowhere".into(), directory: "/nowhere".into() };
    let reading = read(&Source::Inline(objects.to_vec()), &dir, namespace, &Map::new());
    reading.unwrap_or_else(|problems| panic!("{problems:?}")).manifests
}

/// What somebody asked for, without what the server writes.
pub(crate) fn content(object: &Json) -> Json {
    let mut object = object.clone();
    object.as_object_mut().unwrap().remove("status");
    object.as_object_mut().unwrap().remove("metadata");
    object
}

pub(crate) fn config(name: &str, value: &str) -> Json {
    json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": name }, "data": { "key": value } })
}

pub(crate) fn deployment(name: &str, image: &str, replicas: i64) -> Json {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": name },
        "spec": { "replicas": replicas, "selector": { "matchLabels": { "app": name } }, "template": {
            "metadata": { "labels": { "app": name } },
            "spec": { "terminationGracePeriodSeconds": 1, "containers": [{ "name": "app", "image": image }] },
        } },
    })
}
