//! The pipeline as its author means it: one typed model for every shape that a file may have.
//!
//! [`parse`] reads and checks, [`print()`] writes the canonical shape. The model keeps places in the file for messages;
//! two pipelines are equal when they mean the same, wherever it stands. Nothing here runs, resolves or asks the world.

mod check;
mod named_secrets;
mod names;
mod print;
mod read;
mod rename;
mod sequence;
mod spanned;
mod variables;

#[cfg(test)]
mod tests;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

pub use crate::plan::{Backoff, Cache, Condition, GroupPolicy, PipelineKind, Retry, RetryOn};
pub use named_secrets::named_secrets;
pub use print::print;
pub use read::params::{Params, Setting};
pub use rename::renamed;
pub use spanned::Spanned;

pub(crate) use check::{images, inherit};
pub(crate) use names::{Context, Names};
pub(crate) use sequence::Sequence;
pub use variables::RESERVED;
pub(crate) use variables::{Knowledge, Variables, each_text};

use crate::catalog::StepType;
use crate::diagnostic::{Diagnostic, Span};
use crate::yaml::Node;

/// What is read: a file's bytes and what its run is told.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The file.
    pub text: &'a [u8],
    /// Its name without directory and extension; the pipeline's name where the file gives none.
    pub file_stem: &'a str,
    /// Variables from outside the file, such as `--var`; they win over the file's.
    pub variables: &'a Map<String, Json>,
}

/// Reads a pipeline and checks all that can be known without running it. All problems at once, sorted by place; the
/// pipeline only where none of them is an error.
#[must_use]
pub fn parse(source: &Source<'_>) -> (Option<Pipeline>, Vec<Diagnostic>) {
    read::parse(source)
}

/// What a file says.
#[derive(Debug, Clone, PartialEq)]
pub struct Pipeline {
    /// Its name.
    pub name: Spanned<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Where its steps do their work.
    pub kind: PipelineKind,
    /// The image that shell steps of a pipeline of type `docker` run in where they name none.
    pub image: Option<Text>,
    /// Its variables, in the order of the file.
    pub variables: Vec<Variable>,
    /// Environment of every step.
    pub env: Vec<EnvVar>,
    /// What starts it.
    pub triggers: Vec<Trigger>,
    /// The longest a run may take, in milliseconds.
    pub timeout_ms: Option<u64>,
    /// The declared parallel groups.
    pub groups: Vec<Group>,
    /// Names of its stages; empty when it has none.
    pub stages: Vec<Spanned<String>>,
    /// Its steps, in the order of the file.
    pub steps: Vec<Step>,
    /// Where its texts come from.
    pub origin: Origin,
}

/// The text of the file, for places inside its texts. Any two are equal, because where a thing stands is no part of
/// what it means.
#[derive(Clone, Default)]
pub struct Origin(Arc<str>);

impl Origin {
    /// A range of bytes of a node's text, in the file.
    pub(crate) fn locate(&self, node: &Node, range: Range<usize>) -> Span {
        node.locate(&self.0, range)
    }
}

impl PartialEq for Origin {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// Without the text, which would drown what is around it.
impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Origin({} bytes)", self.0.len())
    }
}

/// A variable of the file.
#[derive(Debug, Clone)]
pub struct Variable {
    /// Its name, in any script.
    pub name: Spanned<String>,
    /// Its value; texts may hold `{{ }}`.
    pub value: Node,
}

impl PartialEq for Variable {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.value.to_json() == other.value.to_json()
    }
}

/// A variable of the environment.
#[derive(Debug, Clone, PartialEq)]
pub struct EnvVar {
    /// Its name, `[A-Za-z_][A-Za-z0-9_]*`.
    pub name: Spanned<String>,
    /// Its value, a text with `{{ }}`.
    pub value: Text,
}

/// A text with its node, so that a place inside it can be found in the file.
#[derive(Debug, Clone)]
pub struct Text {
    /// The text.
    pub text: String,
    /// Where it stands.
    pub node: Node,
    /// Where it begins in the node's text, in bytes.
    pub offset: usize,
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// What starts a pipeline.
#[derive(Debug, Clone, PartialEq)]
pub enum Trigger {
    /// A person.
    Manual,
    /// A call of the API.
    Api,
    /// The clock.
    Schedule {
        /// Five fields: minute, hour, day of month, month, day of week.
        cron: String,
        /// A name of the time zone database; UTC where none is given.
        timezone: Option<String>,
    },
    /// A push.
    Webhook {
        /// Only these branches, as globs; empty: all.
        branches: Vec<String>,
        /// Only when files below these globs changed; empty: whatever changed.
        paths: Vec<String>,
    },
}

/// A declared parallel group. A group also exists by use.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Its name.
    pub name: Spanned<String>,
    /// When it has ended.
    pub policy: GroupPolicy,
    /// The longest it may take, in milliseconds.
    pub timeout_ms: Option<u64>,
}

/// People who are asked before a step starts.
#[derive(Debug, Clone, PartialEq)]
pub struct Approval {
    /// Who may say yes; empty: anybody who may run the pipeline.
    pub approvers: Vec<String>,
    /// How many of them, at least 1.
    pub required: u32,
    /// How long they have, in milliseconds.
    pub timeout_ms: Option<u64>,
    /// What they are told, a text with `{{ }}`.
    pub message: Option<Text>,
}

/// One step.
#[derive(Debug, Clone)]
pub struct Step {
    /// Its name, unique in the pipeline.
    pub name: Spanned<String>,
    /// What it does.
    pub kind: &'static StepType,
    /// What it is for.
    pub description: Option<String>,
    /// Index into the pipeline's stages.
    pub stage: Option<usize>,
    /// Its place among the steps; without one it stays behind the step it stands behind.
    pub order: Option<i64>,
    /// The steps it waits for; none: its predecessor.
    pub needs: Option<Vec<Spanned<String>>>,
    /// The parallel group it belongs to.
    pub group: Option<Spanned<String>>,
    /// Runs only when this expression is true.
    pub when: Option<Text>,
    /// Runs only when all of these hold.
    pub conditions: Vec<StepCondition>,
    /// How often it is tried.
    pub retry: Option<Retry>,
    /// The longest an attempt may take, in milliseconds.
    pub timeout_ms: Option<u64>,
    /// People who are asked first; an `approval` step always has them, from its parameters.
    pub approval: Option<Approval>,
    /// Its failure does not fail the run.
    pub continue_on_failure: bool,
    /// Its own environment.
    pub env: Vec<EnvVar>,
    /// Directory it works in, relative to the workspace, a text with `{{ }}`.
    pub working_directory: Option<Text>,
    /// Files that are kept, as globs, texts with `{{ }}`.
    pub artifacts: Vec<Text>,
    /// Paths that are kept from run to run.
    pub cache: Vec<Cache>,
    /// Its parameters, by canonical name.
    pub params: Params,
    /// The whole step.
    pub span: Span,
}

/// A condition and where its value stands.
#[derive(Debug, Clone)]
pub struct StepCondition {
    /// The condition.
    pub condition: Condition,
    /// Its value, or its type where it has none.
    pub node: Node,
}

impl PartialEq for StepCondition {
    fn eq(&self, other: &Self) -> bool {
        self.condition == other.condition
    }
}

impl PartialEq for Step {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
            && self.kind.word == other.kind.word
            && self.description == other.description
            && self.stage == other.stage
            && self.order == other.order
            && self.needs == other.needs
            && self.group == other.group
            && self.when == other.when
            && self.conditions == other.conditions
            && self.retry == other.retry
            && self.timeout_ms == other.timeout_ms
            && self.approval == other.approval
            && self.continue_on_failure == other.continue_on_failure
            && self.env == other.env
            && self.working_directory == other.working_directory
            && self.artifacts == other.artifacts
            && self.cache == other.cache
            && self.params == other.params
    }
}
