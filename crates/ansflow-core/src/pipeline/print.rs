//! The canonical shape of a pipeline: flat, parameters under `config` by their canonical names, nothing that says only
//! what holds anyway. `parse(print(p)) == p`.

use serde_json::{Map, Value as Json, json};

use super::{Approval, Backoff, Condition, EnvVar, GroupPolicy, Pipeline, PipelineKind, Retry, RetryOn, Step, Trigger};
use crate::catalog::Category;
use crate::{duration, yaml};

/// The pipeline as canonical YAML.
#[must_use]
pub fn print(pipeline: &Pipeline) -> String {
    let mut map = Map::new();
    map.insert("name".to_owned(), json!(pipeline.name.value));
    put(&mut map, "description", pipeline.description.as_ref().map(|text| json!(text)));
    put(&mut map, "type", (pipeline.kind != PipelineKind::Local).then(|| json!(pipeline.kind.as_str())));
    put(&mut map, "image", pipeline.image.as_ref().map(|image| json!(image.text)));
    let variables: Map<String, Json> =
        pipeline.variables.iter().map(|own| (own.name.value.clone(), own.value.to_json())).collect();
    put(&mut map, "variables", (!variables.is_empty()).then_some(Json::Object(variables)));
    put(&mut map, "env", env(&pipeline.env));
    put(&mut map, "triggers", list(&pipeline.triggers, trigger));
    put(&mut map, "timeout", pipeline.timeout_ms.map(time));
    let groups: Map<String, Json> = pipeline
        .groups
        .iter()
        .map(|group| {
            let mut inner = Map::new();
            inner.insert("policy".to_owned(), json!(policy(group.policy)));
            put(&mut inner, "timeout", group.timeout_ms.map(time));
            (group.name.value.clone(), Json::Object(inner))
        })
        .collect();
    put(&mut map, "parallel_groups", (!groups.is_empty()).then_some(Json::Object(groups)));
    if pipeline.stages.is_empty() {
        put(&mut map, "steps", list(&pipeline.steps, step));
    } else {
        let stages = pipeline.stages.iter().enumerate().map(|(at, stage)| {
            let steps: Vec<Json> = pipeline.steps.iter().filter(|step| step.stage == Some(at)).map(step).collect();
            json!({ "name": stage.value, "steps": steps })
        });
        map.insert("stages".to_owned(), Json::Array(stages.collect()));
    }
    yaml::print(&Json::Object(map))
}

fn put(map: &mut Map<String, Json>, key: &str, value: Option<Json>) {
    if let Some(value) = value {
        map.insert(key.to_owned(), value);
    }
}

fn list<T>(items: &[T], print: impl Fn(&T) -> Json) -> Option<Json> {
    (!items.is_empty()).then(|| Json::Array(items.iter().map(print).collect()))
}

fn time(ms: u64) -> Json {
    json!(duration::print(ms))
}

fn env(env: &[EnvVar]) -> Option<Json> {
    let map: Map<String, Json> =
        env.iter().map(|variable| (variable.name.value.clone(), json!(variable.value.text))).collect();
    (!map.is_empty()).then_some(Json::Object(map))
}

fn trigger(trigger: &Trigger) -> Json {
    match trigger {
        Trigger::Manual => json!({ "type": "manual" }),
        Trigger::Api => json!({ "type": "api" }),
        Trigger::Schedule { cron, timezone } => {
            let mut map = Map::from_iter([("type".to_owned(), json!("schedule")), ("cron".to_owned(), json!(cron))]);
            put(&mut map, "timezone", timezone.as_ref().map(|zone| json!(zone)));
            Json::Object(map)
        }
        Trigger::Webhook { branches, paths } => {
            let mut map = Map::from_iter([("type".to_owned(), json!("webhook"))]);
            put(&mut map, "branches", list(branches, |glob| json!(glob)));
            put(&mut map, "paths", list(paths, |glob| json!(glob)));
            Json::Object(map)
        }
    }
}

fn policy(policy: GroupPolicy) -> &'static str {
    match policy {
        GroupPolicy::WaitAll => "wait_all",
        GroupPolicy::WaitAny => "wait_any",
        GroupPolicy::FailFast => "fail_fast",
    }
}

fn step(step: &Step) -> Json {
    let mut map = Map::new();
    map.insert("name".to_owned(), json!(step.name.value));
    map.insert("type".to_owned(), json!(step.kind.word));
    put(&mut map, "description", step.description.as_ref().map(|text| json!(text)));
    put(&mut map, "order", step.order.map(|order| json!(order)));
    let needs = step.needs.as_ref().map(|needs| needs.iter().map(|need| need.value.as_str()).collect::<Vec<_>>());
    put(&mut map, "needs", needs.map(|needs| json!(needs)));
    put(&mut map, "parallel_group", step.group.as_ref().map(|group| json!(group.value)));
    put(&mut map, "when", step.when.as_ref().map(|when| json!(when.text)));
    put(&mut map, "conditions", list(&step.conditions, |condition| self::condition(&condition.condition)));
    put(&mut map, "retry", step.retry.as_ref().map(retry));
    put(&mut map, "timeout", step.timeout_ms.map(time));
    // An approval step has its own under `config`.
    let approval = step.approval.as_ref().filter(|_| step.kind.category != Category::Approval);
    put(&mut map, "approval", approval.map(self::approval));
    put(&mut map, "continue_on_failure", step.continue_on_failure.then(|| json!(true)));
    put(&mut map, "env", env(&step.env));
    put(&mut map, "working_directory", step.working_directory.as_ref().map(|text| json!(text.text)));
    put(&mut map, "artifacts", list(&step.artifacts, |glob| json!(glob.text)));
    put(&mut map, "cache", list(&step.cache, |cache| json!({ "key": cache.key, "paths": cache.paths })));
    let params: Map<String, Json> =
        step.params.settings.iter().map(|given| (given.param.key.to_owned(), given.value.to_json())).collect();
    put(&mut map, "config", (!params.is_empty()).then_some(Json::Object(params)));
    Json::Object(map)
}

fn condition(condition: &Condition) -> Json {
    match condition {
        Condition::BranchEquals(value) => json!({ "type": "branch_equals", "value": value }),
        Condition::BranchMatches(value) => json!({ "type": "branch_matches", "value": value }),
        Condition::EnvironmentEquals(value) => json!({ "type": "environment_equals", "value": value }),
        Condition::Expression(value) => json!({ "type": "expression", "value": value }),
        Condition::OnSuccess => json!({ "type": "on_success" }),
        Condition::OnFailure => json!({ "type": "on_failure" }),
        Condition::Always => json!({ "type": "always" }),
    }
}

fn retry(retry: &Retry) -> Json {
    let mut map = Map::new();
    map.insert("attempts".to_owned(), json!(retry.attempts));
    put(&mut map, "delay", (retry.delay_ms > 0).then(|| time(retry.delay_ms)));
    let backoff = match retry.backoff {
        Backoff::Fixed => None,
        Backoff::Linear => Some("linear"),
        Backoff::Exponential => Some("exponential"),
    };
    put(&mut map, "backoff", backoff.map(|word| json!(word)));
    put(&mut map, "max_delay", retry.max_delay_ms.map(time));
    let words = retry.on.iter().map(|on| match on {
        RetryOn::Failed => "failed",
        RetryOn::TimedOut => "timed_out",
        RetryOn::Lost => "lost",
        RetryOn::Broken => "broken",
    });
    put(&mut map, "on", (retry.on != Retry::default_on()).then(|| json!(words.collect::<Vec<_>>())));
    Json::Object(map)
}

fn approval(approval: &Approval) -> Json {
    let mut map = Map::new();
    put(&mut map, "approvers", list(&approval.approvers, |name| json!(name)));
    put(&mut map, "required", (approval.required != 1).then(|| json!(approval.required)));
    put(&mut map, "timeout", approval.timeout_ms.map(time));
    put(&mut map, "message", approval.message.as_ref().map(|message| json!(message.text)));
    Json::Object(map)
}
