//! A recording, played on a simulated cluster whose clock stands until it is moved: the stage, the writes, and what a watcher
//! sees of them.
//!
//! `fault.json` beside a recording has what its manifests do not tell: `objects` that stood there (nodes without a kubelet),
//! `then` and `delete` (a second write, a deletion, before anybody watched), `settle` (how many milliseconds it stood so),
//! `manager` and `user` (who wrote before, who writes), `faults` by name, `start` (what time it was), `seed` with its `why`.

use std::time::Duration;

use ansflow_sim::{NodeSpec, SimConfig, Speed, Who};
use futures_util::future::join_all;
use regex::Regex;
use reqwest::Method;
use serde_json::{Value, json};

use super::logs::{self, Logs};
use super::recording::{Line, Recording, Written};
use crate::cluster::Cluster;

/// What came of it.
pub(crate) struct Played {
    pub(crate) lines: Vec<Line>,
    pub(crate) logs: Logs,
    /// Writes that were answered otherwise.
    pub(crate) refused: Vec<String>,
}

const KINDS: [(&str, &str); 16] = [
    ("apis/apps/v1", "deployments"),
    ("apis/apps/v1", "replicasets"),
    ("apis/apps/v1", "statefulsets"),
    ("apis/apps/v1", "daemonsets"),
    ("apis/apps/v1", "controllerrevisions"),
    ("apis/batch/v1", "jobs"),
    ("apis/batch/v1", "cronjobs"),
    ("api/v1", "pods"),
    ("api/v1", "events"),
    ("api/v1", "persistentvolumeclaims"),
    ("api/v1", "services"),
    ("apis/discovery.k8s.io/v1", "endpointslices"),
    ("apis/autoscaling/v2", "horizontalpodautoscalers"),
    ("api/v1", "resourcequotas"),
    ("apis/policy/v1", "poddisruptionbudgets"),
    ("api/v1", "nodes"),
];

/// The seed of all recordings that name none. `SEED=7` tries another: nearly all stories come out with any.
fn seed() -> u64 {
    std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(8)
}

pub(crate) async fn play(recording: &Recording) -> Played {
    let stage = &recording.stage;
    let config = SimConfig {
        speed: Speed::Manual,
        start: Some(stage["start"].as_str().unwrap_or("2026-11-21T04:00:00Z").parse().unwrap()),
        seed: stage["seed"].as_u64().unwrap_or_else(seed),
        rbac: stage["user"].is_string(),
        nodes: vec![NodeSpec { cpus: 2, memory: 24 << 30, ..NodeSpec::named("vm") }],
        ..SimConfig::default()
    };
    let cluster = Cluster::with(config).await;
    let mut refused = set(&cluster, recording).await;
    let mut watch = Watch::begin(&cluster, recording).await;
    watch.pass(&cluster, 1_000).await;
    watch.zero = watch.now;
    let writer = stage["user"].as_str().map(|user| cluster.by(&Who::user(user, &["system:authenticated"])));
    let mut now = 0;
    for write in &recording.writes {
        watch.run(&cluster, &mut now, write.at).await;
        refused.extend(written(writer.as_ref().unwrap_or(&cluster), write).await);
    }
    let end = recording.end();
    watch.run(&cluster, &mut now, end + (end / 6).clamp(4_000, 6_000)).await;
    let lines = watch.end(&cluster).await;
    let logs = logs::read(&cluster, &lines).await;
    cluster.sim.stop().await;
    Played { lines, logs, refused }
}

/// What stands there before anybody watches. What was refused, if anything.
async fn set(cluster: &Cluster, recording: &Recording) -> Vec<String> {
    let stage = &recording.stage;
    let mut told = Vec::new();
    for (name, rule) in stage["faults"].as_object().into_iter().flatten() {
        let answer = cluster.put(&format!("/sim.ansflow.io/v1/faults/{name}"), rule).await;
        if answer.code != 200 {
            told.push(format!("  the fault `{name}`: {} {}", answer.code, answer.text));
        }
    }
    for object in stage["objects"].as_array().into_iter().flatten() {
        let collection = collection(text(&object["apiVersion"]), text(&object["kind"]), &recording.namespace);
        let made = cluster.post(&collection, object).await.expect(201);
        let path = format!("{collection}/{}/status", text(&object["metadata"]["name"]));
        let mut whole = made;
        whole["status"] = object["status"].clone();
        cluster.put(&path, &whole).await.expect(200);
    }
    let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": recording.namespace}});
    cluster.post("/api/v1/namespaces", &namespace).await.expect(201);
    cluster.sim.advance(Duration::from_millis(20));
    let manager = stage["manager"].as_str().unwrap_or("ansflow");
    for text in &recording.before {
        told.extend(applied(cluster, &path_of(text, &recording.namespace), manager, text).await);
    }
    if let Some(text) = stage["then"].as_str() {
        cluster.sim.advance(Duration::from_secs(2));
        told.extend(applied(cluster, &path_of(text, &recording.namespace), manager, text).await);
    }
    for path in stage["delete"].as_array().into_iter().flatten() {
        cluster.delete(text(path)).await.expect(200);
    }
    let settle = stage["settle"].as_u64().unwrap_or(if recording.before.is_empty() { 100 } else { 3_000 });
    cluster.sim.advance(Duration::from_millis(settle));
    told
}

async fn applied(cluster: &Cluster, path: &str, manager: &str, text: &str) -> Option<String> {
    let path = format!("{path}?fieldManager={manager}&fieldValidation=Strict");
    let answer = patch(cluster, &path, text).await;
    (!matches!(answer.code, 200 | 201)).then(|| format!("  before: {path}: {} {}", answer.code, answer.text))
}

async fn patch(cluster: &Cluster, path: &str, text: &str) -> crate::cluster::Told {
    let headers = [("accept", "application/json"), ("content-type", "application/apply-patch+yaml")];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
    cluster.told(Method::PATCH, path, &headers, Some(text.to_owned()), None).await
}

/// Writes what was written; what is answered otherwise is told.
async fn written(cluster: &Cluster, write: &Written) -> Vec<String> {
    let answer = patch(cluster, &write.path, &write.text).await;
    let mut told = Vec::new();
    if u64::from(answer.code) != write.status {
        told.push(format!("  {}: expected {}, got {} {}", write.path, write.status, answer.code, answer.text));
        return told;
    }
    let warnings: Vec<String> =
        answer.headers.iter().filter(|(name, _)| name == "warning").map(|(_, value)| value.clone()).collect();
    if warnings != write.warnings {
        told.push(format!("  warnings\n    expected {:?}\n    got      {warnings:?}", write.warnings));
    }
    let body = serde_json::from_str(&answer.text).unwrap_or(Value::String(answer.text));
    if !write.body.is_null() && without_uids(&body) != without_uids(&write.body) {
        told.push(format!("  answer\n    expected {}\n    got      {body}", write.body));
    }
    told
}

/// An answer, in which a uid is one as another.
fn without_uids(answer: &Value) -> Value {
    let uid = Regex::new("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").unwrap();
    serde_json::from_str(&uid.replace_all(&answer.to_string(), "UID")).unwrap()
}

/// A watcher: what it saw first, and the revisions at the moments of the clock.
struct Watch {
    namespace: String,
    kinds: Vec<(&'static str, &'static str)>,
    /// Milliseconds that went by, and where the first write is among them.
    now: i64,
    zero: i64,
    first: Vec<Line>,
    from: u64,
    marks: Vec<(u64, i64)>,
}

impl Watch {
    async fn begin(cluster: &Cluster, recording: &Recording) -> Watch {
        let nodes = recording.lines.iter().any(|line| line.object["kind"] == "Node");
        let kinds = KINDS.into_iter().filter(|(_, plural)| *plural != "nodes" || nodes).collect();
        let namespace = recording.namespace.clone();
        let mut watch =
            Watch { namespace, kinds, now: 0, zero: 0, first: Vec::new(), from: u64::MAX, marks: Vec::new() };
        for at in 0..watch.kinds.len() {
            let list = cluster.get(&watch.path(at)).await.expect(200);
            watch.from = watch.from.min(revision(&list));
            let kind = text(&list["kind"]).trim_end_matches("List").to_owned();
            for item in list["items"].as_array().into_iter().flatten() {
                // A recording has the nodes that it is about.
                if kind == "Node" && !recording.lines.iter().any(|line| named(&line.object) == named(item)) {
                    continue;
                }
                let mut object = item.clone();
                object["kind"] = kind.as_str().into();
                object["apiVersion"] = list["apiVersion"].clone();
                watch.first.push(Line { at: -1_000, deleted: false, object });
            }
        }
        watch
    }

    fn path(&self, at: usize) -> String {
        let (group, plural) = self.kinds[at];
        match plural {
            "nodes" => format!("/{group}/{plural}"),
            _ => format!("/{group}/namespaces/{}/{plural}", self.namespace),
        }
    }

    /// Lets time pass until a moment, in steps: short ones as long as much happens.
    async fn run(&mut self, cluster: &Cluster, now: &mut i64, until: i64) {
        while *now < until {
            let step = if *now < 3_000 { 100 } else { 500 }.min(until - *now);
            self.pass(cluster, step).await;
            *now += step;
        }
    }

    async fn pass(&mut self, cluster: &Cluster, millis: i64) {
        let span = Duration::from_millis(millis.try_into().unwrap());
        tokio::task::block_in_place(|| cluster.sim.advance(span));
        self.now += millis;
        let list = cluster.get("/api/v1/namespaces?limit=1").await.expect(200);
        self.marks.push((revision(&list), self.now));
    }

    /// Everything that was seen, in order.
    async fn end(mut self, cluster: &Cluster) -> Vec<Line> {
        let from = self.from;
        let watches = (0..self.kinds.len()).map(|at| {
            let path = format!("{}?watch=1&resourceVersion={from}&timeoutSeconds=1", self.path(at));
            async move { cluster.watch(&path).await }
        });
        let mut seen: Vec<(u64, Line)> = Vec::new();
        for mut line in join_all(watches).await.into_iter().flatten() {
            let (deleted, object) = (line["type"] == "DELETED", line["object"].take());
            let revision = revision(&object);
            let mark = self.marks.iter().find(|(known, _)| *known >= revision);
            let at = mark.map_or(self.now, |(_, at)| *at) - self.zero;
            seen.push((revision, Line { at, deleted, object }));
        }
        seen.sort_by_key(|(revision, _)| *revision);
        let mut lines = std::mem::take(&mut self.first);
        lines.extend(seen.into_iter().map(|(_, line)| line));
        lines
    }
}

fn named(object: &Value) -> &Value {
    &object["metadata"]["name"]
}

fn revision(object: &Value) -> u64 {
    text(&object["metadata"]["resourceVersion"]).parse().unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Where a document is written to.
fn path_of(document: &str, namespace: &str) -> String {
    let field = |name: &str| document.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    let name = document.lines().skip_while(|line| *line != "metadata:").find_map(|line| line.strip_prefix("  name: "));
    format!("{}/{}", collection(field("apiVersion: "), field("kind: "), namespace), name.unwrap_or_default())
}

fn collection(version: &str, kind: &str, namespace: &str) -> String {
    let root = if version.contains('/') { format!("/apis/{version}") } else { format!("/api/{version}") };
    let lower = kind.to_lowercase();
    let plural = match lower.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None if lower.ends_with('s') => format!("{lower}es"),
        None => format!("{lower}s"),
    };
    let global = kind.starts_with("Validating") || kind.ends_with("Class") || matches!(kind, "Namespace" | "Node");
    if global { format!("{root}/{plural}") } else { format!("{root}/namespaces/{namespace}/{plural}") }
}
