//! A scenario, played, and judged as a recording of it would be.

use super::cluster::{Cluster, path_of};
use super::scenarios::{Act, NAMESPACE, Scenario};
use ansflow_core::verdict::Verdict;
use ansflow_kube::object::Obj;
use ansflow_kube::replay::{Line, Outcome, Recording, Write, replay};
use ansflow_kube::world::Log;
use futures_util::future::join_all;
use serde_json::{Value as Json, json};

/// How it was judged, and when.
pub(crate) struct Played {
    pub(crate) verdict: Verdict,
    pub(crate) at: i64,
}

const KINDS: [&str; 13] = [
    "apis/apps/v1/namespaces/@/deployments",
    "apis/apps/v1/namespaces/@/replicasets",
    "apis/apps/v1/namespaces/@/statefulsets",
    "apis/apps/v1/namespaces/@/daemonsets",
    "apis/apps/v1/namespaces/@/controllerrevisions",
    "apis/batch/v1/namespaces/@/jobs",
    "api/v1/namespaces/@/pods",
    "api/v1/namespaces/@/events",
    "api/v1/namespaces/@/persistentvolumeclaims",
    "api/v1/namespaces/@/configmaps",
    "api/v1/namespaces/@/secrets",
    "api/v1/namespaces/@/resourcequotas",
    "api/v1/nodes",
];

/// The moments at which somebody looks whether it is over.
const LOOKS: [i64; 6] = [6_000, 16_000, 50_000, 110_000, 200_000, 302_000];

pub(crate) async fn play(scenario: &Scenario) -> Played {
    let cluster = Cluster::start(scenario.seed).await;
    let namespace = json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": NAMESPACE } });
    cluster.apply(&namespace).await;
    cluster.pass(50);
    for act in &scenario.before {
        perform(&cluster, act).await;
    }
    cluster.pass(scenario.settle);
    let mut watch = Watch::begin(&cluster).await;
    watch.pass(&cluster, 500).await;
    let mut writes = Vec::new();
    for object in &scenario.manifests {
        cluster.apply(object).await;
        writes.push(Write { at: 0, took: 4, path: path_of(object), refusal: None });
    }
    let manifests: Vec<Obj> = scenario.manifests.iter().cloned().filter_map(Obj::new).collect();
    let mut acts = scenario.acts.iter().peekable();
    let mut looks = LOOKS.into_iter();
    loop {
        let look = looks.next().unwrap();
        while let Some((at, act)) = acts.next_if(|(at, _)| *at < look) {
            watch.run(&cluster, *at).await;
            perform(&cluster, act).await;
        }
        watch.run(&cluster, look).await;
        watch.drain(&cluster).await;
        let recording = Recording {
            manifests: manifests.clone(),
            writes: writes.clone(),
            lines: watch.lines.clone(),
            logs: logs(&cluster).await,
        };
        let Outcome { verdict, at } = replay(&recording);
        // What the clock alone decides after what was seen is decided too early.
        if at <= look || look == LOOKS[LOOKS.len() - 1] {
            cluster.stop().await;
            return Played { verdict, at };
        }
    }
}

async fn perform(cluster: &Cluster, act: &Act) {
    match act {
        Act::Apply(object) => cluster.apply(object).await,
        Act::Rule(name, rule) => cluster.put(&format!("/sim.ansflow.io/v1/faults/{name}"), rule).await,
        Act::TakeRule(name) => cluster.delete(&format!("/sim.ansflow.io/v1/faults/{name}")).await,
        Act::Pass(millis) => cluster.pass(*millis),
    }
}

async fn logs(cluster: &Cluster) -> Vec<(String, String, Log)> {
    let mut found = Vec::new();
    let pods = cluster.get(&format!("/api/v1/namespaces/{NAMESPACE}/pods")).await;
    for pod in pods["items"].as_array().into_iter().flatten() {
        let name = pod["metadata"]["name"].as_str().unwrap();
        let of = |kind: &str| pod["spec"][kind].as_array().cloned().unwrap_or_default();
        for container in of("initContainers").into_iter().chain(of("containers")) {
            let container = container["name"].as_str().unwrap().to_owned();
            let path = format!("/api/v1/namespaces/{NAMESPACE}/pods/{name}/log?container={container}");
            let text = |(code, text): (u16, String)| (code == 200).then_some(text);
            let current = text(cluster.ask(reqwest::Method::GET, &path, "", None).await);
            let previous = text(cluster.ask(reqwest::Method::GET, &format!("{path}&previous=true"), "", None).await);
            found.push((name.to_owned(), container, Log { current, previous }));
        }
    }
    found
}

/// A watcher, and the revisions at the moments of the clock.
struct Watch {
    lines: Vec<Line>,
    from: u64,
    /// Since the write.
    now: i64,
    marks: Vec<(u64, i64)>,
}

impl Watch {
    async fn begin(cluster: &Cluster) -> Watch {
        let mut watch = Watch { lines: Vec::new(), from: u64::MAX, now: -500, marks: Vec::new() };
        for kind in KINDS {
            let list = cluster.get(&path(kind)).await;
            watch.from = watch.from.min(revision(&list));
            for item in list["items"].as_array().into_iter().flatten() {
                let mut object = item.clone();
                object["kind"] = list["kind"].as_str().unwrap().trim_end_matches("List").into();
                object["apiVersion"] = list["apiVersion"].clone();
                watch.lines.extend(Obj::new(object).map(|object| Line { at: -500, gone: false, object }));
            }
        }
        watch
    }

    /// Lets time pass until a moment, in steps: short ones as long as much happens.
    async fn run(&mut self, cluster: &Cluster, until: i64) {
        while self.now < until {
            let step = match self.now {
                ..3_000 => 50,
                3_000..20_000 => 200,
                _ => 500,
            };
            self.pass(cluster, step.min(until - self.now)).await;
        }
    }

    async fn pass(&mut self, cluster: &Cluster, millis: i64) {
        cluster.pass(millis);
        self.now += millis;
        self.marks.push((revision(&cluster.get("/api/v1/namespaces?limit=1").await), self.now));
    }

    /// Everything that was told since, in order.
    async fn drain(&mut self, cluster: &Cluster) {
        let from = self.from;
        let told = join_all(KINDS.map(|kind| cluster.told_of(kind, from))).await;
        let mut seen: Vec<(u64, Line)> = Vec::new();
        for mut line in told.into_iter().flatten() {
            let (gone, object) = (line["type"] == "DELETED", line["object"].take());
            let revision = revision(&object);
            self.from = self.from.max(revision);
            let mark = self.marks.iter().find(|(known, _)| *known >= revision);
            let at = mark.map_or(self.now, |(_, at)| *at);
            seen.extend(Obj::new(object).map(|object| (revision, Line { at, gone, object })));
        }
        seen.sort_by_key(|(revision, _)| *revision);
        self.lines.extend(seen.into_iter().map(|(_, line)| line));
    }
}

impl Cluster {
    async fn told_of(&self, kind: &str, from: u64) -> Vec<Json> {
        self.told(&path(kind), from).await
    }
}

fn path(kind: &str) -> String {
    format!("/{}", kind.replace('@', NAMESPACE))
}

fn revision(object: &Json) -> u64 {
    object["metadata"]["resourceVersion"].as_str().unwrap_or_default().parse().unwrap_or_default()
}
