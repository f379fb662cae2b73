//! What the level `restricted` forbids beyond `baseline`: all that a careful program can do without.

use serde_json::Value;

use super::{Violation, named, pods, quoted, those};

const VOLUMES: [&str; 9] = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
];

/// Each control in the order of its id.
pub(super) fn all(spec: &Value) -> [Option<Violation>; 6] {
    [escalation(spec), capabilities(spec), volumes(spec), non_root(spec), root_user(spec), seccomp(spec)]
}

fn escalation(spec: &Value) -> Option<Violation> {
    if spec["os"]["name"] == "windows" {
        return None;
    }
    let names = those(spec, |container| container["securityContext"]["allowPrivilegeEscalation"] != false);
    let told = || format!("{} must set securityContext.allowPrivilegeEscalation=false", named("container", &names));
    (!names.is_empty()).then(|| ("allowPrivilegeEscalation != false", told()))
}

fn capabilities(spec: &Value) -> Option<Violation> {
    let list = |container: &Value, field: &str| {
        let all = container["securityContext"]["capabilities"][field].as_array().cloned().unwrap_or_default();
        all.into_iter().filter_map(|one| one.as_str().map(str::to_owned)).collect::<Vec<String>>()
    };
    let is_wrong = |name: &String| name != "NET_BIND_SERVICE";
    let keeps = those(spec, |container| !list(container, "drop").iter().any(|one| one == "ALL"));
    let adds = those(spec, |container| list(container, "add").iter().any(is_wrong));
    let mut wrong: Vec<String> =
        pods::containers(spec).flat_map(|container| list(container, "add")).filter(is_wrong).collect();
    wrong.sort();
    wrong.dedup();
    let mut told: Vec<String> = Vec::new();
    if !keeps.is_empty() {
        told.push(format!("{} must set securityContext.capabilities.drop=[\"ALL\"]", named("container", &keeps)));
    }
    if !adds.is_empty() {
        let which = quoted(&wrong);
        told.push(format!(
            "{} must not include {which} in securityContext.capabilities.add",
            named("container", &adds)
        ));
    }
    (!told.is_empty()).then(|| ("unrestricted capabilities", told.join("; ")))
}

fn volumes(spec: &Value) -> Option<Violation> {
    let source = |volume: &Value| {
        let fields = volume.as_object().into_iter().flatten().map(|(field, _)| field.clone());
        fields.into_iter().find(|field| field != "name").unwrap_or_else(|| "unknown".to_owned())
    };
    let all: Vec<&Value> = spec["volumes"].as_array().into_iter().flatten().collect();
    let wrong: Vec<&&Value> = all.iter().filter(|volume| !VOLUMES.contains(&source(volume).as_str())).collect();
    let names: Vec<&str> = wrong.iter().filter_map(|volume| volume["name"].as_str()).collect();
    let mut types: Vec<String> = wrong.iter().map(|volume| source(volume)).collect();
    types.sort();
    types.dedup();
    let verb = if names.len() == 1 { "uses" } else { "use" };
    let noun = if types.len() == 1 { "restricted volume type" } else { "restricted volume types" };
    (!names.is_empty())
        .then(|| ("restricted volume types", format!("{} {verb} {noun} {}", named("volume", &names), quoted(&types))))
}

fn non_root(spec: &Value) -> Option<Violation> {
    let says = |holder: &Value| holder["securityContext"]["runAsNonRoot"].as_bool();
    let of_pod = says(spec);
    let refuses = those(spec, |container| says(container) == Some(false));
    let silent = those(spec, |container| says(container).is_none() && of_pod != Some(true));
    let mut told: Vec<String> = Vec::new();
    if of_pod == Some(false) {
        told.push("pod must not set securityContext.runAsNonRoot=false".to_owned());
    }
    if !refuses.is_empty() {
        told.push(format!("{} must not set securityContext.runAsNonRoot=false", named("container", &refuses)));
    }
    // One that says no is told of alone.
    if told.is_empty() && !silent.is_empty() {
        told.push(format!("pod or {} must set securityContext.runAsNonRoot=true", named("container", &silent)));
    }
    (!told.is_empty()).then(|| ("runAsNonRoot != true", told.join(", ")))
}

fn root_user(spec: &Value) -> Option<Violation> {
    let is_root = |holder: &Value| holder["securityContext"]["runAsUser"] == 0;
    let names = those(spec, is_root);
    let mut who: Vec<String> = Vec::new();
    if is_root(spec) {
        who.push("pod".to_owned());
    }
    if !names.is_empty() {
        who.push(named("container", &names));
    }
    (!who.is_empty()).then(|| ("runAsUser=0", format!("{} must not set runAsUser=0", who.join(" and "))))
}

fn seccomp(spec: &Value) -> Option<Violation> {
    let says = |holder: &Value| holder["securityContext"]["seccompProfile"]["type"].as_str().map(str::to_owned);
    let fine = |profile: &Option<String>| matches!(profile.as_deref(), Some("RuntimeDefault" | "Localhost"));
    let of_pod = says(spec);
    let wrong = those(spec, |container| says(container).is_some() && !fine(&says(container)));
    let silent = those(spec, |container| says(container).is_none() && !fine(&of_pod));
    let must = "must not set securityContext.seccompProfile.type to \"Unconfined\"";
    let mut told: Vec<String> = Vec::new();
    if of_pod.is_some() && !fine(&of_pod) {
        told.push(format!("pod {must}"));
    }
    if !wrong.is_empty() {
        told.push(format!("{} {must}", named("container", &wrong)));
    }
    if told.is_empty() && !silent.is_empty() {
        told.push(format!(
            "pod or {} must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\"",
            named("container", &silent)
        ));
    }
    (!told.is_empty()).then(|| ("seccompProfile", told.join(", ")))
}
