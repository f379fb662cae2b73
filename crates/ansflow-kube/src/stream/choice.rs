//! Which pod is meant, where several could be: the newest ready one of the current version.
//!
//! The current version is that of the newest pod: whatever a controller makes last, it makes from its newest template, when it
//! goes back to an older one too. An old pod that is ready is not taken while new ones are coming: a migration that runs in the
//! old version does harm. Pure.

#[cfg(test)]
mod tests;

use crate::facts::Pod;
use jiff::Timestamp;

/// What was chosen, and what is to be said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The pod.
    pub pod: String,
    /// Its container that is meant where none is named.
    pub container: String,
    /// Which of how many, in words.
    pub why: String,
}

/// Chooses; an error says what there is instead of a ready pod.
pub fn choose<'a>(pods: impl IntoIterator<Item = &'a Pod>) -> Result<Choice, String> {
    let mut pods: Vec<&Pod> = pods.into_iter().filter(|pod| !pod.is_going() && !pod.has_ended()).collect();
    pods.sort_by(|a, b| age(b).cmp(&age(a)).then_with(|| a.metadata.name.cmp(&b.metadata.name)));
    let Some(newest) = pods.first() else { return Err("there is no pod that runs".to_owned()) };
    let current: Vec<&Pod> = pods.iter().filter(|pod| is_same_version(pod, newest)).copied().collect();
    let ready = current.iter().filter(|pod| pod.is_ready()).count();
    let Some(chosen) = current.iter().find(|pod| pod.is_ready()) else {
        let older = pods.len() - current.len();
        let of_older =
            if older == 0 { String::new() } else { format!(" ({older} of an older version are left alone)") };
        return Err(format!("none of {} is ready: {}{of_older}", count(current.len()), state(newest)));
    };
    let why = if ready == 1 { "the only one that is ready" } else { "the newest that is ready" };
    let container = chosen.default_container().unwrap_or_default().to_owned();
    Ok(Choice { pod: chosen.metadata.name.clone(), container, why: format!("{why} of {}", count(pods.len())) })
}

/// How far a pod is, in a few words.
fn state(pod: &Pod) -> String {
    let waiting = pod.all_containers().find_map(|(container, _)| {
        let waiting = container.state.waiting.as_ref()?;
        Some(format!("its container {} waits: {}", container.name, waiting.reason))
    });
    let name = &pod.metadata.name;
    format!("Pod/{name} is {}{}", pod.status.phase, waiting.map_or_else(String::new, |waiting| format!(", {waiting}")))
}

fn count(pods: usize) -> String {
    crate::text::count(i64::try_from(pods).unwrap_or(i64::MAX), "pod")
}

fn age(pod: &Pod) -> Timestamp {
    pod.metadata.creation_timestamp.unwrap_or(Timestamp::MIN)
}

/// Pods of different kinds of owners are as good as each other: who selects them by a label means all of them.
fn is_same_version(pod: &Pod, newest: &Pod) -> bool {
    let hash = |pod: &Pod| {
        let labels = &pod.metadata.labels;
        labels.get("pod-template-hash").or_else(|| labels.get("controller-revision-hash")).cloned()
    };
    match (hash(pod), hash(newest)) {
        (Some(one), Some(other)) => one == other,
        (None, _) | (_, None) => true,
    }
}
