//! A text of YAML or JSON with holes: it is read first, and values are put into its scalars then, so that no value can
//! change the shape of what is around it.

use serde_json::{Map, Value as Json};

use super::scope::Scope;
use crate::expr::{Expr, ExprError};
use crate::template::Template;
use crate::yaml;

/// The tree in a text, with its holes filled. A hole in quotes, or glued to text, makes a text; one alone keeps its type.
pub(super) fn read(text: &str, param: &str, scope: &Scope<'_>) -> Result<Json, String> {
    let (marked, holes) = mark(text).map_err(|error| scope.error(param, &error))?;
    let (node, problems) = yaml::read(marked.as_bytes());
    if let Some(problem) = problems.iter().find(|problem| problem.is_error()) {
        let why = format!("the text is no YAML: {} (its line {})", problem.message, problem.span.start.line);
        return Err(scope.say(param, &why));
    }
    node.map_or(Ok(Json::Null), |node| holes.fill(&node.to_json(), param, scope))
}

/// The same for a text of manifests, which may be several documents.
pub(super) fn read_all(text: &str, param: &str, scope: &Scope<'_>) -> Result<Vec<Json>, String> {
    let (marked, holes) = mark(text).map_err(|error| scope.error(param, &error))?;
    let mut all = Vec::new();
    for (line, document) in yaml::documents(&marked) {
        let (node, problems) = yaml::read(document.as_bytes());
        if let Some(problem) = problems.iter().find(|problem| problem.is_error()) {
            let line = line - 1 + problem.span.start.line as usize;
            return Err(scope.say(param, &format!("the text is no YAML: {} (its line {line})", problem.message)));
        }
        match node.map_or(Ok(Json::Null), |node| holes.fill(&node.to_manifest(), param, scope))? {
            Json::Null => {}
            Json::Array(items) => all.extend(items),
            one => all.push(one),
        }
    }
    Ok(all)
}

/// The text with a word in place of each hole, which occurs nowhere else in it.
pub(super) fn mark(text: &str) -> Result<(String, Holes), ExprError> {
    let template = Template::parse(text).map_err(|mut errors| errors.swap_remove(0))?;
    let mut word = "ansflowhole".to_owned();
    while text.contains(&word) {
        word.push('x');
    }
    let mut holes = Holes { word, list: Vec::new() };
    let mut marked = String::with_capacity(text.len());
    let mut at = 0;
    for (range, expr) in template.holes() {
        marked.push_str(&text[at..range.start]);
        let quoted = text[..range.start].ends_with(['"', '\'']);
        marked.push_str(&holes.marker(holes.list.len()));
        holes.list.push((expr.clone(), quoted));
        at = range.end;
    }
    marked.push_str(&text[at..]);
    Ok((marked, holes))
}

/// The holes of a marked text.
pub(super) struct Holes {
    word: String,
    list: Vec<(Expr, bool)>,
}

impl Holes {
    /// Ends with a letter, so that no marker is the beginning of another.
    fn marker(&self, hole: usize) -> String {
        format!("{}{hole}z", self.word)
    }

    fn fill(&self, json: &Json, param: &str, scope: &Scope<'_>) -> Result<Json, String> {
        Ok(match json {
            Json::String(text) => match self.alone(text) {
                Some((expr, false)) => self.eval(expr, param, scope)?,
                Some((_, true)) | None => Json::String(self.fill_text(text, param, scope)?),
            },
            Json::Array(items) => {
                Json::Array(items.iter().map(|item| self.fill(item, param, scope)).collect::<Result<_, _>>()?)
            }
            Json::Object(map) => {
                let mut filled = Map::new();
                for (key, value) in map {
                    filled.insert(self.fill_text(key, param, scope)?, self.fill(value, param, scope)?);
                }
                Json::Object(filled)
            }
            Json::Null | Json::Bool(_) | Json::Number(_) => json.clone(),
        })
    }

    /// A text of the marked one with its holes filled.
    pub(super) fn fill_text(&self, text: &str, param: &str, scope: &Scope<'_>) -> Result<String, String> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(&self.word) {
            filled.push_str(&rest[..at]);
            let behind = &rest[at + self.word.len()..];
            let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
            let (expr, _) = behind[..digits]
                .parse::<usize>()
                .ok()
                .and_then(|hole| self.list.get(hole))
                .ok_or_else(|| scope.say(param, "the text cuts a `{{ }}` in two"))?;
            match self.eval(expr, param, scope)? {
                Json::String(text) => filled.push_str(&text),
                Json::Null => return Err(scope.say(param, "null cannot be put into text; write `default(…, \"…\")`")),
                other => filled.push_str(&other.to_string()),
            }
            rest = behind[digits..].strip_prefix('z').unwrap_or(&behind[digits..]);
        }
        filled.push_str(rest);
        Ok(filled)
    }

    fn alone(&self, text: &str) -> Option<&(Expr, bool)> {
        let number = text.strip_prefix(&self.word)?.strip_suffix('z')?;
        self.list.get(number.parse::<usize>().ok()?)
    }

    fn eval(&self, expr: &Expr, param: &str, scope: &Scope<'_>) -> Result<Json, String> {
        expr.eval(&|path: &[String]| scope.lookup(path)).map_err(|error| scope.error(param, &error))
    }
}
