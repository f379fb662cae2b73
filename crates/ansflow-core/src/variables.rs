//! Values of variables while a run is planned and while it goes on: what a name means among them, and texts filled.
//!
//! Variables of the plan are data; those that wait for the run ([`Plan::late`]) are filled when somebody asks.

use std::cell::RefCell;
use std::collections::HashMap;

use serde_json::{Map, Value as Json};

use crate::expr::{ExprError, Lookup, Scope};
use crate::plan::Plan;
use crate::template::Template;

/// A value with every `{{ }}` in its texts filled. A text that is one hole and nothing else takes the value's type.
pub(crate) fn fill(json: &Json, scope: &Scope<'_>) -> Result<Json, ExprError> {
    Ok(match json {
        Json::String(text) if text.contains("{{") => {
            let template = Template::parse(text).map_err(|mut errors| errors.swap_remove(0))?;
            template.render_value(scope)?
        }
        Json::Array(items) => Json::Array(items.iter().map(|item| fill(item, scope)).collect::<Result<_, _>>()?),
        Json::Object(map) => {
            let filled = map.iter().map(|(key, value)| Ok((key.clone(), fill(value, scope)?)));
            Json::Object(filled.collect::<Result<_, _>>()?)
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => json.clone(),
    })
}

/// What a name means that begins with a late variable. `outer` answers every other name.
pub(crate) fn lookup(plan: &Plan, path: &[String], outer: &Scope<'_>) -> Lookup {
    Late { plan, outer, known: RefCell::default() }.lookup(path)
}

/// Each variable is filled once a question, however often others refer to it.
struct Late<'a> {
    plan: &'a Plan,
    outer: &'a Scope<'a>,
    known: RefCell<HashMap<String, Lookup>>,
}

impl Late<'_> {
    fn lookup(&self, path: &[String]) -> Lookup {
        let Some((name, template)) = path.first().and_then(|first| self.plan.late.get_key_value(first)) else {
            return (self.outer)(path);
        };
        let known = self.known.borrow().get(name).cloned();
        let value = known.unwrap_or_else(|| {
            // A plan refers in no circle, but a damaged one must not recurse for ever.
            let circle = Lookup::Unknown(format!("variable `{name}` refers to itself"));
            self.known.borrow_mut().insert(name.clone(), circle);
            let value = match self.fill(template) {
                Ok(value) => Lookup::Value(value),
                Err(lookup) => within(name, lookup),
            };
            self.known.borrow_mut().insert(name.clone(), value.clone());
            value
        });
        match value {
            Lookup::Value(value) => inner(&value, name, &path[1..]),
            other @ (Lookup::Absent(_) | Lookup::Unknown(_) | Lookup::Masked(_)) => other,
        }
    }

    /// The value, or the answer that kept it from being one.
    fn fill(&self, template: &Json) -> Result<Json, Lookup> {
        let failed: RefCell<Option<Lookup>> = RefCell::default();
        let scope = |path: &[String]| {
            let lookup = self.lookup(path);
            if !matches!(lookup, Lookup::Value(_)) {
                *failed.borrow_mut() = Some(lookup.clone());
            }
            lookup
        };
        fill(template, &scope).map_err(|error| {
            // What is absent stays absent through a variable, so that a condition on it is false.
            failed.borrow_mut().take().unwrap_or(Lookup::Unknown(error.message))
        })
    }
}

fn within(name: &str, lookup: Lookup) -> Lookup {
    let say = |why: String| format!("variable `{name}`: {why}");
    match lookup {
        Lookup::Absent(why) => Lookup::Absent(say(why)),
        Lookup::Unknown(why) => Lookup::Unknown(say(why)),
        other @ (Lookup::Masked(_) | Lookup::Value(_)) => other,
    }
}

/// What a name means among these values.
pub(crate) fn inside(values: &Map<String, Json>, path: &[String]) -> Lookup {
    let [first, rest @ ..] = path else { return Lookup::Unknown("an empty name means nothing".to_owned()) };
    match values.get(first) {
        Some(value) => inner(value, first, rest),
        None => Lookup::Unknown(format!("there is no variable `{first}`")),
    }
}

/// What a name means inside a value that is called `name` so far.
pub(crate) fn inner(value: &Json, name: &str, rest: &[String]) -> Lookup {
    let mut value = value;
    let mut so_far = name.to_owned();
    for word in rest {
        let inner = match value {
            Json::Object(map) => map.get(word),
            Json::Array(items) => word.parse::<usize>().ok().and_then(|at| items.get(at)),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => None,
        };
        let Some(inner) = inner else { return Lookup::Absent(format!("`{so_far}` has no `{word}`")) };
        so_far = format!("{so_far}.{word}");
        value = inner;
    }
    Lookup::Value(value.clone())
}
