//! The value of a parameter, judged by its kind and brought into the one shape that the kind has.

use serde_json::{Map, Value as Json};

use crate::catalog::{self, Param, ParamKind};
use crate::container::endpoints::{self, Endpoint};
use crate::container::{Mount, Port};
use crate::diagnostic::{Diagnostic, Span};
use crate::pipeline::Text;
use crate::resolve::words;
use crate::yaml::{self, Entry, Key, Node, Value};

use super::fields::unknown_key;
use super::problems::{Problems, did_you_mean, short};
use super::{params, settings};

/// The canonical value; nothing where it is wrong, which has then been said.
/// `key` is the spelling that the file uses.
pub(super) fn canonical(param: &'static Param, key: &str, node: &Node, problems: &mut Problems) -> Option<Node> {
    let what = &format!("`{key}`");
    if !param.templated && has_hole(node) {
        let problem =
            Diagnostic::error("no-template", node.span, format!("{what} must be known before the run starts"));
        problems.add(problem.help("write the value itself, without `{{ }}`"));
        return None;
    }
    let open = node.text().is_some_and(|text| text.contains("{{"));
    match param.kind {
        ParamKind::Text | ParamKind::Path => {
            let value = one_line(param, node, what, problems)?;
            open_or(open, value, |value| check_format(param, value, what, problems))
        }
        ParamKind::Name => {
            let value = one_line(param, node, what, problems)?;
            open_or(open, value, |value| check_name(value, what, problems))
        }
        ParamKind::Reference => one_line(param, node, what, problems),
        ParamKind::Multiline => with_text(node, problems.text(node, what)?),
        ParamKind::Code => code(param, node, what, problems),
        ParamKind::Int { .. } | ParamKind::Bool | ParamKind::Duration if open => Some(node.clone()),
        ParamKind::Int { min, max } => problems.integer(node, what, min, max).map(|_| node.clone()),
        ParamKind::Bool => problems.boolean(node, what).map(|_| node.clone()),
        ParamKind::Duration => duration(param, node, what, problems),
        ParamKind::Choice(words) => {
            let value = with_text(node, problems.text(node, what)?)?;
            open_or(open, value, |value| check_choice(value, words, what, problems))
        }
        ParamKind::KindWord(words) => {
            let value = one_line(param, node, what, problems)?;
            open_or(open, value, |value| check_kind(value, words, what, problems))
        }
        ParamKind::Words => command(node, what, problems),
        ParamKind::TextList => text_list(node, what, problems),
        ParamKind::TextMap => text_map(node, what, problems),
        ParamKind::Ports => endpoints::<Port>(node, what, problems),
        ParamKind::Volumes => endpoints::<Mount>(node, what, problems),
        ParamKind::Yaml | ParamKind::Manifests => tree(param, node, what, problems),
        ParamKind::Object(inner) => object(inner, node, what, problems),
        ParamKind::Objects(inner) => {
            let items = problems.list(node, what, "maps").iter();
            let items =
                items.filter_map(|item| object(inner, item, &format!("an entry of {what}"), problems)).collect();
            Some(with_value(node, Value::List(items)))
        }
    }
}

/// Whether a `{{` stands anywhere in it.
fn has_hole(node: &Node) -> bool {
    match &node.value {
        Value::Text(text) => text.contains("{{"),
        Value::List(items) => items.iter().any(has_hole),
        Value::Map(entries) => entries.iter().any(|entry| has_hole(&entry.value)),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => false,
    }
}

fn open_or(open: bool, value: Node, check: impl FnOnce(&Node) -> Option<()>) -> Option<Node> {
    if !open {
        check(&value)?;
    }
    Some(value)
}

fn with_value(node: &Node, value: Value) -> Node {
    let mut node = node.clone();
    node.value = value;
    node
}

#[expect(clippy::unnecessary_wraps, reason = "it ends most arms of a match over options")]
fn with_text(node: &Node, text: String) -> Option<Node> {
    Some(with_value(node, Value::Text(text)))
}

fn one_line(param: &Param, node: &Node, what: &str, problems: &mut Problems) -> Option<Node> {
    let text = problems.text(node, what)?;
    // A block scalar ends with a line break that nobody means.
    let text = text.trim_end_matches('\n');
    if text.trim().is_empty() && (param.required || matches!(param.kind, ParamKind::Path | ParamKind::Reference)) {
        problems.error("empty-value", node.span, format!("{what} is empty"));
        return None;
    }
    if text.contains(['\n', '\r', '\0']) {
        problems.error("bad-value", node.span, format!("{what} must be one line"));
        return None;
    }
    with_text(node, text.to_owned())
}

fn code(param: &Param, node: &Node, what: &str, problems: &mut Problems) -> Option<Node> {
    // A list of lines is how other systems write it.
    if matches!(node.value, Value::List(_)) {
        let problem = Diagnostic::error("wrong-type", node.span, format!("{what} must be a text, and is a list"));
        problems.add(problem.help(format!("write the lines below `{}: |`", param.key)));
        return None;
    }
    let text = problems.text(node, what)?;
    if text.trim().is_empty() {
        problems.error("empty-command", node.span, format!("{what} is empty"));
        return None;
    }
    if text.contains('\0') {
        problems.error("bad-value", node.span, format!("{what} holds a NUL character"));
        return None;
    }
    if let Some(first) = text.lines().next().and_then(|line| line.strip_prefix("#!")) {
        let mut words = first.split_whitespace();
        let program = words.next().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
        let program =
            if program == "env" { words.find(|word| !word.starts_with('-')).unwrap_or_default() } else { program };
        if !matches!(program, "sh" | "bash") {
            let message = format!("{what} begins with `#!{}`, and a shell would read it", short(first));
            let help = "put it into a file, and start that with a `script` step and `config.path`";
            problems.add(Diagnostic::error("foreign-interpreter", node.span, message).help(help));
            return None;
        }
    }
    with_text(node, text)
}

fn check_name(node: &Node, what: &str, problems: &mut Problems) -> Option<()> {
    let name = node.text().unwrap_or_default();
    let ends = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let well_formed = name.len() <= 253
        && name.starts_with(ends)
        && name.ends_with(ends)
        && name.chars().all(|c| ends(c) || c == '-' || c == '.');
    if well_formed {
        return Some(());
    }
    let problem =
        Diagnostic::error("bad-name", node.span, format!("{what} is no name that Kubernetes takes: `{}`", short(name)));
    problems.add(problem.help("use lower-case letters, digits, `-` and `.`, and begin and end with a letter or digit"));
    None
}

fn duration(param: &Param, node: &Node, what: &str, problems: &mut Problems) -> Option<Node> {
    let ms = problems.duration(node, what)?;
    if let Some((least, most)) = param.seconds
        && !(least * 1000..=most * 1000).contains(&ms)
    {
        let message = format!("{what} must be from {least} to {most} seconds");
        problems.error("out-of-range", node.span, message);
        return None;
    }
    Some(node.clone())
}

fn check_choice(node: &Node, words: &[&'static str], what: &str, problems: &mut Problems) -> Option<()> {
    let word = node.text().unwrap_or_default();
    if words.contains(&word) {
        return Some(());
    }
    let all = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    let problem = Diagnostic::error("unknown-choice", node.span, format!("{what} has no choice `{}`", short(word)));
    let near = did_you_mean(word, words.iter().copied()).unwrap_or_default();
    problems.add(problem.help(format!("{near}known words: {all}")));
    None
}

/// Which kinds there are only the cluster knows.
fn check_kind(node: &Node, words: &[&'static str], what: &str, problems: &mut Problems) -> Option<()> {
    let word = node.text().unwrap_or_default();
    if word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '/'))
    {
        return Some(());
    }
    let known = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    let problem = Diagnostic::error(
        "bad-value",
        node.span,
        format!("{what} is no kind of Kubernetes objects: `{}`", short(word)),
    );
    problems.add(problem.help(format!("write one such as {known}, or `KIND.GROUP` for a custom one")));
    None
}

fn command(node: &Node, what: &str, problems: &mut Problems) -> Option<Node> {
    if matches!(node.value, Value::List(_)) {
        return text_list(node, what, problems);
    }
    let text = problems.text(node, what)?;
    if text.trim().is_empty() {
        problems.error("empty-command", node.span, format!("{what} is empty"));
        return None;
    }
    if let Err(why) = words::split(&text) {
        problems.error("bad-value", node.span, format!("{what} {why}"));
        return None;
    }
    with_text(node, text)
}

fn text_list(node: &Node, what: &str, problems: &mut Problems) -> Option<Node> {
    let Value::List(items) = &node.value else { return with_text(node, problems.text(node, what)?) };
    let items = items.iter().filter_map(|item| with_text(item, problems.text(item, what)?)).collect();
    Some(with_value(node, Value::List(items)))
}

fn text_map(node: &Node, what: &str, problems: &mut Problems) -> Option<Node> {
    let pairs = settings::pairs(node, what, problems);
    let mut entries: Vec<Entry> = Vec::new();
    for pair in pairs {
        if entries.iter().any(|entry| entry.key.text == pair.name.value) {
            problems.error("given-twice", pair.name.span, format!("{what} gives `{}` twice", pair.name.value));
            continue;
        }
        let value = with_value(&pair.value.node, Value::Text(pair.value.text));
        entries.push(Entry { key: Key { text: pair.name.value, span: pair.name.span }, value });
    }
    Some(with_value(node, Value::Map(entries)))
}

/// The image of a whole pipeline.
pub(super) fn image(entry: &Entry, problems: &mut Problems) -> Option<Text> {
    let param = catalog::find("command").and_then(|kind| kind.param("image"))?;
    let node = canonical(param, &entry.key.text, &entry.value, problems)?;
    Some(Text { text: node.text()?.to_owned(), node: entry.value.clone(), offset: 0 })
}

fn check_format(param: &Param, node: &Node, what: &str, problems: &mut Problems) -> Option<()> {
    let (Some(format), Some(text)) = (param.format, node.text()) else { return Some(()) };
    // Empty is left out.
    let misfit = match text.trim() {
        "" => return Some(()),
        text => format.check(text).err(),
    };
    let Some(misfit) = misfit else { return Some(()) };
    let mut problem = Diagnostic::error("bad-value", node.span, format!("{what}: {}", misfit.why));
    problem.help = misfit.help;
    problems.add(problem);
    None
}

/// Ports and volumes keep the shape they are written in. What holds no `{{ }}` is judged here, each in its place.
fn endpoints<E: Endpoint>(node: &Node, what: &str, problems: &mut Problems) -> Option<Node> {
    let places: Vec<(Json, Span)> = match &node.value {
        Value::List(items) => items.iter().map(|item| (item.to_json(), item.span)).collect(),
        Value::Map(entries) => match node.to_json() {
            Json::Object(map) if endpoints::is_one::<E>(&map) => vec![(Json::Object(map), node.span)],
            _ => {
                let one = |entry: &Entry| (entry.key.text.clone(), entry.value.to_json());
                entries.iter().map(|entry| (Json::Object(Map::from_iter([one(entry)])), entry.key.span)).collect()
            }
        },
        Value::Text(_) | Value::Int(_) => vec![(Json::String(node.scalar()?), node.span)],
        Value::Null | Value::Bool(_) | Value::Float(_) => {
            problems.wrong_type(node, what, "a list, a map or a text");
            return None;
        }
    };
    let mut all_right = true;
    for (value, span) in places {
        if let Err(why) = judge::<E>(&value) {
            let (why, help) = why.split_once("; ").map_or((why.as_str(), None), |(why, help)| (why, Some(help)));
            let mut problem = Diagnostic::error("bad-value", span, format!("{what}: {why}"));
            problem.help = help.map(str::to_owned);
            problems.add(problem);
            all_right = false;
        }
    }
    all_right.then(|| node.clone())
}

fn judge<E: Endpoint>(value: &Json) -> Result<(), String> {
    let open = |value: &Json| value.to_string().contains("{{");
    if value.as_str().is_some_and(|text| text.contains("{{")) {
        return Ok(());
    }
    let as_is = |text: &str| Ok(text.to_owned());
    for element in endpoints::elements::<E>(value)? {
        match &element {
            element if open(element) => {}
            Json::String(text) => drop(E::of_text(text, &as_is)?),
            Json::Object(map) => drop(E::of_map(map, &as_is)?),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::Array(_) => {}
        }
    }
    Ok(())
}

fn tree(param: &Param, node: &Node, what: &str, problems: &mut Problems) -> Option<Node> {
    match &node.value {
        Value::Map(_) => Some(node.clone()),
        Value::List(_) if matches!(param.kind, ParamKind::Manifests) => Some(node.clone()),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::List(_) => {
            problems.wrong_type(node, what, "a map, or a text of YAML");
            None
        }
        // A text with holes is read when they are filled; one of several documents is the cluster's business.
        Value::Text(text) if text.contains("{{") || matches!(param.kind, ParamKind::Manifests) => Some(node.clone()),
        Value::Text(text) => {
            let (inner, errors) = yaml::read(text.as_bytes());
            if let Some(error) = errors.iter().find(|error| error.is_error()) {
                let line = error.span.start.line;
                problems.error(
                    "bad-value",
                    node.span,
                    format!("{what} is no YAML: {} (its line {line})", error.message),
                );
                return None;
            }
            if inner.is_some_and(|inner| !matches!(inner.value, Value::Map(_) | Value::Null)) {
                problems.error("wrong-type", node.span, format!("{what} must hold a map"));
                return None;
            }
            Some(node.clone())
        }
    }
}

fn object(inner: &'static [Param], node: &Node, what: &str, problems: &mut Problems) -> Option<Node> {
    let Value::Map(entries) = &node.value else {
        problems.wrong_type(node, what, "a map");
        return None;
    };
    let known: Vec<&'static str> = inner.iter().map(|param| param.key).collect();
    let unknown = |entry: &Entry| unknown_key(&entry.key, what, &known);
    let settings = params::settings(inner, &entries.iter().collect::<Vec<_>>(), &unknown, problems);
    let entries = settings
        .into_iter()
        .map(|setting| Entry {
            key: Key { text: setting.param.key.to_owned(), span: setting.key },
            value: setting.value,
        })
        .collect();
    Some(with_value(node, Value::Map(entries)))
}
