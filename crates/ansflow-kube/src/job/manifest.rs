//! What is created for a command: a Job, and a Secret with its environment.

#[cfg(test)]
mod tests;

use super::pin::{self, Pin};
use super::{OURS, RECEIVER, STEP, Task};
use crate::object::Obj;
use ansflow_core::spec::PodWorkspace;
use base64::Engine as _;
use serde_json::{Map, Value as Json, json};

/// After its end a Job stays so long, to be looked at.
const STAYS: u32 = 3_600;
/// The user of containers, where the step names none.
const USER: u32 = 1_000;
/// So long a command has to end when it is asked to, in seconds.
const GRACE: u32 = 10;
/// So long the pod waits for its workspace to be brought, and to be fetched, in seconds.
const WAITS: u32 = 600;

/// The Secret with the environment.
#[must_use]
pub fn secret(task: &Task) -> Option<Obj> {
    let encoded = |value: &String| Json::from(base64::engine::general_purpose::STANDARD.encode(value));
    let data: Map<String, Json> = task.env.iter().map(|(name, value)| (name.clone(), encoded(value))).collect();
    Obj::new(json!({
        "apiVersion": "v1", "kind": "Secret", "type": "Opaque",
        "metadata": { "name": task.name, "namespace": task.namespace, "labels": task.labels },
        "data": data,
    }))
}

/// The Job; its pod is where `pin` asks it to be.
#[must_use]
pub fn job(task: &Task, pin: Pin) -> Option<Obj> {
    let place = &task.place;
    let user = place.run_as_user.unwrap_or(USER);
    let workspace = match &place.workspace {
        PodWorkspace::Upload => json!({ "name": "workspace", "emptyDir": {} }),
        PodWorkspace::Claim(name) => json!({ "name": "workspace", "persistentVolumeClaim": { "claimName": name } }),
    };
    let mounts = json!([
        { "name": "workspace", "mountPath": task.workspace },
        { "name": "ours", "mountPath": OURS },
    ]);
    let resources = json!({ "requests": pairs(&place.requests), "limits": pairs(&place.limits) });
    let mut spec = json!({
        "restartPolicy": "Never",
        "terminationGracePeriodSeconds": GRACE,
        "automountServiceAccountToken": place.service_account.is_some(),
        "securityContext": security_of_pod(user),
        "volumes": [workspace, { "name": "ours", "emptyDir": {} }],
        "containers": [{
            "name": STEP,
            "image": place.image,
            "command": ["sh", "-c", main_text(task), STEP],
            "args": task.command,
            "workingDir": task.workspace,
            "envFrom": [{ "secretRef": { "name": task.name } }],
            "resources": resources,
            "securityContext": security(user),
            "volumeMounts": mounts,
        }],
    });
    if place.workspace == PodWorkspace::Upload {
        spec["initContainers"] = json!([{
            "name": RECEIVER,
            "image": place.image,
            "command": ["sh", "-c", receiver_text()],
            "resources": resources,
            "securityContext": security(user),
            "volumeMounts": mounts,
        }]);
    }
    if let Some(account) = &place.service_account {
        spec["serviceAccountName"] = account.as_str().into();
    }
    if !place.node_selector.is_empty() {
        spec["nodeSelector"] = pairs(&place.node_selector);
    }
    let mut labels = task.labels.clone();
    if let PodWorkspace::Claim(claim) = &place.workspace {
        labels.insert(pin::CLAIM.to_owned(), pin::label(claim));
        if let Some(affinity) = pin::affinity(claim, pin) {
            spec["affinity"] = affinity;
        }
    }
    Obj::new(json!({
        "apiVersion": "batch/v1", "kind": "Job",
        "metadata": { "name": task.name, "namespace": task.namespace, "labels": task.labels },
        "spec": {
            "backoffLimit": 0,
            "activeDeadlineSeconds": task.seconds,
            "ttlSecondsAfterFinished": STAYS,
            "template": { "metadata": { "labels": labels }, "spec": spec },
        },
    }))
}

/// What `restricted` asks for, where the step runs as nobody special.
fn security_of_pod(user: u32) -> Json {
    let mut security = json!({ "runAsUser": user, "fsGroup": user, "seccompProfile": { "type": "RuntimeDefault" } });
    if user != 0 {
        security["runAsGroup"] = user.into();
        security["runAsNonRoot"] = true.into();
    }
    security
}

fn security(user: u32) -> Json {
    match user {
        // Whoever asks for root means to install something.
        0 => json!({ "allowPrivilegeEscalation": false }),
        _ => json!({ "allowPrivilegeEscalation": false, "capabilities": { "drop": ["ALL"] } }),
    }
}

fn pairs(pairs: &[(String, String)]) -> Json {
    Json::Object(pairs.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect())
}

/// Waits until the workspace was brought.
fn receiver_text() -> String {
    format!(
        "trap 'exit 143' TERM; i=0; while [ ! -e {OURS}/ready ]; do i=$((i+1)); [ $i -gt {} ] && {{ echo 'the workspace was not brought'; exit 1; }}; \
         sleep 0.2; done",
        WAITS * 5
    )
}

/// Runs the command, says its end in the log, and waits until the workspace was fetched. The shell is the pod's first process:
/// it hands on what it is asked, and then waits for nobody.
fn main_text(task: &Task) -> String {
    let wait = format!(
        "i=0; while [ -z \"$asked\" ] && [ ! -e {OURS}/fetched ] && [ $i -lt {} ]; do i=$((i+1)); sleep 0.2; done; ",
        WAITS * 5
    );
    format!(
        "cd {directory} || exit 1; mkdir -p {OURS}/home; : > {OURS}/output; \"$@\" < /dev/null & child=$!; asked=; \
         trap 'asked=1; kill -TERM $child 2>/dev/null' TERM; wait $child; code=$?; \
         while kill -0 $child 2>/dev/null; do wait $child; code=$?; done; \
         echo \"{mark} $code\"; {wait}exit $code",
        directory = quoted(&task.directory),
        mark = task.mark,
    )
}

pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
