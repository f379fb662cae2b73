//! What a name in `{{ }}` or `when` can mean, as far as that is known before anything runs.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value as Json};

use super::variables::{Knowledge, RESERVED, Variables};
use super::{Pipeline, Sequence};
use crate::catalog::Category;
use crate::expr::NameUse;
use crate::pipeline::read::problems::did_you_mean;
use crate::yaml::{Node, Value};

/// Where a name stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Context {
    /// In a text of the step at this place.
    Text(usize),
    /// In a condition of the step at this place.
    Condition(usize),
    /// In a text that belongs to no step.
    Anywhere,
}

/// What is wrong with a name.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BadName {
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

/// All that is known of names.
pub(crate) struct Names<'p> {
    pipeline: &'p Pipeline,
    sequence: &'p Sequence,
    given: &'p Map<String, Json>,
    file: HashMap<&'p str, (Knowledge, &'p Node)>,
    places: HashMap<&'p str, usize>,
    rank: Vec<usize>,
    images: Vec<bool>,
    followers: HashSet<(usize, usize)>,
}

/// What the world says, besides variables.
const FACTS: &[&str] =
    &["build_number", "git_commit", "git_branch", "docker_image", "working_directory", "environment"];

impl<'p> Names<'p> {
    pub(crate) fn of(
        pipeline: &'p Pipeline,
        sequence: &'p Sequence,
        variables: &Variables<'p>,
        given: &'p Map<String, Json>,
    ) -> Self {
        let step = |place: usize| &pipeline.steps[sequence.shown[place]];
        let mut file: HashMap<&str, (Knowledge, &Node)> =
            pipeline.variables.iter().map(|own| (own.name.as_str(), (Knowledge::Late, &own.value))).collect();
        for (own, known) in &variables.sorted {
            file.insert(own.name.as_str(), (*known, &own.value));
        }
        let mut rank = vec![0; sequence.shown.len()];
        let mut images = vec![false; sequence.shown.len()];
        for (at, place) in sequence.sorted.iter().enumerate() {
            rank[*place] = at;
            // An image comes from a Docker step, or from a shell that writes it to its outputs.
            images[*place] = sequence.follows[*place].iter().any(|other| {
                images[*other] || matches!(step(*other).kind.category, Category::Docker | Category::Shell)
            });
        }
        let mut places = HashMap::new();
        for place in 0..sequence.shown.len() {
            places.entry(step(place).name.as_str()).or_insert(place);
        }
        Self { pipeline, sequence, given, file, places, rank, images, followers: HashSet::new() }
    }

    /// Whether the name can mean something there.
    pub(crate) fn check(&mut self, name: &NameUse, context: Context) -> Result<(), BadName> {
        let words: Vec<&str> = name.path.iter().map(String::as_str).collect();
        match words[..] {
            ["steps", ref rest @ ..] => self.check_step(rest, context),
            ["pipeline", ref rest @ ..] => member("pipeline", rest, &["name", "build_number"]),
            ["run", ref rest @ ..] => member("run", rest, &["id", "trigger", "by"]),
            ["env" | "secrets"] => {
                Err(bad(format!("`{}` is no value by itself", words[0]), Some(format!("write `{}.NAME`", words[0]))))
            }
            ["env" | "secrets", ..] if matches!(context, Context::Condition(_)) => Err(bad(
                format!("a condition does not see `{}`", words[0]),
                Some("use a variable, or let the step itself look".to_owned()),
            )),
            ["env" | "secrets", _] => Ok(()),
            ["env" | "secrets", name, ..] => {
                Err(bad(format!("`{}.{name}` is a text and has nothing inside", words[0]), None))
            }
            [first, ref rest @ ..] => self.check_variable(first, rest, name.optional, context),
            [] => Err(bad("an empty name means nothing".to_owned(), None)),
        }
    }

    fn check_variable(&self, name: &str, rest: &[&str], optional: bool, context: Context) -> Result<(), BadName> {
        if let Some(value) = self.given.get(name) {
            return inside_json(name, value, rest, optional);
        }
        if let Some((known, value)) = self.file.get(name) {
            if *known == Knowledge::Private && matches!(context, Context::Condition(_)) {
                return Err(bad(
                    format!("variable `{name}` holds `env` or `secrets`, which a condition does not see"),
                    Some("use another variable, or let the step itself look".to_owned()),
                ));
            }
            return inside_node(name, value, rest, optional);
        }
        if FACTS.contains(&name) {
            if !rest.is_empty() && name != "environment" {
                return Err(bad(format!("`{name}` has nothing inside"), None));
            }
            return match context {
                Context::Text(place) if name == "docker_image" && !optional && !self.images[place] => Err(bad(
                    "no step before this one can have made a `docker_image`".to_owned(),
                    Some("let it follow a `docker_build` step, or give a variable `docker_image`".to_owned()),
                )),
                Context::Text(_) | Context::Condition(_) | Context::Anywhere => Ok(()),
            };
        }
        if optional {
            return Ok(());
        }
        let known = self
            .given
            .keys()
            .map(String::as_str)
            .chain(self.file.keys().copied())
            .chain(FACTS.iter().copied())
            .chain(RESERVED.iter().copied());
        let help = match did_you_mean(name, known) {
            Some(near) => near.trim_end().to_owned(),
            None if matches!((name, context), ("always" | "on_failure" | "on_success", Context::Condition(_))) => {
                format!("write `conditions: [{{ type: {name} }}]` in place of `when`")
            }
            None if self.places.contains_key(name) => format!("the result of a step is `steps.{name}.outputs.KEY`"),
            None => format!("add `{name}` to `variables`, or give it with `--var {name}=…`"),
        };
        Err(bad(format!("there is no variable `{name}`"), Some(help)))
    }

    fn check_step(&mut self, rest: &[&str], context: Context) -> Result<(), BadName> {
        let [name, rest @ ..] = rest else {
            return Err(bad(
                "`steps` is no value by itself".to_owned(),
                Some("write `steps.NAME.outputs.KEY`".to_owned()),
            ));
        };
        let Some(&other) = self.places.get(name) else {
            let near = did_you_mean(name, self.places.keys().copied()).map(|near| near.trim_end().to_owned());
            return Err(bad(format!("there is no step `{name}`"), near));
        };
        let place = match context {
            Context::Text(place) | Context::Condition(place) => place,
            Context::Anywhere => {
                return Err(bad(
                    format!("the result of step `{name}` is not known here"),
                    Some("use it in a step that follows".to_owned()),
                ));
            }
        };
        match rest {
            ["status" | "exit_code"] => {}
            ["outputs", key, ..] => self.check_output(name, other, key)?,
            [other, ..] if *other != "outputs" => {
                let near =
                    did_you_mean(other, ["status", "outputs", "exit_code"]).map(|near| near.trim_end().to_owned());
                let help = near.unwrap_or_else(|| format!("write `steps.{name}.outputs.{other}`"));
                return Err(bad(
                    format!("step `{name}` has `status`, `exit_code` and `outputs`, not `{other}`"),
                    Some(help),
                ));
            }
            _ => {
                let help = format!("write `steps.{name}.outputs.KEY` or `steps.{name}.status`");
                return Err(bad(format!("`steps.{name}` is no value by itself"), Some(help)));
            }
        }
        if self.follows(place, other) {
            return Ok(());
        }
        let this = &self.pipeline.steps[self.sequence.shown[place]].name.value;
        if place == other {
            return Err(bad(format!("step `{this}` has no results before it has run"), None));
        }
        Err(bad(
            format!("step `{this}` does not follow step `{name}`, so its results may not be there yet"),
            Some(format!("add `{name}` to the `needs` of `{this}`")),
        ))
    }

    /// A step whose outputs are known beforehand has this one.
    fn check_output(&self, name: &str, place: usize, key: &str) -> Result<(), BadName> {
        let kind = self.pipeline.steps[self.sequence.shown[place]].kind;
        let Some(known) = kind.outputs().filter(|known| !known.contains(&key)) else { return Ok(()) };
        let near = did_you_mean(key, known.iter().copied()).unwrap_or_default();
        let all = known.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
        Err(bad(
            format!("step `{name}` (`{}`) has no output `{key}`", kind.word),
            Some(format!("{near}there are {all}")),
        ))
    }

    /// Whether one place starts only after the other has ended: a walk back that goes no further than the other stands,
    /// and stops at whoever is known to follow it.
    fn follows(&mut self, place: usize, other: usize) -> bool {
        let mut seen = HashSet::new();
        let mut open = vec![place];
        while let Some(at) = open.pop() {
            if self.followers.contains(&(at, other)) || self.sequence.follows[at].contains(&other) {
                self.followers.insert((place, other));
                return true;
            }
            open.extend(
                self.sequence.follows[at]
                    .iter()
                    .filter(|need| self.rank[**need] > self.rank[other] && seen.insert(**need)),
            );
        }
        false
    }
}

fn bad(message: String, help: Option<String>) -> BadName {
    BadName { message, help }
}

fn member(of: &str, rest: &[&str], known: &[&str]) -> Result<(), BadName> {
    let all = known.iter().map(|word| format!("`{of}.{word}`")).collect::<Vec<_>>().join(", ");
    match rest {
        [only] if known.contains(only) => Ok(()),
        [] => Err(bad(format!("`{of}` is no value by itself"), Some(format!("write {all}")))),
        [first, ..] => {
            let near = did_you_mean(first, known.iter().copied()).unwrap_or_default();
            Err(bad(format!("`{of}` has no `{}`", rest.join(".")), Some(format!("{near}there are {all}"))))
        }
    }
}

/// A name inside a variable of the file. What stands in `{{ }}` may be anything.
fn inside_node(name: &str, value: &Node, rest: &[&str], optional: bool) -> Result<(), BadName> {
    let [first, rest @ ..] = rest else { return Ok(()) };
    let inner = match &value.value {
        Value::Map(entries) => entries.iter().find(|entry| entry.key.text == *first).map(|entry| &entry.value),
        Value::List(items) => first.parse::<usize>().ok().and_then(|at| items.get(at)),
        Value::Text(text) if text.contains("{{") => return Ok(()),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) => None,
    };
    match inner {
        Some(inner) => inside_node(&format!("{name}.{first}"), inner, rest, optional),
        None if optional => Ok(()),
        None => {
            let known = match &value.value {
                Value::Map(entries) => entries.iter().map(|entry| entry.key.text.as_str()).collect(),
                _ => Vec::new(),
            };
            let near = did_you_mean(first, known).map(|near| near.trim_end().to_owned());
            Err(bad(format!("`{name}` has no `{first}`"), near))
        }
    }
}

fn inside_json(name: &str, value: &Json, rest: &[&str], optional: bool) -> Result<(), BadName> {
    let [first, rest @ ..] = rest else { return Ok(()) };
    let inner = match value {
        Json::Object(map) => map.get(*first),
        Json::Array(items) => first.parse::<usize>().ok().and_then(|at| items.get(at)),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => None,
    };
    match inner {
        Some(inner) => inside_json(&format!("{name}.{first}"), inner, rest, optional),
        None if optional => Ok(()),
        None => Err(bad(format!("`{name}` has no `{first}`"), None)),
    }
}
