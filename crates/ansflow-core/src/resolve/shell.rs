//! Shell texts: values reach the shell as variables of its environment, and the text only names them.

use std::ops::Range;

use serde_json::Value as Json;

use super::fields::Fields;
use crate::shell;
use crate::spec::{Dialect, Shell, StepSpec};
use crate::template::Template;

/// The kernel takes no larger variable than 128 KiB, its name included.
const LARGEST: usize = 100 * 1024;

pub(super) fn shell(fields: &Fields<'_>, param: &str) -> Result<StepSpec, String> {
    let scope = fields.scope;
    let text = match fields.step.params.get(param) {
        Some(Json::String(text)) => text,
        _ => return Err(scope.say(param, "there is no text to run")),
    };
    let dialect = Dialect::of(fields.text("shell")?.as_deref());
    let template = Template::parse(text).map_err(|errors| scope.error(param, &errors[0]))?;
    let holes: Vec<Range<usize>> = template.holes().map(|(range, _)| range).collect();
    if holes.is_empty() {
        return Ok(StepSpec::Shell(Shell { dialect, text: text.clone(), values: Vec::new() }));
    }
    let names = shell::value_names(holes.len());
    let mut values = Vec::with_capacity(holes.len());
    for ((range, expr), name) in template.holes().zip(&names) {
        let hole = &text[range];
        let value = expr.eval(&|path: &[String]| scope.lookup(path)).map_err(|error| scope.error(param, &error))?;
        let value = match value {
            Json::String(text) => text,
            Json::Null => return Err(scope.say(param, &format!("`{hole}` is null; write `default(…, \"…\")`"))),
            other @ (Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_)) => other.to_string(),
        };
        if value.contains('\0') {
            return Err(scope.say(param, &format!("the value of `{hole}` holds a NUL character, which no shell takes")));
        }
        if value.len() > LARGEST {
            let why = format!("the value of `{hole}` is larger than {LARGEST} bytes; hand it over in a file");
            return Err(scope.say(param, &why));
        }
        values.push((name.clone(), value));
    }
    let text = shell::splice(text, &holes, dialect, &names).map_err(|refusals| {
        let why = refusals.first().map(|refusal| format!("{}; {}", refusal.message, refusal.help)).unwrap_or_default();
        scope.say(param, &why)
    })?;
    Ok(StepSpec::Shell(Shell { dialect, text, values }))
}
