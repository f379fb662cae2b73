//! What containers said last, and in the life before: the same lines, however often.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use regex::Regex;
use serde_json::Value;

use super::recording::Line;
use super::story;
use crate::cluster::Cluster;

/// Texts by pod and container, and by `current` and `previous`.
pub(crate) type Logs = BTreeMap<String, BTreeMap<String, String>>;

/// Reads what can be read now of the pods that were seen.
pub(crate) async fn read(cluster: &Cluster, lines: &[Line]) -> Logs {
    let mut logs = Logs::new();
    let pods = lines.iter().map(|line| &line.object).filter(|object| object["kind"] == "Pod");
    let pods: BTreeMap<&str, &Value> = pods.map(|pod| (text(&pod["metadata"]["name"]), pod)).collect();
    for (name, pod) in pods {
        let namespace = text(&pod["metadata"]["namespace"]);
        let lists = ["initContainers", "containers"].iter();
        let containers = lists.flat_map(|list| pod["spec"][*list].as_array().into_iter().flatten());
        for container in containers.map(|container| text(&container["name"])) {
            for (which, previous) in [("current", "false"), ("previous", "true")] {
                let query = format!("container={container}&previous={previous}&tailLines=60");
                let answer = cluster.get(&format!("/api/v1/namespaces/{namespace}/pods/{name}/log?{query}")).await;
                if answer.code == 200 {
                    logs.entry(format!("{name}/{container}")).or_default().insert(which.to_owned(), answer.text);
                }
            }
        }
    }
    logs
}

/// Where the two differ. A pod that is gone says nothing any more.
pub(crate) fn differences(theirs: (&Logs, &[Line]), ours: (&Logs, &[Line])) -> Vec<String> {
    let (their_roles, our_roles) = (story::pods(theirs.1), story::pods(ours.1));
    let mut told = Vec::new();
    for (name, texts) in theirs.0 {
        let (pod, container) = name.split_once('/').unwrap_or((name, ""));
        let Some(role) = their_roles.get(pod) else { continue };
        let our = our_roles.iter().find(|(_, other)| *other == role).map(|(name, _)| format!("{name}/{container}"));
        let Some(said) = our.and_then(|name| ours.0.get(&name)) else { continue };
        // Where the recorder came too late, the runtime had nothing left of it.
        for (which, text) in texts.iter().filter(|(_, text)| !text.starts_with("unable to retrieve container logs")) {
            let (expected, got) = (lines(text), said.get(which).map(|text| lines(text)).unwrap_or_default());
            if expected != got {
                told.push(format!(
                    "  {role} | log of {container}, {which}\n    expected {expected:?}\n    got      {got:?}"
                ));
            }
        }
    }
    told
}

/// The lines of a text, without its numbers.
fn lines(text: &str) -> BTreeSet<String> {
    static NUMBERS: OnceLock<Regex> = OnceLock::new();
    let numbers = NUMBERS.get_or_init(|| Regex::new(r"[0-9]+").unwrap());
    text.lines().map(|line| numbers.replace_all(line, "N").into_owned()).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
