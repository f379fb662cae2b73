//! Scenarios: a kind, a number of replicas, what stood there before, a trouble, and when it heals.

use super::troubles::{TROUBLES, Trouble, image};
use crate::bend::chance;
use serde_json::{Value as Json, json};

pub(crate) const NAMESPACE: &str = "warehouse";
const NAME: &str = "picker";
pub(crate) const IMAGE: &str = "harbor.example.net/logistics/picker";

/// Something that is done in the cluster.
#[derive(Clone)]
pub(crate) enum Act {
    Apply(Json),
    Rule(&'static str, Json),
    TakeRule(&'static str),
    Pass(i64),
}

/// How it must be judged.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expected {
    Ready,
    Failed(&'static [&'static str]),
}

pub(crate) struct Scenario {
    pub(crate) name: String,
    pub(crate) seed: u64,
    pub(crate) before: Vec<Act>,
    pub(crate) settle: i64,
    pub(crate) manifests: Vec<Json>,
    pub(crate) acts: Vec<(i64, Act)>,
    pub(crate) expected: Expected,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Runs {
    Deployment,
    StatefulSet,
    DaemonSet,
    Job,
    Pod,
}

/// What stood there before.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Past {
    Nothing,
    Healthy,
    Broken,
}

/// A scenario that two numbers make.
pub(crate) fn draw(which: u64, how: u64) -> Scenario {
    let pick = |salt: &str, of: usize| usize::try_from(chance(which ^ how.rotate_left(17), salt) % of as u64).unwrap();
    let trouble = &TROUBLES[pick("trouble", TROUBLES.len())];
    let runs =
        [Runs::Deployment, Runs::Deployment, Runs::StatefulSet, Runs::DaemonSet, Runs::Job, Runs::Pod][pick("runs", 6)];
    let runs = match (runs, trouble.name) {
        // Who applies a bare pod is refused himself, which is another story.
        (Runs::Pod, "a quota is full") => Runs::Job,
        // A Job is not asked whether it is ready, and may be done before any probe.
        (Runs::Job, "answers 404" | "nobody listens" | "killed by its probe once") => Runs::Deployment,
        (runs, _) => runs,
    };
    let past = match runs {
        Runs::Job | Runs::Pod => Past::Nothing,
        // An ordered set keeps a broken pod until somebody deletes it: what is wrong with that is another story.
        Runs::StatefulSet => [Past::Nothing, Past::Healthy][pick("past", 2)],
        _ => [Past::Nothing, Past::Healthy, Past::Broken][pick("past", 3)],
    };
    let replicas = 1 + pick("replicas", 4);
    let heals = trouble.heals.filter(|_| pick("heals", 2) == 0);
    let acts: Vec<(i64, Act)> = heals
        .map(|(latest, act)| (latest * i64::try_from(15 + pick("when", 84)).unwrap() / 100, act()))
        .into_iter()
        .collect();
    let is_well = trouble.causes.is_empty() || heals.is_some();
    // Where no node is meant, a set of one pod a node is complete with none.
    let is_well = is_well || (runs == Runs::DaemonSet && trouble.causes == ["unschedulable_constraints"]);
    let expected = if is_well { Expected::Ready } else { Expected::Failed(causes(trouble, runs)) };
    let mut before = Vec::new();
    match past {
        Past::Nothing => {}
        Past::Healthy => before.push(Act::Apply(workload(runs, replicas, &|_| ()))),
        Past::Broken => before.push(Act::Apply(workload(runs, replicas, &|pod| image(pod, "missing")))),
    }
    if past != Past::Nothing {
        before.push(Act::Pass(20_000));
    }
    before.extend((trouble.stands)());
    let when = acts.first().map_or(String::new(), |(at, _)| format!(", heals at {at}"));
    let mark = |pod: &mut Json| {
        pod["spec"]["containers"][0]["env"] = json!([{ "name": "VERSION", "value": "2" }]);
        (trouble.pod)(pod);
    };
    Scenario {
        name: format!("{runs:?} × {replicas} after {past:?}: {}{when} ({which}, {how})", trouble.name),
        seed: how % 1_000,
        before,
        settle: 500,
        manifests: vec![workload(runs, replicas, &mark)],
        acts,
        expected,
    }
}

/// A Job gives up by itself, and is called by what it says then, or by the reason for it.
fn causes(trouble: &Trouble, runs: Runs) -> &'static [&'static str] {
    match (runs, trouble.causes) {
        (Runs::Job, ["crash_loop" | "oom_killed" | "init_container"]) => {
            &["job_failed", "crash_loop", "oom_killed", "init_container"]
        }
        (_, causes) => causes,
    }
}

fn workload(runs: Runs, replicas: usize, change: &dyn Fn(&mut Json)) -> Json {
    let labels = json!({ "app": NAME });
    let container = json!({ "name": "main", "image": format!("{IMAGE}:7") });
    let mut pod = json!({
        "metadata": { "labels": labels, "annotations": {} },
        "spec": { "containers": [container], "terminationGracePeriodSeconds": 3 },
    });
    change(&mut pod);
    let (version, kind) = match runs {
        Runs::Deployment => ("apps/v1", "Deployment"),
        Runs::StatefulSet => ("apps/v1", "StatefulSet"),
        Runs::DaemonSet => ("apps/v1", "DaemonSet"),
        Runs::Job => ("batch/v1", "Job"),
        Runs::Pod => ("v1", "Pod"),
    };
    let mut object =
        json!({ "apiVersion": version, "kind": kind, "metadata": { "name": NAME, "namespace": NAMESPACE } });
    let selector = json!({ "matchLabels": labels });
    match runs {
        Runs::Deployment => object["spec"] = json!({ "replicas": replicas, "selector": selector, "template": pod }),
        Runs::StatefulSet => {
            object["spec"] =
                json!({ "replicas": replicas, "serviceName": NAME, "selector": selector, "template": pod });
        }
        Runs::DaemonSet => object["spec"] = json!({ "selector": selector, "template": pod }),
        Runs::Job => {
            pod["spec"]["restartPolicy"] = "OnFailure".into();
            object["spec"] = json!({ "backoffLimit": 6, "template": pod });
        }
        Runs::Pod => {
            object["metadata"]["labels"] = pod["metadata"]["labels"].clone();
            object["metadata"]["annotations"] = pod["metadata"]["annotations"].clone();
            object["spec"] = pod["spec"].clone();
        }
    }
    object
}
