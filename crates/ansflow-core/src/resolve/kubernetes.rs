//! Steps on clusters.

mod pod;
mod short;

use serde_json::{Map, Value as Json};

pub(super) use self::pod::pod;

use super::fields::Fields;
use crate::catalog;
use crate::spec::{
    K8sDelete, K8sDeploy, K8sExec, K8sLogs, K8sScale, K8sWait, Place, Pods, Propagation, Source, StepSpec, Which,
};

/// As the catalogue has it: how long a step waits, in seconds, and from where to where that may be said.
const WAIT: (u64, u64, u64) = (300, 10, 3600);

pub(super) fn deploy(fields: &Fields<'_>) -> Result<StepSpec, String> {
    let with = fields.text("deploy_type")?;
    let is_helm = with.map_or(fields.step.params.contains_key("chart_name"), |with| with == "helm");
    if is_helm {
        return Err(fields.scope.say("deploy_type", catalog::NO_HELM));
    }
    let source = match source(fields)? {
        Some(source) => source,
        None if fields.step.params.contains_key("deployment_spec") => Source::Short(Box::new(short::read(fields)?)),
        None => Source::Look,
    };
    Ok(StepSpec::K8sDeploy(Box::new(K8sDeploy {
        place: place(fields)?,
        source,
        names: names(fields)?,
        timeout_ms: timeout(fields)?,
        wait: fields.boolean_or("wait_for_rollout", true)?,
        rollback: fields.boolean("rollback_on_failure")?,
        dry_run: fields.boolean("dry_run")?,
        prune: fields.boolean("prune")?,
        force_conflicts: fields.boolean("force_conflicts")?,
        recreate_immutable: fields.boolean("recreate_immutable")?,
        create_namespace: fields.boolean("create_namespace")?,
        resource_name: name(fields, "resource_name")?,
    })))
}

pub(super) fn scale(fields: &Fields<'_>) -> Result<StepSpec, String> {
    let replicas = fields.integer("replicas", 0, 100)?;
    Ok(StepSpec::K8sScale(Box::new(K8sScale {
        place: place(fields)?,
        kind: kind(fields)?,
        name: fields.required("resource_name")?.trim().to_owned(),
        replicas: replicas.ok_or_else(|| fields.scope.say("replicas", "it is not given"))?,
        current: fields.integer("current", 0, 100)?,
        wait: fields.boolean_or("wait_for_rollout", true)?,
        timeout_ms: timeout(fields)?,
    })))
}

pub(super) fn delete(fields: &Fields<'_>) -> Result<StepSpec, String> {
    let propagation = match fields.text("propagation")?.as_deref() {
        None | Some("background") => Propagation::Background,
        Some("foreground") => Propagation::Foreground,
        Some("orphan") => Propagation::Orphan,
        Some(other) => {
            let why = format!("`{}` is none of `background`, `foreground`, `orphan`", other.escape_debug());
            return Err(fields.scope.say("propagation", &why));
        }
    };
    let which = match source(fields)? {
        Some(source) => Which::Of(source),
        None => which(fields)?,
    };
    Ok(StepSpec::K8sDelete(Box::new(K8sDelete {
        place: place(fields)?,
        which,
        names: names(fields)?,
        ignore_not_found: fields.boolean_or("ignore_not_found", true)?,
        force: fields.boolean("force_delete")?,
        propagation,
        wait: fields.boolean_or("wait", true)?,
        timeout_ms: timeout(fields)?,
    })))
}

pub(super) fn wait(fields: &Fields<'_>) -> Result<StepSpec, String> {
    let mut conditions = fields.list("for")?;
    if conditions.is_empty() {
        conditions.push(fields.text("condition")?.unwrap_or_else(|| "available".to_owned()));
    }
    Ok(StepSpec::K8sWait(Box::new(K8sWait {
        place: place(fields)?,
        which: which(fields)?,
        conditions,
        any: fields.boolean("any")?,
        timeout_ms: timeout(fields)?,
    })))
}

pub(super) fn exec(fields: &Fields<'_>) -> Result<StepSpec, String> {
    let command = fields.words("command")?;
    if command.is_empty() {
        return Err(fields.scope.say("command", "it is empty"));
    }
    Ok(StepSpec::K8sExec(Box::new(K8sExec {
        place: place(fields)?,
        pods: pods(fields)?,
        container: name(fields, "container")?,
        command,
        stdin: fields.boolean("stdin")?,
        tty: fields.boolean("tty")?,
        timeout_ms: timeout(fields)?,
    })))
}

pub(super) fn logs(fields: &Fields<'_>) -> Result<StepSpec, String> {
    let since = match fields.step.params.contains_key("since_seconds") {
        true => Some(fields.duration("since_seconds", (0, 0, u64::MAX / 1000))?),
        false => None,
    };
    let until = name(fields, "until")?;
    Ok(StepSpec::K8sLogs(Box::new(K8sLogs {
        place: place(fields)?,
        pods: pods(fields)?,
        container: name(fields, "container")?,
        all_containers: fields.boolean("all_containers")?,
        tail_lines: Some(fields.integer("tail_lines", 0, 1_000_000)?.unwrap_or(100)),
        since_ms: since.filter(|ms| *ms > 0),
        follow: fields.boolean("follow")? || until.is_some(),
        previous: fields.boolean("previous")?,
        timestamps: fields.boolean("timestamps")?,
        until,
        timeout_ms: timeout(fields)?,
    })))
}

fn place(fields: &Fields<'_>) -> Result<Place, String> {
    let cluster = fields.required("cluster")?.trim().to_owned();
    Ok(Place { cluster, namespace: name(fields, "namespace")? })
}

fn timeout(fields: &Fields<'_>) -> Result<u64, String> {
    fields.duration("timeout", WAIT)
}

/// A text that says something.
fn name(fields: &Fields<'_>, param: &str) -> Result<Option<String>, String> {
    Ok(fields.text(param)?.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()))
}

fn kind(fields: &Fields<'_>) -> Result<String, String> {
    Ok(name(fields, "resource_type")?.unwrap_or_else(|| "deployment".to_owned()))
}

/// What was said with this step wins over the name that came from an earlier one.
fn which(fields: &Fields<'_>) -> Result<Which, String> {
    let kind = kind(fields)?;
    if let Some(selector) = name(fields, "selector")? {
        return Ok(Which::Selected { kind, selector });
    }
    let names = fields.list("resource_names")?;
    match names.is_empty() {
        false => Ok(Which::Named { kind, names }),
        true => Ok(Which::Named { kind, names: vec![fields.required("resource_name")?.trim().to_owned()] }),
    }
}

fn pods(fields: &Fields<'_>) -> Result<Pods, String> {
    if let Some(pod) = name(fields, "pod")? {
        return Ok(Pods::Named(pod));
    }
    match name(fields, "pod_selector")? {
        Some(selector) => Ok(Pods::Selected(selector)),
        None => Ok(Pods::Of(fields.required("resource_name")?.trim().to_owned())),
    }
}

/// Objects in place, or where they lie.
fn source(fields: &Fields<'_>) -> Result<Option<Source>, String> {
    if fields.step.params.get("manifest_content").is_some_and(|content| !content.is_null()) {
        return fields.documents("manifest_content").map(|documents| Some(Source::Inline(documents)));
    }
    Ok(name(fields, "manifest_path")?.map(Source::Path))
}

fn names(fields: &Fields<'_>) -> Result<Map<String, Json>, String> {
    Ok(if fields.boolean_or("template", true)? { fields.scope.names() } else { Map::new() })
}
