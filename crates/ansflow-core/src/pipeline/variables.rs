//! The variables of a file: what each refers to, and whether its value is known before the run.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value as Json};

use super::Variable;
use crate::diagnostic::Diagnostic;
use crate::pipeline::read::problems::Problems;
use crate::template::Template;
use crate::yaml::{Node, Value};

/// First words of names that are not the file's to give.
pub const RESERVED: &[&str] = &["steps", "pipeline", "run", "env", "secrets"];

/// Variables refer to each other no deeper than this.
const DEEPEST: usize = 64;

/// What is known of a variable's value before anything runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Knowledge {
    /// All of it.
    Now,
    /// It waits for the run.
    Late,
    /// It waits for the run, and needs `env` or `secrets`, which no condition sees.
    Private,
}

/// The variables of a file that nothing from outside replaces, each behind those it refers to.
#[derive(Debug, Default)]
pub(crate) struct Variables<'p> {
    /// With what is known of them.
    pub(crate) sorted: Vec<(&'p Variable, Knowledge)>,
}

impl<'p> Variables<'p> {
    /// Sorts them; circles are left out.
    pub(crate) fn of(variables: &'p [Variable], given: &Map<String, Json>) -> (Self, Vec<Diagnostic>) {
        let own: Vec<&Variable> =
            variables.iter().filter(|variable| !given.contains_key(variable.name.as_str())).collect();
        let place: HashMap<&str, usize> = own.iter().enumerate().map(|(at, own)| (own.name.as_str(), at)).collect();
        let uses: Vec<Uses> = own.iter().map(|own| Uses::of(&own.value, &place, given)).collect();
        let mut problems = Vec::new();
        let mut sorted = Vec::new();
        let mut depth: Vec<Option<usize>> = vec![None; own.len()];
        let mut known: Vec<Knowledge> = vec![Knowledge::Now; own.len()];
        for start in 0..own.len() {
            // A walk with its own stack: variables may refer to each other in long chains.
            let mut path: Vec<(usize, usize)> = vec![(start, 0)];
            let mut on_path: HashSet<usize> = HashSet::from([start]);
            while let Some((at, next)) = path.pop() {
                if depth[at].is_some() {
                    on_path.remove(&at);
                    continue;
                }
                if let Some(&other) = uses[at].variables.get(next) {
                    path.push((at, next + 1));
                    if on_path.contains(&other) {
                        let from = path.iter().position(|(place, _)| *place == other).unwrap_or_default();
                        problems.push(circle(&own, path[from..].iter().map(|(place, _)| *place)));
                    } else if depth[other].is_none() {
                        on_path.insert(other);
                        path.push((other, 0));
                    }
                    continue;
                }
                on_path.remove(&at);
                let others = || uses[at].variables.iter().copied().filter(|other| *other != at);
                let deep = others().filter_map(|other| depth[other]).max().map_or(0, |deep| deep + 1);
                depth[at] = Some(deep);
                known[at] = others().map(|other| known[other]).fold(uses[at].knowledge, Knowledge::and);
                if deep == DEEPEST {
                    let message = format!("variable `{}` refers to others {DEEPEST} deep", own[at].name.value);
                    problems.push(Diagnostic::error("variable-depth", own[at].name.span, message));
                }
                sorted.push((own[at], known[at]));
            }
        }
        (Self { sorted }, problems)
    }
}

impl Knowledge {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Knowledge::Private, _) | (_, Knowledge::Private) => Knowledge::Private,
            (Knowledge::Late, _) | (_, Knowledge::Late) => Knowledge::Late,
            (Knowledge::Now, Knowledge::Now) => Knowledge::Now,
        }
    }
}

/// What the value of a variable refers to.
struct Uses {
    variables: Vec<usize>,
    knowledge: Knowledge,
}

impl Uses {
    fn of(value: &Node, places: &HashMap<&str, usize>, given: &Map<String, Json>) -> Self {
        let mut uses = Self { variables: Vec::new(), knowledge: Knowledge::Now };
        each_text(value, &mut |_, text| {
            // What is wrong with it is said where names are checked.
            let Ok(template) = Template::parse(text) else { return };
            for name in template.holes().flat_map(|(_, expr)| expr.names()) {
                match name.path.first().map_or("", String::as_str) {
                    "env" | "secrets" => uses.knowledge = Knowledge::Private,
                    first if given.contains_key(first) => {}
                    first => match places.get(first) {
                        Some(place) if uses.variables.contains(place) => {}
                        Some(place) => uses.variables.push(*place),
                        None => uses.knowledge = uses.knowledge.and(Knowledge::Late),
                    },
                }
            }
        });
        uses
    }
}

fn circle(own: &[&Variable], places: impl Iterator<Item = usize>) -> Diagnostic {
    const LONGEST: usize = 12;
    let places: Vec<usize> = places.collect();
    let names: Vec<String> = places.iter().take(LONGEST).map(|place| format!("`{}`", own[*place].name.value)).collect();
    let first = own[places[0]];
    let more = if places.len() > LONGEST { ", …" } else { "" };
    let message = match names.len() {
        1 => format!("variable `{}` refers to itself", first.name.value),
        _ => format!("variables refer to each other in a circle: {}{more}", names.join(" → ")),
    };
    Diagnostic::error("variable-cycle", first.name.span, message).help("give one of them a plain value")
}

/// Every text in a value that may hold `{{ }}`.
pub(crate) fn each_text(node: &Node, visit: &mut dyn FnMut(&Node, &str)) {
    match &node.value {
        Value::Text(text) if text.contains("{{") => visit(node, text),
        Value::List(items) => items.iter().for_each(|item| each_text(item, visit)),
        Value::Map(entries) => entries.iter().for_each(|entry| each_text(&entry.value, visit)),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) => {}
    }
}

/// Numbers that are not kept as they are written, such as the version `1.10`.
pub(super) fn check_numbers(variables: &[Variable], problems: &mut Problems) {
    let mut open: Vec<(&str, &Node)> =
        variables.iter().map(|variable| (variable.name.as_str(), &variable.value)).collect();
    while let Some((name, node)) = open.pop() {
        match &node.value {
            Value::Int(_) | Value::Float(_) => {
                let (value, written) = (node.to_json().to_string(), node.scalar().unwrap_or_default());
                if value != written {
                    let message = format!("variable `{name}` holds the number {value}, not the text `{written}`");
                    let problem = Diagnostic::warning("number-rewritten", node.span, message);
                    problems.add(problem.help(format!("write \"{written}\", in quotes, to keep it as it is")));
                }
            }
            Value::List(items) => open.extend(items.iter().map(|item| (name, item))),
            Value::Map(entries) => open.extend(entries.iter().map(|entry| (name, &entry.value))),
            Value::Null | Value::Bool(_) | Value::Text(_) => {}
        }
    }
}

/// The names that variables have: they must not be taken, and `{{ }}` must be able to say them.
pub(super) fn check_names(variables: &[Variable], problems: &mut Problems) {
    for variable in variables {
        let name = &variable.name;
        if RESERVED.contains(&name.as_str()) {
            let message = format!("`{}` is a name of AnsFlow's own", name.value);
            problems.add(Diagnostic::error("reserved-name", name.span, message).help("give the variable another name"));
        } else if crate::expr::Expr::parse(name).map_or(
            true,
            |expr| !matches!(expr.names().as_slice(), [only] if only.path.len() == 1 && only.path[0] == name.value),
        ) {
            let shown = super::read::problems::short(name);
            let message = format!("variable `{shown}` has a name that `{{{{ }}}}` cannot say");
            problems.add(Diagnostic::warning("unusable-name", name.span, message).help("use letters, digits and `_`"));
        }
    }
}
