//! Variables of the file: those whose values are known when a run is planned, and those that wait for it.
//!
//! A value from outside the file is data: nothing here ever looks for `{{ }}` in one.

use serde_json::{Map, Value as Json};

use crate::diagnostic::Diagnostic;
use crate::pipeline::{Knowledge, Variables};
use crate::variables::{fill, inside};

/// All filled variables together are no larger than this, in bytes: a few doublings must not fill the memory.
const LARGEST: usize = 16 * 1024 * 1024;

/// The variables of a plan.
pub(super) struct Values {
    pub(super) now: Map<String, Json>,
    pub(super) late: Map<String, Json>,
}

/// Fills what can be filled; each variable stands behind those it refers to.
pub(super) fn split(variables: &Variables<'_>, given: &Map<String, Json>, problems: &mut Vec<Diagnostic>) -> Values {
    let mut values = Values { now: given.clone(), late: Map::new() };
    let mut size = 0;
    for (variable, known) in &variables.sorted {
        let json = variable.value.to_json();
        if *known != Knowledge::Now {
            values.late.insert(variable.name.value.clone(), json);
            continue;
        }
        match fill(&json, &|path| inside(&values.now, path)) {
            Ok(json) => {
                size += weight(&json);
                values.now.insert(variable.name.value.clone(), json);
            }
            Err(error) => {
                let message = format!("variable `{}`: {}", variable.name.value, error.message);
                let mut problem = Diagnostic::error("no-value", variable.value.span, message);
                problem.help = error.help;
                problems.push(problem);
            }
        }
        if size > LARGEST {
            let message = format!("with variable `{}` the variables grow beyond {LARGEST} bytes", variable.name.value);
            problems.push(Diagnostic::error("too-large", variable.value.span, message));
            break;
        }
    }
    values
}

fn weight(json: &Json) -> usize {
    match json {
        Json::String(text) => text.len(),
        Json::Array(items) => items.iter().map(weight).sum(),
        Json::Object(map) => map.iter().map(|(key, value)| key.len() + weight(value)).sum(),
        Json::Null | Json::Bool(_) | Json::Number(_) => 8,
    }
}
