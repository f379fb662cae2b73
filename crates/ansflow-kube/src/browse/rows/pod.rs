//! A pod in one line: its status is the word that kubectl prints, by the same rules (`printPod` of Kubernetes 1.34).

use super::super::columns::Cell;
use crate::facts::{Container, Pod, State, Terminated};
use crate::object::Obj;
use jiff::Timestamp;

pub(crate) fn pod(object: &Obj) -> Vec<Cell> {
    let Ok(pod) = object.read::<Pod>() else {
        let phase = Cell::text(object.text(&["status", "phase"]).unwrap_or_default());
        return vec![Cell::None, phase, Cell::None, Cell::None, Cell::None, Cell::None, Cell::None];
    };
    let told = told(&pod);
    vec![
        Cell::ratio(told.ready, told.all),
        Cell::text(&told.word),
        Cell::Number(told.restarts),
        Cell::time(told.restarted_at),
        Cell::text(object.text(&["status", "podIP"]).unwrap_or_default()),
        Cell::text(pod.spec.node_name.as_deref().unwrap_or_default()),
        Cell::list(pod.spec.containers.iter().map(|container| &container.name)),
    ]
}

/// What a line says of a pod.
#[derive(Debug, Default)]
struct Told {
    word: String,
    ready: i64,
    all: i64,
    restarts: i64,
    restarted_at: Option<Timestamp>,
}

fn told(pod: &Pod) -> Told {
    let beside: Vec<&str> = pod
        .spec
        .init_containers
        .iter()
        .filter(|container| container.restart_policy.as_deref() == Some("Always"))
        .map(|container| container.name.as_str())
        .collect();
    let mut told = Told {
        word: if pod.status.reason.is_empty() { pod.status.phase.clone() } else { pod.status.reason.clone() },
        all: i64::try_from(pod.spec.containers.len() + beside.len()).unwrap_or_default(),
        ..Told::default()
    };
    if pod.condition("PodScheduled").is_some_and(|scheduled| scheduled.reason == "SchedulingGated") {
        told.word = "SchedulingGated".to_owned();
    }
    let initializes = init(pod, &beside, &mut told);
    if !initializes || pod.condition("Initialized").is_some_and(crate::facts::Condition::is_true) {
        main(pod, &beside, &mut told);
    }
    let has_ended = matches!(pod.status.phase.as_str(), "Succeeded" | "Failed");
    if pod.metadata.deletion_timestamp.is_some() {
        match pod.status.reason.as_str() {
            "NodeLost" => told.word = "Unknown".to_owned(),
            _ if !has_ended => told.word = "Terminating".to_owned(),
            _ => {}
        }
    }
    told
}

/// Whether an init container keeps the others waiting.
fn init(pod: &Pod, beside: &[&str], told: &mut Told) -> bool {
    let count = pod.spec.init_containers.len();
    for (at, container) in pod.status.init_container_statuses.iter().enumerate() {
        told.count(container);
        let state = &container.state;
        if state.terminated.as_ref().is_some_and(|end| end.exit_code == 0) {
            continue;
        }
        if beside.contains(&container.name.as_str()) && container.started {
            told.ready += i64::from(container.ready);
            continue;
        }
        told.word = match state {
            State { terminated: Some(end), .. } => format!("Init:{}", ended(end)),
            State { waiting: Some(waiting), .. } if !["", "PodInitializing"].contains(&waiting.reason.as_str()) => {
                format!("Init:{}", waiting.reason)
            }
            State { .. } => format!("Init:{at}/{count}"),
        };
        return true;
    }
    false
}

fn main(pod: &Pod, beside: &[&str], told: &mut Told) {
    // Restarts of init containers that have ended count no more.
    let keeps = pod.status.init_container_statuses.iter().filter(|it| beside.contains(&it.name.as_str()));
    told.restarts = keeps.map(|container| container.restart_count).sum();
    let mut runs = false;
    for container in pod.status.container_statuses.iter().rev() {
        told.count(container);
        match &container.state {
            State { waiting: Some(waiting), .. } if !waiting.reason.is_empty() => told.word = waiting.reason.clone(),
            State { terminated: Some(end), .. } => told.word = ended(end),
            State { running: Some(_), .. } if container.ready => {
                runs = true;
                told.ready += 1;
            }
            State { .. } => {}
        }
    }
    if runs && told.word == "Completed" {
        told.word = if pod.is_ready() { "Running" } else { "NotReady" }.to_owned();
    }
}

fn ended(end: &Terminated) -> String {
    match end.reason.as_str() {
        "" if end.exit_code > 128 => format!("Signal:{}", end.exit_code - 128),
        "" => format!("ExitCode:{}", end.exit_code),
        reason => reason.to_owned(),
    }
}

impl Told {
    fn count(&mut self, container: &Container) {
        self.restarts += container.restart_count;
        let ended = container.last_state.terminated.as_ref().and_then(|end| end.finished_at);
        self.restarted_at = self.restarted_at.max(ended);
    }
}
