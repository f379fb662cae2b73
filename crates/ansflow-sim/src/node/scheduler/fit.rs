//! Whether a node takes a pod: the filters in Kubernetes' order, each with its words.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::pod::{self, Pod};
use super::super::quantity;
use crate::object::Str;
use crate::selector::Selector;
use crate::store::{Key, Stored};
use crate::world::cx::Cx;

/// What the scheduler reads of a node.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Node {
    metadata: super::super::pod::Meta,
    spec: NodeSpec,
    status: NodeStatus,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NodeSpec {
    unschedulable: bool,
    taints: Vec<Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NodeStatus {
    allocatable: BTreeMap<String, Value>,
}

/// What pods use of a node.
#[derive(Debug, Default)]
pub(super) struct Used {
    pods: i128,
    resources: BTreeMap<String, i128>,
    ports: Vec<(u16, String)>,
    /// Those that are there, for rules between pods.
    pub(super) there: Vec<Arc<Load>>,
    /// One of them does not want just any other beside it.
    repels: bool,
}

/// What one pod takes, and what is to be known of it where it stands in the way.
#[derive(Debug)]
pub(super) struct Load {
    pub(super) key: Key,
    pub(super) uid: Str,
    pub(super) priority: i64,
    pub(super) deleting: bool,
    requests: BTreeMap<String, i128>,
    ports: Vec<(u16, String)>,
    labels: Arc<[(Str, Str)]>,
    affinity: Value,
}

/// Just how far a pod is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Phased {
    status: Phase,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Phase {
    phase: String,
}

pub(super) fn has_ended(pod: &Stored) -> bool {
    pod.view::<Phased>().is_ok_and(|pod| matches!(pod.status.phase.as_str(), "Succeeded" | "Failed"))
}

/// Why a node does not take a pod.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) reasons: Vec<String>,
    /// Other pods' going would not help.
    pub(super) hopeless: bool,
}

impl Used {
    pub(super) fn on(cx: &Cx<'_>, node: &str, loads: &mut HashMap<Str, Arc<Load>>) -> Used {
        let pods = cx.sim.store().pods_on(node).into_iter().filter_map(|stored| {
            if let Some(load) = loads.get(&stored.uid) {
                return Some(load.clone());
            }
            let pod = pod::read(&stored).filter(|pod| !pod.has_ended())?;
            let load = Arc::new(Load::of(&stored, &pod));
            loads.insert(stored.uid.clone(), load.clone());
            Some(load)
        });
        Used::of(pods)
    }

    pub(super) fn of(pods: impl Iterator<Item = Arc<Load>>) -> Used {
        let mut used = Used::default();
        for load in pods {
            used.pods += 1;
            for (name, amount) in &load.requests {
                *used.resources.entry(name.clone()).or_default() += amount;
            }
            used.ports.extend(load.ports.iter().cloned());
            used.repels |= load.affinity.get("podAntiAffinity").is_some();
            used.there.push(load);
        }
        used
    }
}

impl Load {
    pub(super) fn of(stored: &Stored, pod: &Pod) -> Load {
        Load {
            key: stored.key.clone(),
            uid: stored.uid.clone(),
            priority: pod.spec.priority,
            deleting: stored.deleting,
            requests: requests(pod),
            ports: host_ports(pod),
            labels: stored.labels.clone(),
            affinity: pod.spec.affinity.clone(),
        }
    }
}

/// What a pod asks for, in thousandths: its containers together, or its largest init container where that is more.
fn requests(pod: &Pod) -> BTreeMap<String, i128> {
    let asked = |resources: &Value| -> Vec<(String, i128)> {
        let requests = resources["requests"].as_object().into_iter().flatten();
        requests.map(|(name, amount)| (name.clone(), quantity::millis(amount))).collect()
    };
    let mut sum: BTreeMap<String, i128> = BTreeMap::new();
    let mut sidecars: BTreeMap<String, i128> = BTreeMap::new();
    let mut most: BTreeMap<String, i128> = BTreeMap::new();
    for (at, container) in pod.all_containers().enumerate() {
        for (name, amount) in asked(&container.resources) {
            if !pod.is_init(at) {
                *sum.entry(name).or_default() += amount;
            } else if pod.is_sidecar(at) {
                *sum.entry(name.clone()).or_default() += amount;
                *sidecars.entry(name).or_default() += amount;
            } else {
                let beside = sidecars.get(&name).copied().unwrap_or_default();
                let known = most.entry(name).or_default();
                *known = (*known).max(amount + beside);
            }
        }
    }
    for (name, amount) in most {
        let known = sum.entry(name).or_default();
        *known = (*known).max(amount);
    }
    for (name, amount) in &pod.spec.overhead {
        *sum.entry(name.clone()).or_default() += quantity::millis(amount);
    }
    sum
}

fn host_ports(pod: &Pod) -> Vec<(u16, String)> {
    let ports = pod.spec.containers.iter().flat_map(|container| &container.ports);
    ports.filter(|port| port.host_port > 0).map(|port| (port.host_port, port.protocol.clone())).collect()
}

/// What is to be known of all nodes at once, for rules between pods.
pub(super) struct Everywhere {
    /// The pods of each node, and the node's labels.
    nodes: Vec<(BTreeMap<String, String>, Arc<Used>)>,
}

impl Everywhere {
    pub(super) fn new(pod: &Pod, nodes: &[(Arc<Stored>, Arc<Node>)], used: impl Fn(&Str) -> Arc<Used>) -> Everywhere {
        let asks = !pod.spec.affinity.is_null() || !pod.spec.topology_spread_constraints.is_empty();
        let repelled = || nodes.iter().any(|(stored, _)| used(&stored.key.name).repels);
        if !asks && !repelled() {
            return Everywhere { nodes: Vec::new() };
        }
        let all = nodes.iter().map(|(stored, node)| (node.metadata.labels.clone(), used(&stored.key.name)));
        Everywhere { nodes: all.collect() }
    }

    /// Pods on nodes of the same domain.
    fn in_domain<'e>(&'e self, key: &'e str, value: &'e str) -> impl Iterator<Item = &'e Arc<Load>> {
        let same = move |labels: &BTreeMap<String, String>| labels.get(key).is_some_and(|known| known == value);
        self.nodes.iter().filter(move |(labels, _)| same(labels)).flat_map(|(_, used)| &used.there)
    }

    fn pods(&self) -> impl Iterator<Item = &Arc<Load>> {
        self.nodes.iter().flat_map(|(_, used)| &used.there)
    }
}

/// How well a node fits, or why it does not.
pub(super) fn check(
    pod: &Pod,
    load: &Load,
    node: &Node,
    used: &Used,
    everywhere: &Everywhere,
) -> Result<i128, Refusal> {
    let hopeless = |reason: &str| Err(Refusal { reasons: vec![reason.to_owned()], hopeless: true });
    let victims = |reason: &str| Err(Refusal { reasons: vec![reason.to_owned()], hopeless: false });
    let cordon = json!({"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"});
    if node.spec.unschedulable && !tolerates(pod, &cordon) {
        return hopeless("node(s) were unschedulable");
    }
    let repels = |taint: &&Value| matches!(taint["effect"].as_str(), Some("NoSchedule" | "NoExecute"));
    if node.spec.taints.iter().filter(repels).any(|taint| !tolerates(pod, taint)) {
        return hopeless("node(s) had untolerated taint(s)");
    }
    if !selected(pod, node) {
        return hopeless("node(s) didn't match Pod's node affinity/selector");
    }
    if load.ports.iter().any(|port| used.ports.contains(port)) {
        return victims("node(s) didn't have free ports for the requested pod ports");
    }
    let score = resources(load, node, used)?;
    if !spread(pod, load, node, everywhere) {
        return victims("node(s) didn't match pod topology spread constraints");
    }
    match between(load, node, everywhere) {
        Some((reason, hopeless)) => Err(Refusal { reasons: vec![reason.to_owned()], hopeless }),
        None => Ok(score),
    }
}

pub(super) fn tolerates(pod: &Pod, taint: &Value) -> bool {
    pod.spec.tolerations.iter().any(|toleration| {
        let text = |field: &str| toleration[field].as_str().unwrap_or_default();
        let effect = text("effect").is_empty() || taint["effect"] == text("effect");
        let key = text("key").is_empty() || taint["key"] == text("key");
        let value = text("operator") == "Exists" || taint["value"].as_str().unwrap_or_default() == text("value");
        effect && key && value && (!text("key").is_empty() || text("operator") == "Exists")
    })
}

/// The node selector, and the affinity that is required.
fn selected(pod: &Pod, node: &Node) -> bool {
    let labels = &node.metadata.labels;
    if !pod.spec.node_selector.iter().all(|(name, value)| labels.get(name) == Some(value)) {
        return false;
    }
    let required = "/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms";
    let Some(terms) = pod.spec.affinity.pointer(required).and_then(Value::as_array) else { return true };
    let all = |term: &Value, list: &str, value: &dyn Fn(&str) -> Option<String>| {
        let expressions = term[list].as_array().map_or(&[][..], Vec::as_slice);
        expressions.iter().all(|one| holds(one, value(one["key"].as_str().unwrap_or_default()).as_deref()))
    };
    terms.iter().any(|term| {
        let empty = term["matchExpressions"].as_array().is_none_or(Vec::is_empty)
            && term["matchFields"].as_array().is_none_or(Vec::is_empty);
        !empty
            && all(term, "matchExpressions", &|key| labels.get(key).cloned())
            && all(term, "matchFields", &|key| (key == "metadata.name").then(|| node.metadata.name.clone()))
    })
}

fn holds(expression: &Value, value: Option<&str>) -> bool {
    let values = expression["values"].as_array().map_or(&[][..], Vec::as_slice);
    let listed = || value.is_some_and(|value| values.iter().any(|one| one == value));
    let number = |text: Option<&str>| text.and_then(|text| text.parse::<i64>().ok());
    let bound = || number(values.first().and_then(Value::as_str));
    match expression["operator"].as_str() {
        Some("In") => listed(),
        Some("NotIn") => !listed(),
        Some("Exists") => value.is_some(),
        Some("DoesNotExist") => value.is_none(),
        Some("Gt") => number(value).zip(bound()).is_some_and(|(value, bound)| value > bound),
        Some("Lt") => number(value).zip(bound()).is_some_and(|(value, bound)| value < bound),
        _ => false,
    }
}

/// What is left on the node, or what is too little there.
fn resources(load: &Load, node: &Node, used: &Used) -> Result<i128, Refusal> {
    let (mut reasons, mut hopeless) = (Vec::new(), false);
    let has = |name: &str| node.status.allocatable.get(name).map_or(0, quantity::millis);
    if used.pods + 1 > has("pods").div_euclid(1_000) {
        reasons.push("Too many pods".to_owned());
    }
    let asked = &load.requests;
    for (name, amount) in asked {
        let taken = used.resources.get(name).copied().unwrap_or_default();
        if *amount > 0 && taken + amount > has(name) {
            reasons.push(format!("Insufficient {name}"));
            hopeless |= *amount > has(name);
        }
    }
    if !reasons.is_empty() {
        return Err(Refusal { reasons, hopeless });
    }
    let free = |name: &str| {
        let taken =
            used.resources.get(name).copied().unwrap_or_default() + asked.get(name).copied().unwrap_or_default();
        let all = has(name).max(1);
        (all - taken).max(0) * 1_000 / all
    };
    // Pods that ask for nothing are counted too, or they would all go to one node.
    Ok(free("cpu") + free("memory") - used.pods)
}

fn spread(pod: &Pod, load: &Load, node: &Node, everywhere: &Everywhere) -> bool {
    pod.spec.topology_spread_constraints.iter().all(|rule| {
        if rule["whenUnsatisfiable"] == "ScheduleAnyway" {
            return true;
        }
        let key = rule["topologyKey"].as_str().unwrap_or_default();
        let Some(own) = node.metadata.labels.get(key) else { return false };
        let Ok(selector) = Selector::of(&rule["labelSelector"]) else { return true };
        let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
        for (labels, used) in &everywhere.nodes {
            if let Some(domain) = labels.get(key) {
                let here =
                    used.there.iter().filter(|other| matches(&selector, other) && same_namespace(load, other)).count();
                *counts.entry(domain).or_default() += i64::try_from(here).unwrap_or_default();
            }
        }
        let least = counts.values().min().copied().unwrap_or_default();
        let itself = i64::from(matches(&selector, load));
        counts.get(own.as_str()).copied().unwrap_or_default() + itself - least <= rule["maxSkew"].as_i64().unwrap_or(1)
    })
}

fn same_namespace(one: &Load, other: &Load) -> bool {
    one.key.namespace == other.key.namespace
}

fn matches(selector: &Selector, pod: &Load) -> bool {
    selector.matches_pairs(&pod.labels)
}

/// Whether a term of one pod means another.
fn means(owner: &Load, term: &Value, other: &Load) -> bool {
    let named = term["namespaces"].as_array().filter(|names| !names.is_empty());
    let namespace = match named {
        Some(names) => names.iter().any(|name| name.as_str() == Some(&*other.key.namespace)),
        None => term.get("namespaceSelector").is_some() || same_namespace(owner, other),
    };
    namespace && Selector::of(&term["labelSelector"]).is_ok_and(|selector| matches(&selector, other))
}

fn terms<'p>(pod: &'p Load, which: &str) -> &'p [Value] {
    let path = format!("/{which}/requiredDuringSchedulingIgnoredDuringExecution");
    pod.affinity.pointer(&path).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// What stands between the pod and those that are there: the words, and whether nobody's going would help.
fn between(pod: &Load, node: &Node, everywhere: &Everywhere) -> Option<(&'static str, bool)> {
    let labels = &node.metadata.labels;
    let domain = |term: &Value| labels.get(term["topologyKey"].as_str().unwrap_or_default());
    let key = |term: &Value| term["topologyKey"].as_str().unwrap_or_default().to_owned();
    for term in terms(pod, "podAffinity") {
        let there = domain(term)
            .is_some_and(|value| everywhere.in_domain(&key(term), value).any(|other| means(pod, term, other)));
        // The first of its kind may go anywhere.
        let first =
            means(pod, term, pod) && !everywhere.pods().any(|other| means(pod, term, other)) && domain(term).is_some();
        if !there && !first {
            return Some(("node(s) didn't match pod affinity rules", true));
        }
    }
    for term in terms(pod, "podAntiAffinity") {
        let there = domain(term)
            .is_some_and(|value| everywhere.in_domain(&key(term), value).any(|other| means(pod, term, other)));
        if there {
            return Some(("node(s) didn't match pod anti-affinity rules", false));
        }
    }
    for (others, used) in &everywhere.nodes {
        for other in &used.there {
            for term in terms(other, "podAntiAffinity") {
                let key = key(term);
                if labels.get(&key).is_some() && labels.get(&key) == others.get(&key) && means(other, term, pod) {
                    return Some(("node(s) didn't satisfy existing pods anti-affinity rules", false));
                }
            }
        }
    }
    None
}
