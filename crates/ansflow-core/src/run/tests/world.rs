//! A run with its log and a clock, which looks after every input whether a crash could have made a difference.

use jiff::Timestamp;

use crate::plan::{Plan, PlannedStep, Retry, StepIndex};
use crate::run::apply::later;
use crate::run::{Attempt, Event, Fact, Input, Refusal, Run, RunCreated, RunFacts};

/// One run, all that happened to it, and what time it is.
pub(super) struct World {
    pub(super) run: Run,
    pub(super) log: Vec<Event>,
    pub(super) now: Timestamp,
}

impl World {
    pub(super) fn new(created: RunCreated) -> World {
        let mut world = World { run: Run::new(), log: Vec::new(), now: epoch() };
        world.send(&Input::Create(Box::new(created))).unwrap();
        world
    }

    pub(super) fn wait(&mut self, ms: u64) {
        self.now = later(self.now, ms);
    }

    /// Sends an input, and checks that nothing that could happen to the process makes a difference.
    pub(super) fn send(&mut self, input: &Input) -> Result<Vec<Event>, Refusal> {
        let before = self.run.clone();
        let decided = before.decide(input, self.now);
        let events = self.run.advance(input, self.now);
        assert_eq!(decided, events, "deciding and advancing differ");
        match &events {
            Ok(events) => {
                self.check_crashes(events);
                self.log.extend_from_slice(events);
            }
            Err(_) => assert_eq!(self.run, before, "a refused input changed something"),
        }
        events
    }

    /// A crash between any two appends changes nothing: the run that is loaded goes on with what was missing.
    fn check_crashes(&self, events: &[Event]) {
        for kept in 1..=events.len() {
            let stored = self.log.iter().chain(&events[..kept]);
            let mut loaded = Run::replay(stored).unwrap();
            let rest = loaded.advance(&Input::Tick, self.now).unwrap();
            assert_eq!(rest, events[kept..], "after a crash the run goes on differently");
            assert_eq!(loaded, self.run);
            assert_eq!(loaded.wanted(), self.run.wanted());
            assert!(loaded.stopping().eq(self.run.stopping()));
            assert_eq!(loaded.wake_at(), self.run.wake_at());
            assert_eq!(loaded.status(), self.run.status());
        }
        let loaded = Run::replay(self.log.iter().chain(events)).unwrap();
        assert_eq!(loaded, self.run);
        assert_eq!(loaded.wake_at(), self.run.wake_at());
    }

    pub(super) fn step(&self, name: &str) -> StepIndex {
        self.run.plan().steps.iter().position(|step| step.name == name).unwrap()
    }

    pub(super) fn facts(&self) -> impl Iterator<Item = &Fact> {
        self.log.iter().map(|event| &event.fact)
    }
}

pub(super) fn epoch() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

pub(super) fn attempt(step: StepIndex, number: u32) -> Attempt {
    Attempt { step, number }
}

/// A run of these steps, on a laptop, with plenty of slots.
pub(super) fn created(steps: Vec<PlannedStep>) -> RunCreated {
    let plan = Plan {
        kind: crate::plan::PipelineKind::Local,
        late: serde_json::Map::new(),
        pipeline: "shop".to_owned(),
        variables: serde_json::Map::new(),
        env: Vec::new(),
        timeout_ms: None,
        groups: Vec::new(),
        steps,
    };
    let facts = RunFacts {
        build_number: 7,
        trigger: "manual".to_owned(),
        by: "mona".to_owned(),
        workspace: "/src/shop".to_owned(),
        git_branch: None,
        git_commit: None,
        repository: None,
        retry_of: None,
    };
    RunCreated { run: "run_1".to_owned(), plan, facts, carried: Vec::new(), deselected: Vec::new(), concurrency: 8 }
}

/// A step of which only the name and the needs matter.
pub(super) fn step(name: &str, needs: &[StepIndex]) -> PlannedStep {
    PlannedStep {
        working_directory: None,
        cache: Vec::new(),
        name: name.to_owned(),
        kind: "command".to_owned(),
        stage: None,
        needs: needs.to_vec(),
        group: None,
        conditions: Vec::new(),
        retry: Retry::default(),
        timeout_ms: None,
        approval: None,
        continue_on_failure: false,
        env: Vec::new(),
        artifacts: Vec::new(),
        params: serde_json::Map::new(),
    }
}
