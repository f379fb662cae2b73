//! The pod failure policy: what a failed pod means, by exit code or by condition.

use serde_json::Value;

use crate::controllers::pods::Seen;

/// What becomes of the job.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// One more failure.
    Count,
    /// As if the pod had not been.
    Ignore,
    /// Its number fails for good.
    FailIndex,
    /// The job fails at once; this is why.
    FailJob(String),
}

/// What the rules say of a failed pod: the first that matches counts.
pub(super) fn judge(rules: &[Value], pod: &Seen) -> Verdict {
    for (at, rule) in rules.iter().enumerate() {
        let action = rule["action"].as_str().unwrap_or_default();
        let who = || format!("{}/{}", pod.0.namespace(), pod.0.name());
        let why = if rule["onExitCodes"].is_object() {
            exit_code(&rule["onExitCodes"], pod).map(|(container, code)| {
                format!(
                    "Container {container} for pod {} failed with exit code {code} matching {action} rule at index {at}",
                    who()
                )
            })
        } else {
            condition(&rule["onPodConditions"], pod)
                .map(|kind| format!("Pod {} has condition {kind} matching {action} rule at index {at}", who()))
        };
        match (why, action) {
            (None, _) => {}
            (Some(why), "FailJob") => return Verdict::FailJob(why),
            (Some(_), "Ignore") => return Verdict::Ignore,
            (Some(_), "FailIndex") => return Verdict::FailIndex,
            (Some(_), _) => return Verdict::Count,
        }
    }
    Verdict::Count
}

fn exit_code(wanted: &Value, (_, pod): &Seen) -> Option<(String, i64)> {
    let only = wanted["containerName"].as_str();
    let is_in = wanted["operator"] == "In";
    let values = wanted["values"].as_array().map(Vec::as_slice).unwrap_or_default();
    let all = pod.status.container_statuses.iter().chain(&pod.status.init_container_statuses);
    all.filter(|container| only.is_none_or(|only| only == container.name)).find_map(|container| {
        let code = container.state.terminated.as_ref()?.exit_code;
        let listed = values.iter().any(|value| value.as_i64() == Some(code));
        (code != 0 && listed == is_in).then(|| (container.name.clone(), code))
    })
}

fn condition(patterns: &Value, (_, pod): &Seen) -> Option<String> {
    let patterns = patterns.as_array().map(Vec::as_slice).unwrap_or_default();
    let matches = |pattern: &&Value| {
        let kind = pattern["type"].as_str().unwrap_or_default();
        let status = pattern["status"].as_str().unwrap_or("True");
        pod.condition(kind).is_some_and(|condition| *condition.status == *status)
    };
    patterns.iter().find(matches).and_then(|pattern| pattern["type"].as_str()).map(str::to_owned)
}
