//! What a name means to a step: variables, the run, its git checkout, and the results of the steps that it follows.
//!
//! `env.*` and `secrets.*` are not here: a run never knows them.

use std::collections::HashSet;

use serde_json::{Map, Value as Json, json};

use super::Run;
use super::event::{Gains, StepFinished, StepStatus};
use super::inherit::DOCKER_IMAGE;
use crate::expr::Lookup;
use crate::plan::StepIndex;
use crate::variables;

impl Run {
    /// What a name means to step `i`. Results are those of steps that `i` follows, directly or not, because only they
    /// have ended for certain; a masked output is no value.
    ///
    /// # Panics
    /// When the plan has no step `i`.
    #[must_use]
    pub fn lookup(&self, i: StepIndex, path: &[String]) -> Lookup {
        let words: Vec<&str> = path.iter().map(String::as_str).collect();
        let facts = &self.created().facts;
        let sources = self.steps[i].sources;
        if let ([DOCKER_IMAGE], Some(source)) = (&words[..], sources.docker_image) {
            return self.output(source, DOCKER_IMAGE);
        }
        match words[..] {
            ["steps", name, ..] => self.lookup_step(i, name, &path[2..]),
            ["pipeline", "name"] => Lookup::Value(json!(self.plan().pipeline)),
            ["pipeline", "build_number"] => Lookup::Value(json!(facts.build_number)),
            ["run", "id"] => Lookup::Value(json!(self.created().run)),
            ["run", "trigger"] => Lookup::Value(json!(facts.trigger)),
            ["run", "by"] => Lookup::Value(json!(facts.by)),
            ["steps" | "pipeline" | "run"] => Lookup::Unknown(format!("`{}` is no value by itself", words[0])),
            ["pipeline", other, ..] => Lookup::Unknown(format!("`pipeline` has name and build_number, not `{other}`")),
            ["run", other, ..] => Lookup::Unknown(format!("`run` has id, trigger and by, not `{other}`")),
            // What the author or the caller says wins over what the world says, so that `--var git_branch=…` helps.
            [name, ..] if self.plan().variables.contains_key(name) => variables::inside(&self.plan().variables, path),
            [name, ..] if self.plan().late.contains_key(name) => {
                variables::lookup(self.plan(), path, &|path| self.lookup(i, path))
            }
            ["git_branch"] => {
                let gained = sources.git_branch.and_then(|source| self.gains(source)?.git_branch.clone());
                git(gained.or_else(|| facts.git_branch.clone()))
            }
            ["git_commit"] => {
                let gained = sources.git_commit.and_then(|source| self.gains(source)?.git_commit.clone());
                git(gained.or_else(|| facts.git_commit.clone()))
            }
            ["build_number"] => Lookup::Value(json!(facts.build_number)),
            [DOCKER_IMAGE] => Lookup::Absent("no step before this one has built an image".to_owned()),
            ["environment", ..] => Lookup::Absent("the variable `environment` has no value".to_owned()),
            ["working_directory"] => Lookup::Value(json!(self.absolute_directory(i))),
            [name, ..] => Lookup::Unknown(format!("there is no variable `{name}`")),
            [] => Lookup::Unknown("an empty name means nothing".to_owned()),
        }
    }

    /// What is known of the steps that `i` follows, by name, as `steps.NAME` means it; without what was masked.
    ///
    /// # Panics
    /// When the plan has no step `i`.
    #[must_use]
    pub fn results(&self, i: StepIndex) -> Map<String, Json> {
        let ended = (0..self.steps.len()).filter_map(|other| Some((other, self.steps[other].finished()?)));
        let told = |(other, finished): (StepIndex, &StepFinished)| {
            let Gains { outputs, masked, .. } = &finished.gains;
            let outputs = outputs.iter().filter(|(key, _)| !masked.contains(key));
            let outputs: Map<String, Json> = outputs.map(|(key, value)| (key.clone(), value.clone())).collect();
            let mut told = Map::from_iter([
                ("status".to_owned(), json!(finished.status.as_str())),
                ("outputs".to_owned(), Json::Object(outputs)),
            ]);
            told.extend(finished.exit_code.map(|code| ("exit_code".to_owned(), json!(code))));
            (self.name(other).to_owned(), Json::Object(told))
        };
        ended.filter(|(other, _)| *other != i && self.follows(i, *other)).map(told).collect()
    }

    fn absolute_directory(&self, i: StepIndex) -> String {
        let workspace = &self.created().facts.workspace;
        match self.directory(i) {
            "" => workspace.clone(),
            below => format!("{}/{below}", workspace.trim_end_matches('/')),
        }
    }

    fn lookup_step(&self, i: StepIndex, name: &str, within: &[String]) -> Lookup {
        let Some(&other) = self.frame.by_name.get(name) else {
            return Lookup::Unknown(format!("there is no step `{name}`"));
        };
        let Some(finished) = self.steps[other].finished().filter(|_| self.follows(i, other)) else {
            return Lookup::Unknown(self.why_not_followed(i, other));
        };
        let words: Vec<&str> = within.iter().map(String::as_str).collect();
        match words[..] {
            ["status"] => Lookup::Value(json!(finished.status.as_str())),
            ["exit_code"] => match finished.exit_code {
                Some(code) => Lookup::Value(json!(code)),
                None => Lookup::Absent(format!("step `{name}` has no exit code")),
            },
            ["outputs", key] => self.output(other, key),
            ["outputs", key, ..] => match self.output(other, key) {
                Lookup::Value(value) => variables::inner(&value, key, &within[2..]),
                lookup @ (Lookup::Absent(_) | Lookup::Unknown(_) | Lookup::Masked(_)) => lookup,
            },
            _ => Lookup::Unknown(format!("`steps.{name}` has status, exit_code and outputs.KEY")),
        }
    }

    /// Why results are out of reach, and on a second line what to do.
    fn why_not_followed(&self, i: StepIndex, other: StepIndex) -> String {
        let (this, name) = (self.name(i), self.name(other));
        if i == other {
            return format!("step `{this}` has no results while it is not over");
        }
        format!(
            "step `{this}` does not follow step `{name}`, so its results may not be there yet\nadd `{name}` to the needs of `{this}`"
        )
    }

    fn output(&self, i: StepIndex, key: &str) -> Lookup {
        let Some(finished) = self.steps[i].finished() else {
            return Lookup::Absent(format!("step `{}` has not ended", self.name(i)));
        };
        if finished.gains.masked.iter().any(|masked| masked == key) {
            return Lookup::Masked(
                "the output held a secret and was masked; use {{ secrets.NAME }} in this step instead".to_owned(),
            );
        }
        match finished.gains.outputs.get(key) {
            Some(value) => Lookup::Value(value.clone()),
            None => Lookup::Absent(self.why_no_output(finished, key)),
        }
    }

    fn why_no_output(&self, finished: &StepFinished, key: &str) -> String {
        let name = self.name(finished.step);
        let outputs = &finished.gains.outputs;
        match finished.status {
            StepStatus::Success if outputs.is_empty() => format!("step `{name}` has no outputs, so no `{key}`"),
            StepStatus::Success => {
                let known: Vec<&str> = outputs.keys().map(String::as_str).collect();
                format!("step `{name}` has no output `{key}`, but {}", known.join(", "))
            }
            StepStatus::Failed
            | StepStatus::Skipped
            | StepStatus::Cancelled
            | StepStatus::TimedOut
            | StepStatus::Pending
            | StepStatus::Waiting
            | StepStatus::Running
            | StepStatus::Retrying => {
                format!("step `{name}` is {}, so it has no output `{key}`", finished.status.as_str())
            }
        }
    }

    /// Whether `i` starts only after `other` has ended: seen at once where all steps behind `other` do, else by a walk
    /// back that goes no further than `other` stands.
    pub(super) fn follows(&self, i: StepIndex, other: StepIndex) -> bool {
        let rank = &self.frame.rank;
        if rank[i] <= rank[other] || self.frame.waist[other] {
            return rank[i] > rank[other];
        }
        let mut seen = HashSet::new();
        let mut open = vec![i];
        while let Some(step) = open.pop() {
            for &need in &self.plan().steps[step].needs {
                if need == other {
                    return true;
                }
                if rank[need] > rank[other] && seen.insert(need) {
                    open.push(need);
                }
            }
        }
        false
    }
}

fn git(value: Option<String>) -> Lookup {
    value.map_or_else(|| Lookup::Absent("not inside a git checkout".to_owned()), |text| Lookup::Value(json!(text)))
}
