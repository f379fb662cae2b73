//! The third door to the rules: `/sim.ansflow.io/v1`, for administrators only. Everything there says that it is simulated.

use std::time::Duration;

use serde_json::{Value, json};

use super::rule::{Rule, Span};
use crate::config::Speed;
use crate::door::Actor;
use crate::sim::Sim;
use crate::status::Status;

/// Where it begins.
const ROOT: &str = "/sim.ansflow.io/v1";

/// The clock jumps so far at once and no further.
const FARTHEST: Duration = Duration::from_secs(366 * 24 * 3_600);

/// What of a path follows the root, where it begins there.
pub(crate) fn below(path: &str) -> Option<&str> {
    path.strip_prefix(ROOT).filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Answers a request; `path` is what follows the root.
pub(crate) fn answer(sim: &Sim, actor: &Actor, method: &str, path: &str, body: &[u8]) -> Result<Value, Status> {
    if !actor.is_in("system:masters") {
        let message =
            format!("forbidden: User \"{}\" cannot {} path \"{ROOT}{path}\"", actor.user, method.to_lowercase());
        return Err(Status::new(403, "Forbidden", message));
    }
    let steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
    match (method, steps.as_slice()) {
        ("GET", []) => Ok(about(sim)),
        ("GET", ["faults"]) => {
            let all = sim.faults().all();
            Ok(all.into_iter().map(|(name, rule)| (name, written(&rule))).collect::<serde_json::Map<_, _>>().into())
        }
        ("GET", ["faults", name]) => match sim.faults().get(name) {
            Some(rule) => Ok(written(&rule)),
            None => Err(missing(name)),
        },
        ("PUT", ["faults", name]) => {
            let rule: Rule = serde_json::from_slice(body).map_err(|why| Status::bad_request(why.to_string()))?;
            let said = written(&rule);
            sim.faults().put(name, rule);
            Ok(said)
        }
        ("DELETE", ["faults", name]) if sim.faults().remove(name) => Ok(json!({"status": "Success"})),
        ("DELETE", ["faults", name]) => Err(missing(name)),
        ("POST", ["clock"]) => {
            let asked: Value = serde_json::from_slice(body).map_err(|why| Status::bad_request(why.to_string()))?;
            let span = asked["advance"].as_str().and_then(Span::parse);
            let Some(span) = span.filter(|span| span.0 <= FARTHEST) else {
                return Err(Status::bad_request("`advance` must be a span of time as `30s`, of a year at most"));
            };
            sim.advance(span.0);
            Ok(json!({"now": sim.now_micros().rfc3339_micro()}))
        }
        (_, [] | ["faults"] | ["faults", _] | ["clock"]) => Err(Status::method_not_allowed()),
        _ => Err(Status::new(404, "NotFound", "the server could not find the requested resource")),
    }
}

fn about(sim: &Sim) -> Value {
    let speed = match sim.config().speed {
        Speed::Real(speed) => json!(speed),
        Speed::Manual => json!("manual"),
    };
    json!({"simulated": true, "seed": sim.config().seed, "speed": speed, "now": sim.now_micros().rfc3339_micro()})
}

fn written(rule: &Rule) -> Value {
    serde_json::to_value(rule).unwrap_or_default()
}

fn missing(name: &str) -> Status {
    Status::new(404, "NotFound", format!("there is no fault \"{name}\""))
}
