//! What a step can be: every type with its parameters, rules, texts and examples.
//!
//! The one description of step types. Forms, documentation, the JSON Schema, validation and `ansflow steps` read it,
//! so none of them knows a parameter by name. Plain static data: it judges no value and runs nothing.

mod ansible;
mod approval;
mod docker;
mod format;
mod git;
mod kubernetes;
mod notify;
mod param;
mod replaced;
mod shell;
pub mod view;

#[cfg(test)]
mod tests;

pub use approval::APPROVAL_PARAMS;
pub use format::{Format, Misfit};
pub use kubernetes::NO_HELM;
pub use param::{Inherit, Param, ParamKind, named};
pub(crate) use shell::POD;

/// A type of step.
#[derive(Debug)]
pub struct StepType {
    /// What stands after `type:`.
    pub word: &'static str,
    /// Other words for it, from the first implementation.
    pub aliases: &'static [&'static str],
    /// Its name on a screen.
    pub title: &'static str,
    /// The same in Chinese.
    pub title_zh: &'static str,
    /// What it does, in one sentence.
    pub summary: &'static str,
    /// The same in Chinese.
    pub summary_zh: &'static str,
    /// Where a list of types shows it.
    pub category: Category,
    /// Why it cannot run yet, for the user; `None`: it runs.
    pub unavailable: Option<&'static str>,
    /// What it takes, the most important first.
    pub params: &'static [Param],
    /// What holds between the parameters.
    pub rules: &'static [Rule],
    /// Keys that the first implementation knew and we do not, each with the sentence what to use instead.
    pub refused: &'static [(&'static str, &'static str)],
    /// Steps as YAML maps, each with `name` and `type`.
    pub examples: &'static [&'static str],
}

impl StepType {
    /// The parameter with this key or alias.
    #[must_use]
    pub fn param(&self, key: &str) -> Option<&'static Param> {
        param::named(self.params, key)
    }

    /// The outputs that such a step gives, where it gives these and no others.
    #[must_use]
    pub fn outputs(&self) -> Option<&'static [&'static str]> {
        // `docker_run` may write more to its output file, as shells do.
        match self.word {
            "docker_build" | "docker_push" | "docker_pull" => Some(docker::OUTPUTS),
            "k8s_deploy" => Some(kubernetes::OUTPUTS),
            _ => None,
        }
    }

    /// The sentence what to use instead of a key of the first implementation.
    #[must_use]
    pub fn refusal(&self, key: &str) -> Option<&'static str> {
        self.refused.iter().find(|(refused, _)| *refused == key).map(|(_, instead)| *instead)
    }
}

/// What holds between the parameters of a step.
///
/// A rule looks only at parameters that are shown (see [`Param::show_when`](field@Param::show_when)). A default never
/// counts as given; an inherited value counts for [`Rule::AnyOf`] only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Exactly one of these is given.
    OneOf(&'static [&'static str]),
    /// At least one of these is given or inherited.
    AnyOf(&'static [&'static str]),
    /// Not both of these are given.
    NotBoth(&'static str, &'static str),
    /// Where both are given the first is used, which deserves a warning.
    Wins(&'static str, &'static str),
    /// The first makes sense only where the second is given.
    OnlyWith(&'static str, &'static str),
}

impl Rule {
    /// The keys it speaks of.
    #[must_use]
    pub fn keys(self) -> Vec<&'static str> {
        match self {
            Rule::OneOf(keys) | Rule::AnyOf(keys) => keys.to_vec(),
            Rule::NotBoth(a, b) | Rule::Wins(a, b) | Rule::OnlyWith(a, b) => vec![a, b],
        }
    }
}

/// Where a list of types shows a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// Shell texts and scripts.
    Shell,
    /// Getting the code.
    Source,
    /// Configuring hosts.
    Configuration,
    /// Asking people.
    Approval,
    /// Telling people.
    Notification,
    /// Images and containers.
    Docker,
    /// Clusters and Helm.
    Kubernetes,
}

impl Category {
    /// The word of the JSON output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Category::Shell => "shell",
            Category::Source => "source",
            Category::Configuration => "configuration",
            Category::Approval => "approval",
            Category::Notification => "notification",
            Category::Docker => "docker",
            Category::Kubernetes => "kubernetes",
        }
    }

    /// Its name on a screen.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Category::Shell => "Shell",
            Category::Source => "Source code",
            Category::Configuration => "Configuration",
            Category::Approval => "Approval",
            Category::Notification => "Notification",
            Category::Docker => "Docker",
            Category::Kubernetes => "Kubernetes",
        }
    }

    /// The same in Chinese.
    #[must_use]
    pub fn title_zh(self) -> &'static str {
        match self {
            Category::Shell => "命令行",
            Category::Source => "代码",
            Category::Configuration => "配置管理",
            Category::Approval => "审批",
            Category::Notification => "通知",
            Category::Docker => "Docker",
            Category::Kubernetes => "Kubernetes",
        }
    }

    /// The key that may hold the parameters of such steps besides `config` and `parameters`.
    #[must_use]
    pub fn config_key(self) -> Option<&'static str> {
        match self {
            Category::Docker => Some("docker_config"),
            Category::Kubernetes => Some("k8s_config"),
            Category::Shell
            | Category::Source
            | Category::Configuration
            | Category::Approval
            | Category::Notification => None,
        }
    }
}

/// Parameters that may stand on the step itself, by key or alias, where its type has them.
pub const ON_STEP: &[&str] = &[
    "command",
    "script",
    "shell",
    "image",
    "docker_image",
    "docker_tag",
    "docker_registry",
    "k8s_cluster",
    "k8s_namespace",
    "k8s_resource_name",
];

/// Every type of step, in the order of lists.
#[must_use]
pub fn all() -> &'static [StepType] {
    ALL
}

/// The type with this word or alias.
#[must_use]
pub fn find(word: &str) -> Option<&'static StepType> {
    ALL.iter().find(|kind| kind.word == word || kind.aliases.contains(&word))
}

/// The sentence what to use instead of a type that the first implementation knew and we do not.
#[must_use]
pub fn replacement(word: &str) -> Option<&'static str> {
    replaced::REPLACED.iter().find(|(replaced, _)| *replaced == word).map(|(_, instead)| *instead)
}

const ALL: &[StepType] = &[
    shell::COMMAND,
    shell::SCRIPT,
    git::GIT,
    ansible::ANSIBLE,
    approval::APPROVAL,
    notify::NOTIFY,
    docker::BUILD,
    docker::RUN,
    docker::PUSH,
    docker::PULL,
    kubernetes::DEPLOY,
    kubernetes::SCALE,
    kubernetes::DELETE,
    kubernetes::WAIT,
    kubernetes::EXEC,
    kubernetes::LOGS,
];
