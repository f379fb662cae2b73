//! The story of what a watcher saw: of every object and every side of it, the states in the order of their first appearance.
//!
//! Objects go by their role, not by their name: the second pod of a Deployment's first ReplicaSet is
//! `Deployment/web>ReplicaSet#1>Pod#2`. Names, uids, addresses and spans of time in messages are blurred.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;

use regex::Regex;
use serde_json::Value;

use super::recording::Line;

/// A role and one of its sides: `Deployment/web`, `cond Available`.
pub(crate) type Facet = (String, String);

#[derive(Debug, Default, Clone)]
pub(crate) struct Story {
    /// What appeared, and when first.
    pub(crate) facets: BTreeMap<Facet, Vec<(String, i64)>>,
    /// Roles with containers that lived for so short a time that only luck shows them alive: role and container.
    pub(crate) brief: BTreeSet<Facet>,
    /// Numbers of statuses that were true for a while, and those that are now, with when they became so.
    lasting: BTreeSet<(Facet, String)>,
    held: BTreeMap<Facet, (String, i64)>,
    /// Every field that an object ever had, by role, and when first.
    pub(crate) shapes: BTreeMap<String, BTreeMap<String, i64>>,
}

/// A number that was true for less than so many milliseconds may have been missed.
const PASSING: i64 = 600;

impl Story {
    /// Whether a number of a status was true for a while, or is still.
    pub(crate) fn lasts(&self, facet: &Facet, value: &str) -> bool {
        self.lasting.contains(&(facet.clone(), value.to_owned()))
            || self.held.get(facet).is_some_and(|(held, _)| held == value)
    }

    fn put(&mut self, role: &str, facet: &str, value: &str, at: i64) {
        let list = self.facets.entry((role.to_owned(), facet.to_owned())).or_default();
        if !list.iter().any(|(known, _)| known == value) {
            list.push((value.to_owned(), at));
        }
    }
}

pub(crate) fn tell(lines: &[Line]) -> Story {
    let cast = Cast::of(lines);
    let mut story = Story::default();
    for line in lines {
        let object = &line.object;
        match object["kind"].as_str() {
            Some("Event") => event(&mut story, &cast, line),
            Some("Namespace") | None => {}
            Some(kind) => {
                let Some(role) = cast.role(object) else { continue };
                let role = role.to_owned();
                shape(story.shapes.entry(role.clone()).or_default(), object, "", line.at);
                counts(&mut story, &role, object, line.at);
                conditions(&mut story, &cast, &role, object, line.at);
                match kind {
                    "Pod" => pod(&mut story, &cast, &role, object, line.at),
                    "PersistentVolumeClaim" => story.put(&role, "phase", text(&object["status"]["phase"]), line.at),
                    "Node" => taints(&mut story, &role, object, line.at),
                    "Deployment" if is_complete(object) => story.put(&role, "outcome", "complete", line.at),
                    _ => {}
                }
                if !object["metadata"]["deletionTimestamp"].is_null() {
                    story.put(&role, "life", "deleting", line.at);
                }
                if line.deleted {
                    story.put(&role, "life", "deleted", line.at);
                } else {
                    story.put(&role, "life", "there", line.at);
                }
            }
        }
    }
    story
}

/// The roles of pods by their names.
pub(crate) fn pods(lines: &[Line]) -> HashMap<String, String> {
    let cast = Cast::of(lines);
    let pods = lines.iter().map(|line| &line.object).filter(|object| object["kind"] == "Pod");
    pods.filter_map(|pod| Some((text(&pod["metadata"]["name"]).to_owned(), cast.role(pod)?.clone()))).collect()
}

fn event(story: &mut Story, cast: &Cast, line: &Line) {
    let event = &line.object;
    // The node's cache of ConfigMaps was late: an accident of the recording.
    if text(&event["message"]).contains("failed to sync configmap cache") {
        return;
    }
    let about = &event["involvedObject"];
    let role = cast.roles.get(text(&about["uid"])).map_or_else(|| text(&about["kind"]).to_owned(), Clone::clone);
    let mut said = cast.blurred(text(&event["message"]));
    // Which of two twins was made first, nobody can tell afterwards.
    if line.at < 0 && about["kind"] != "Pod" {
        said = numbers().replace_all(&said, "Pod").into_owned();
    }
    let value = format!("{} {}: {said}", text(&event["type"]), text(&event["reason"]));
    story.put(&role, "event", &value, line.at);
}

fn numbers() -> &'static Regex {
    static NUMBERS: OnceLock<Regex> = OnceLock::new();
    NUMBERS.get_or_init(|| Regex::new(r"Pod#\d+").unwrap())
}

/// The numbers of a status, by name.
fn counts(story: &mut Story, role: &str, object: &Value, at: i64) {
    for (name, number) in object["status"].as_object().into_iter().flatten().filter(|(_, number)| number.is_number()) {
        let facet = (role.to_owned(), format!("count {name}"));
        let number = number.to_string();
        story.put(role, &facet.1, &number, at);
        let (held, since) = story.held.get(&facet).cloned().unwrap_or_else(|| (number.clone(), at));
        let lasted = (facet.clone(), held.clone());
        if at - since >= PASSING {
            story.lasting.insert(lasted);
        }
        if held == number {
            story.held.entry(facet).or_insert((number, at));
        } else {
            story.held.insert(facet, (number, at));
        }
    }
}

fn conditions(story: &mut Story, cast: &Cast, role: &str, object: &Value, at: i64) {
    for condition in object["status"]["conditions"].as_array().into_iter().flatten() {
        let value = format!("{} {}", text(&condition["status"]), text(&condition["reason"]));
        let value = said(cast, value.trim_end(), &condition["message"]);
        story.put(role, &format!("cond {}", text(&condition["type"])), &value, at);
    }
}

fn pod(story: &mut Story, cast: &Cast, role: &str, pod: &Value, at: i64) {
    let status = &pod["status"];
    let phase = format!("{} {}", text(&status["phase"]), text(&status["reason"]));
    story.put(role, "phase", phase.trim_end(), at);
    for list in ["initContainerStatuses", "containerStatuses"] {
        for container in status[list].as_array().into_iter().flatten() {
            let name = text(&container["name"]);
            for which in ["state", "lastState"] {
                for (state, of) in container[which].as_object().into_iter().flatten() {
                    let code = of["exitCode"].as_i64().map(|code| code.to_string()).unwrap_or_default();
                    let value = format!("{state} {} {code}", text(&of["reason"]));
                    let value = said(cast, &value.split_whitespace().collect::<Vec<_>>().join(" "), &of["message"]);
                    story.put(role, &format!("{which} {name}"), &value, at);
                    if state == "terminated" && seconds(&of["finishedAt"]) - seconds(&of["startedAt"]) <= 1 {
                        story.brief.insert((role.to_owned(), name.to_owned()));
                    }
                }
            }
            let ready = if container["ready"] == true { "true" } else { "false" };
            story.put(role, &format!("ready {name}"), ready, at);
        }
    }
}

/// The fields of a value, as paths.
fn shape(paths: &mut BTreeMap<String, i64>, value: &Value, path: &str, at: i64) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields.iter().filter(|(name, _)| *name != "managedFields") {
                shape(paths, value, &format!("{path}.{name}"), at);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| shape(paths, item, &format!("{path}[]"), at)),
        Value::Null => drop(paths.entry(format!("{path}=null")).or_insert(at)),
        _ => drop(paths.entry(path.to_owned()).or_insert(at)),
    }
}

/// A state with what is said of it.
fn said(cast: &Cast, value: &str, message: &Value) -> String {
    match text(message) {
        "" => value.to_owned(),
        message => format!("{value}: {}", cast.blurred(message)),
    }
}

fn taints(story: &mut Story, role: &str, node: &Value, at: i64) {
    for taint in node["spec"]["taints"].as_array().into_iter().flatten() {
        story.put(role, "taint", &format!("{} {}", text(&taint["key"]), text(&taint["effect"])), at);
    }
}

/// By the counters, as `kubectl rollout status` reads them.
fn is_complete(deployment: &Value) -> bool {
    let (meta, spec, status) = (&deployment["metadata"], &deployment["spec"], &deployment["status"]);
    let count = |value: &Value| value.as_i64().unwrap_or_default();
    let wanted = count(&spec["replicas"]);
    count(&status["observedGeneration"]) >= count(&meta["generation"])
        && ["replicas", "updatedReplicas", "availableReplicas"].iter().all(|field| count(&status[*field]) == wanted)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Seconds of the day: enough for spans of a second.
fn seconds(time: &Value) -> i64 {
    let mut parts = text(time).get(11..19).unwrap_or("00:00:00").split(':').map(|part| part.parse().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    next() * 3_600 + next() * 60 + next()
}

/// A text in which all uids are the same.
pub(crate) fn without_uids(text: &str) -> String {
    static UID: OnceLock<Regex> = OnceLock::new();
    let uid = UID.get_or_init(|| Regex::new(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").unwrap());
    uid.replace_all(text, "UID").into_owned()
}

/// Who is who: roles by uid, and names that are only made up, with what stands for them.
struct Cast {
    roles: HashMap<String, String>,
    names: Vec<(String, String)>,
}

impl Cast {
    fn of(lines: &[Line]) -> Cast {
        let mut cast = Cast { roles: HashMap::new(), names: Vec::new() };
        let mut counted: HashMap<String, u32> = HashMap::new();
        let mut left: Vec<&Value> =
            lines.iter().map(|line| &line.object).filter(|object| object["kind"] != "Event").collect();
        // Of twins made in one second, the one that goes first is the first: which it is, is chance.
        let mut gone: HashMap<&str, usize> = HashMap::new();
        for (at, line) in lines.iter().enumerate() {
            let meta = &line.object["metadata"];
            if line.deleted || !meta["deletionTimestamp"].is_null() {
                gone.entry(text(&meta["uid"])).or_insert(at);
            }
        }
        let going = |meta: &Value| gone.get(text(&meta["uid"])).copied().unwrap_or(usize::MAX);
        left.sort_by_key(|object| {
            let meta = &object["metadata"];
            (text(&meta["creationTimestamp"]), going(meta))
        });
        // Watches of several kinds come in any order: those without an owner first, then what they own, and so on.
        for _ in 0..4 {
            let known = cast.roles.clone();
            left.retain(|object| !cast.add(object, &known, &mut counted));
        }
        cast.names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        cast
    }

    /// Gives an object its role, where its owner is known. Whether it has one now.
    fn add(&mut self, object: &Value, known: &HashMap<String, String>, counted: &mut HashMap<String, u32>) -> bool {
        let (meta, kind) = (&object["metadata"], text(&object["kind"]));
        let uid = text(&meta["uid"]);
        if self.roles.contains_key(uid) {
            return true;
        }
        let owner = meta["ownerReferences"].as_array().into_iter().flatten().find(|owner| owner["controller"] == true);
        let role = match owner {
            None => format!("{kind}/{}", text(&meta["name"])),
            Some(owner) => {
                let Some(owner) = known.get(text(&owner["uid"])) else { return false };
                let base = format!("{owner}>{kind}");
                let number = counted.entry(base.clone()).or_default();
                *number += 1;
                // A name that says which one it is stays.
                if !owner.starts_with("StatefulSet/") {
                    self.names.push((text(&meta["name"]).to_owned(), format!("{kind}#{number}")));
                }
                format!("{base}#{number}")
            }
        };
        self.roles.insert(uid.to_owned(), role);
        true
    }

    fn role(&self, object: &Value) -> Option<&String> {
        self.roles.get(text(&object["metadata"]["uid"]))
    }

    /// A message without what is another in every cluster.
    fn blurred(&self, message: &str) -> String {
        static PATTERNS: OnceLock<Vec<(Regex, &str)>> = OnceLock::new();
        let patterns = PATTERNS.get_or_init(|| {
            let pattern = |(pattern, with): &(&str, &'static str)| (Regex::new(pattern).unwrap(), *with);
            [
                (r"\bteam-[0-9a-f]{5}\b", "NS"),
                (r"_team-[0-9a-f]{5}\(", "_NS("),
                (r"(#\d+)-[bcdfghjklmnpqrstvwxz2456789]{5}\b", "$1-*"),
                (r"10\.244\.\d+\.\d+", "IP"),
                (r"back-off \w+ restarting", "back-off T restarting"),
                (r"containerd://[0-9a-f]{64}", "ID"),
                (r"127\.0\.0\.\d+:\d+", "ADDR"),
                (r"10\.\d+\.\d+\.\d+:53", "DNS"),
                (r"in [0-9.]+m?s \([0-9.]+m?s including waiting\)", "in T"),
                (r"Image size: \d+ bytes", "Image size: N bytes"),
            ]
            .iter()
            .map(pattern)
            .collect()
        });
        let mut text = message.to_owned();
        for (name, with) in &self.names {
            text = text.replace(name.as_str(), with);
        }
        for (pattern, with) in patterns {
            text = pattern.replace_all(&text, *with).into_owned();
        }
        without_uids(&text)
    }
}
