//! HorizontalPodAutoscalers: every fifteen seconds within their bounds. There is no metrics API here; what it would say can be
//! put in the annotation `sim.ansflow.io/metrics`, as `{"cpu": 80}` in percent.

use std::time::Duration;

use serde_json::{Value, json};

use super::known::known;
use super::{Step, conditions, part, tell};
use crate::object::{Object, ObjectExt};
use crate::store::{ChangeKind, Entry, Key, Stored};
use crate::world::controller::{Controller, Keys, Outcome};
use crate::world::cx::Cx;

const COMPONENT: &str = "horizontal-pod-autoscaler";
const PERIOD: Duration = Duration::from_secs(15);
/// Less than a tenth beside the target is left alone.
const TOLERANCE: f64 = 0.1;
const NO_METRICS: &str = "unable to fetch metrics from resource metrics API: \
    the server could not find the requested resource (get pods.metrics.k8s.io)";

pub(super) struct Autoscalers;

impl Controller for Autoscalers {
    fn name(&self) -> &'static str {
        COMPONENT
    }

    fn interested(&self, change: &Entry, cx: &Cx<'_>, queue: &mut Keys) {
        if change.key().kind == known().hpa && change.change == ChangeKind::Added {
            queue.add_at(cx.now().plus(PERIOD), change.key().clone());
        }
    }

    fn reconcile(&mut self, cx: &mut Cx<'_>, key: &Key) -> Outcome {
        let Some(stored) = cx.stored(key) else { return Outcome::Done };
        let Some(scaler) = cx.thaw(&stored) else { return Outcome::Done };
        // Whatever came of it: it looks again when it always does.
        let _looked = look(cx, &stored, &scaler);
        Outcome::After(PERIOD)
    }
}

/// What is to be, and in whose words.
struct Wish {
    replicas: i64,
    why: String,
    /// Where a metric was read.
    metrics: Option<Value>,
}

fn look(cx: &mut Cx<'_>, stored: &Stored, scaler: &Object) -> Step<()> {
    let now = cx.now();
    let mut status = part(scaler, "status").as_object().cloned().unwrap_or_default();
    let mut all = conditions::of(scaler);
    let reference = &part(scaler, "spec")["scaleTargetRef"];
    let text = |field: &str| reference[field].as_str().unwrap_or_default();
    let kind = cx.sim.kinds().of(text("apiVersion"), text("kind"));
    let target = kind.map(|kind| Key::new(kind.id, scaler.namespace(), text("name")));
    let found = target.as_ref().and_then(|key| cx.stored(key)).and_then(|found| cx.thaw(&found));
    let (Some(key), Some(target)) = (target, found) else {
        let said = format!(
            "the HPA controller was unable to get the target's current scale: {} \"{}\" not found",
            text("kind").to_lowercase(),
            text("name")
        );
        conditions::replace(&mut all, conditions::plain("AbleToScale", "False", "FailedGetScale", &said, now));
        tell::warning(cx, stored, COMPONENT, "FailedGetScale", &said);
        return write(cx, stored, scaler, status, all);
    };
    let current = target.int("/spec/replicas").unwrap_or(1);
    let least = scaler.int("/spec/minReplicas").unwrap_or(1);
    let most = scaler.int("/spec/maxReplicas").unwrap_or(1);
    let wish = match current {
        0 => {
            let said = "scaling is disabled since the replica count of the target is zero";
            conditions::replace(&mut all, conditions::plain("ScalingActive", "False", "ScalingDisabled", said, now));
            None
        }
        _ if current > most => Some(Wish::bound(most, "Current number of replicas above Spec.MaxReplicas")),
        _ if current < least => Some(Wish::bound(least, "Current number of replicas below Spec.MinReplicas")),
        _ => {
            let said = "the HPA controller was able to get the target's current scale";
            conditions::replace(&mut all, conditions::plain("AbleToScale", "True", "SucceededGetScale", said, now));
            measured(cx, stored, scaler, current, &mut all)
        }
    };
    status.insert("currentReplicas".to_owned(), current.into());
    if let Some(metrics) = wish.as_ref().and_then(|wish| wish.metrics.clone()) {
        status.insert("currentMetrics".to_owned(), metrics);
    } else if current <= most && current >= least {
        status.insert("currentMetrics".to_owned(), json!([{"type": ""}]));
    }
    let desired = wish.as_ref().map_or(current, |wish| wish.replicas.clamp(least, most));
    if let Some(wish) = wish.filter(|_| desired != current) {
        cx.change(&key, None, &mut |object| object.put(&["spec", "replicas"], desired.into()))?;
        let said = format!("the HPA controller was able to update the target scale to {desired}");
        conditions::replace(&mut all, conditions::plain("AbleToScale", "True", "SucceededRescale", &said, now));
        status.insert("lastScaleTime".to_owned(), now.rfc3339().into());
        let said = format!("New size: {desired}; reason: {}", wish.why);
        tell::normal(cx, stored, COMPONENT, "SuccessfulRescale", &said);
    }
    status.insert("desiredReplicas".to_owned(), desired.into());
    write(cx, stored, scaler, status, all)
}

impl Wish {
    fn bound(replicas: i64, why: &str) -> Wish {
        Wish { replicas, why: why.to_owned(), metrics: None }
    }
}

/// What the metrics ask for; they are read from the annotation, or there are none.
fn measured(cx: &mut Cx<'_>, stored: &Stored, scaler: &Object, current: i64, all: &mut Vec<Value>) -> Option<Wish> {
    let now = cx.now();
    let fixed: Value = scaler
        .annotations()
        .get("sim.ansflow.io/metrics")
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    let metric = scaler.items("/spec/metrics").first()?;
    let name = metric["resource"]["name"].as_str().unwrap_or("cpu");
    let Some(used) = fixed[name].as_f64() else {
        let short =
            format!("failed to get {name} utilization: unable to get metrics for resource {name}: {NO_METRICS}");
        let said = format!("the HPA was unable to compute the replica count: {short}");
        conditions::replace(all, conditions::plain("ScalingActive", "False", "FailedGetResourceMetric", &said, now));
        tell::warning(cx, stored, COMPONENT, "FailedGetResourceMetric", &short);
        let invalid = format!(
            "invalid metrics (1 invalid out of 1), first error is: failed to get {name} resource metric value: {short}"
        );
        tell::warning(cx, stored, COMPONENT, "FailedComputeMetricsReplicas", &invalid);
        return None;
    };
    let said = format!(
        "the HPA was able to successfully calculate a replica count from {name} resource utilization (percentage of request)"
    );
    conditions::replace(all, conditions::plain("ScalingActive", "True", "ValidMetricFound", &said, now));
    let target = metric["resource"]["target"]["averageUtilization"].as_f64().unwrap_or(80.0).max(1.0);
    let ratio = used / target;
    let replicas = if (ratio - 1.0).abs() <= TOLERANCE { current } else { scaled(current, ratio) };
    let (least, most) = (scaler.int("/spec/minReplicas").unwrap_or(1), scaler.int("/spec/maxReplicas").unwrap_or(1));
    let (is, reason, words) = match replicas {
        _ if replicas > most => {
            ("True", "TooManyReplicas", "the desired replica count is more than the maximum replica count")
        }
        _ if replicas < least => {
            ("True", "TooFewReplicas", "the desired replica count is less than the minimum replica count")
        }
        _ => ("False", "DesiredWithinRange", "the desired count is within the acceptable range"),
    };
    conditions::replace(all, conditions::plain("ScalingLimited", is, reason, words, now));
    let why = match ratio > 1.0 {
        true => format!("{name} resource utilization (percentage of request) above target"),
        false => "All metrics below target".to_owned(),
    };
    let current = json!({"averageUtilization": used.round(), "averageValue": "0"});
    let metrics = json!([{"type": "Resource", "resource": {"name": name, "current": current}}]);
    Some(Wish { replicas, why, metrics: Some(metrics) })
}

#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "replicas are few")]
fn scaled(current: i64, ratio: f64) -> i64 {
    (current as f64 * ratio).ceil() as i64
}

fn write(cx: &mut Cx<'_>, stored: &Stored, scaler: &Object, mut status: Object, all: Vec<Value>) -> Step<()> {
    if !all.is_empty() {
        status.insert("conditions".to_owned(), all.into());
    }
    if *part(scaler, "status") != Value::Object(status.clone()) {
        cx.change(&stored.key, Some("status"), &mut |object| {
            object.insert("status".to_owned(), status.clone().into());
        })?;
    }
    Ok(())
}
