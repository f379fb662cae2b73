//! What a name means to a step that starts: `env`, `secrets`, and all that the run knows.

use serde_json::{Map, Value as Json};

use super::{World, directory};
use crate::expr::{ExprError, Lookup};
use crate::plan::{PlannedStep, StepIndex};
use crate::template::Template;
use crate::variables;

/// Names that a run gives values to, besides variables and those with words behind them.
const KNOWN: [&str; 6] =
    ["git_branch", "git_commit", "build_number", "docker_image", "environment", "working_directory"];

/// The names of one step, and its environment.
pub(super) struct Scope<'a> {
    world: &'a World<'a>,
    index: StepIndex,
    step: &'a PlannedStep,
    env: Vec<(String, String)>,
    /// Where the step works, absolute, once that is known; the environment and the directory itself are filled before.
    directory: Option<String>,
}

impl<'a> Scope<'a> {
    /// Fills the environment first: the pipeline's, then the step's, each seeing what came before it as `env.NAME`.
    pub(super) fn of(world: &'a World<'a>, index: StepIndex) -> Result<Self, String> {
        let plan = world.run.plan();
        let mut scope = Self { world, index, step: &plan.steps[index], env: Vec::new(), directory: None };
        for env in [&plan.env, &scope.step.env] {
            let mut filled = Vec::with_capacity(env.len());
            for (name, text) in env {
                let value = scope.text(&format!("env.{name}"), text)?;
                if value.contains('\0') {
                    return Err(scope.say(&format!("env.{name}"), "the value holds a NUL character"));
                }
                filled.push((name.clone(), value));
            }
            for (name, value) in filled {
                scope.env.retain(|(known, _)| *known != name);
                scope.env.push((name, value));
            }
        }
        Ok(scope)
    }

    /// Tells what `working_directory` means from now on: a path below the workspace.
    pub(super) fn works_in(&mut self, directory: &str) {
        let workspace = self.world.run.created().facts.workspace.trim_end_matches('/');
        let absolute = if directory.is_empty() { workspace.to_owned() } else { format!("{workspace}/{directory}") };
        self.directory = Some(absolute).filter(|_| self.step.working_directory.is_some());
    }

    pub(super) fn env(&self) -> Vec<(String, String)> {
        self.env.clone()
    }

    /// A text with every hole filled.
    pub(super) fn text(&self, param: &str, text: &str) -> Result<String, String> {
        if !text.contains("{{") {
            return Ok(text.to_owned());
        }
        let template = Template::parse(text).map_err(|errors| self.error(param, &errors[0]))?;
        template.render(&|path: &[String]| self.lookup(path)).map_err(|error| self.error(param, &error))
    }

    /// A value with every hole filled; a text that is one hole and nothing else takes the value's type.
    pub(super) fn value(&self, param: &str, value: &Json) -> Result<Json, String> {
        variables::fill(value, &|path| self.lookup(path)).map_err(|error| self.error(param, &error))
    }

    pub(super) fn lookup(&self, path: &[String]) -> Lookup {
        variables::lookup(self.world.run.plan(), path, &|path| self.known(path))
    }

    fn known(&self, path: &[String]) -> Lookup {
        match path {
            [first, name] if first == "env" => {
                let own = self.env.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
                match own.or_else(|| (self.world.env)(name)) {
                    Some(value) => Lookup::Value(Json::String(value)),
                    None => Lookup::Absent(format!("the environment has no `{name}`")),
                }
            }
            [first, name] if first == "secrets" => match self.world.secrets.get(name) {
                Some(value) => Lookup::Value(Json::String(value.clone())),
                None => Lookup::Absent(format!("secret `{name}` was not given; give it with `--secret {name}`")),
            },
            [first, ..] if first == "env" || first == "secrets" => {
                Lookup::Unknown(format!("write `{first}.NAME`, with one name"))
            }
            path => match (path, &self.directory) {
                ([only], Some(directory)) if only == "working_directory" && !self.is_variable(only) => {
                    Lookup::Value(Json::String(directory.clone()))
                }
                _ => self.world.run.lookup(self.index, path),
            },
        }
    }

    /// All that the step knows by name and that has a value, as one tree: for files that are filled where they lie.
    pub(super) fn names(&self) -> Map<String, Json> {
        let plan = self.world.run.plan();
        let value = |path: &[&str]| {
            let path: Vec<String> = path.iter().map(|word| (*word).to_owned()).collect();
            match self.lookup(&path) {
                Lookup::Value(value) => Some(value),
                Lookup::Absent(_) | Lookup::Unknown(_) | Lookup::Masked(_) => None,
            }
        };
        let of = |path: &str, words: &[&str]| {
            let inner = words.iter().filter_map(|word| Some(((*word).to_owned(), value(&[path, word])?)));
            Json::Object(inner.collect())
        };
        let mut names = Map::new();
        let variables = plan.variables.keys().chain(plan.late.keys()).map(String::as_str);
        for name in variables.chain(KNOWN) {
            names.extend(value(&[name]).map(|value| (name.to_owned(), value)));
        }
        names.insert("pipeline".to_owned(), of("pipeline", &["name", "build_number"]));
        names.insert("run".to_owned(), of("run", &["id", "trigger", "by"]));
        let texts = |pairs: &mut dyn Iterator<Item = (&String, &String)>| {
            Json::Object(pairs.map(|(name, text)| (name.clone(), Json::String(text.clone()))).collect())
        };
        names.insert("env".to_owned(), texts(&mut self.env.iter().map(|(name, text)| (name, text))));
        names.insert("secrets".to_owned(), texts(&mut self.world.secrets.iter()));
        names.insert("steps".to_owned(), Json::Object(self.world.run.results(self.index)));
        names
    }

    /// An absolute path that lies in the workspace, relative to it.
    pub(super) fn below_workspace(&self, path: &str) -> Result<String, String> {
        directory::below(&self.world.run.created().facts.workspace, path)
    }

    fn is_variable(&self, name: &str) -> bool {
        self.world.run.plan().variables.contains_key(name)
    }

    pub(super) fn say(&self, param: &str, why: &str) -> String {
        format!("step `{}`, `{param}`: {why}", self.step.name)
    }

    pub(super) fn error(&self, param: &str, error: &ExprError) -> String {
        let help = error.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
        self.say(param, &format!("{}{help}", error.message))
    }
}
