//! The parameters of a planned step as typed values, with every hole filled.

use serde_json::{Map, Value as Json};

use super::scope::Scope;
use super::{tree, words};
use crate::catalog::Format;
use crate::container::endpoints::{self, Endpoint, Fill};
use crate::duration;
use crate::plan::PlannedStep;

/// The parameters of one step.
pub(super) struct Fields<'a> {
    pub(super) step: &'a PlannedStep,
    pub(super) scope: &'a Scope<'a>,
}

impl Fields<'_> {
    /// A text; nothing where it is not given or null.
    pub(super) fn text(&self, param: &str) -> Result<Option<String>, String> {
        match self.step.params.get(param) {
            None | Some(Json::Null) => Ok(None),
            Some(Json::String(text)) => self.scope.text(param, text).map(Some),
            Some(other @ (Json::Bool(_) | Json::Number(_))) => Ok(Some(other.to_string())),
            Some(Json::Array(_) | Json::Object(_)) => Err(self.wrong(param, "a text")),
        }
    }

    /// A text that is there and not empty.
    pub(super) fn required(&self, param: &str) -> Result<String, String> {
        match self.text(param)? {
            Some(text) if !text.trim().is_empty() => Ok(text),
            Some(_) => Err(self.scope.say(param, "it is empty")),
            None => Err(self.scope.say(param, "it is not given")),
        }
    }

    /// Whether it is true; false where it is not given.
    pub(super) fn boolean(&self, param: &str) -> Result<bool, String> {
        self.boolean_or(param, false)
    }

    /// Whether it is true, or what holds where it is not given.
    pub(super) fn boolean_or(&self, param: &str, default: bool) -> Result<bool, String> {
        match self.value(param)? {
            Json::Null => Ok(default),
            Json::Bool(value) => Ok(value),
            Json::String(text) if text == "true" => Ok(true),
            Json::String(text) if text == "false" => Ok(false),
            Json::Number(_) | Json::String(_) | Json::Array(_) | Json::Object(_) => {
                Err(self.wrong(param, "true or false"))
            }
        }
    }

    /// A whole number between the two.
    pub(super) fn integer<T: TryFrom<i64>>(&self, param: &str, least: i64, most: i64) -> Result<Option<T>, String> {
        let number = match self.value(param)? {
            Json::Null => return Ok(None),
            Json::Number(number) => number.as_i64(),
            Json::String(text) => text.trim().parse().ok(),
            Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
        };
        let fits = number.filter(|number| (least..=most).contains(number)).and_then(|number| T::try_from(number).ok());
        fits.map(Some).ok_or_else(|| self.wrong(param, &format!("a whole number from {least} to {most}")))
    }

    /// A time in milliseconds; the default, the least and the most in seconds.
    pub(super) fn duration(&self, param: &str, (default, least, most): (u64, u64, u64)) -> Result<u64, String> {
        let text = match self.value(param)? {
            Json::Null => return Ok(default * 1000),
            Json::Number(number) => number.to_string(),
            Json::String(text) => text.trim().to_owned(),
            Json::Bool(_) | Json::Array(_) | Json::Object(_) => return Err(self.wrong(param, "a time, such as `5m`")),
        };
        let ms = duration::parse(&text).map_err(|why| self.scope.say(param, &why))?;
        match (least.saturating_mul(1000)..=most.saturating_mul(1000)).contains(&ms) {
            true => Ok(ms),
            false => Err(self.wrong(param, &format!("from {least} to {most} seconds"))),
        }
    }

    /// Documents in place: a map, a list of maps, or a text of YAML or JSON, which is read first and gets its values then.
    pub(super) fn documents(&self, param: &str) -> Result<Vec<Json>, String> {
        match self.step.params.get(param) {
            None | Some(Json::Null) => Ok(Vec::new()),
            Some(Json::String(text)) => tree::read_all(text, param, self.scope),
            Some(other) => match self.scope.value(param, other)? {
                Json::Array(items) => Ok(items),
                one => Ok(vec![one]),
            },
        }
    }

    /// A list of texts, or one text with commas in between.
    pub(super) fn list(&self, param: &str) -> Result<Vec<String>, String> {
        match self.value(param)? {
            Json::Null => Ok(Vec::new()),
            Json::String(text) => {
                Ok(text.split(',').map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect())
            }
            Json::Array(items) => items.into_iter().map(|item| self.item(param, item)).collect(),
            other @ (Json::Bool(_) | Json::Number(_)) => Ok(vec![other.to_string()]),
            Json::Object(_) => Err(self.wrong(param, "a list of texts")),
        }
    }

    /// Words: a text is split first, and values are put into the words then, so that no value makes two of one.
    pub(super) fn words(&self, param: &str) -> Result<Vec<String>, String> {
        match self.step.params.get(param) {
            Some(Json::String(text)) => {
                let (marked, holes) = tree::mark(text).map_err(|error| self.scope.error(param, &error))?;
                let words = words::split(&marked).map_err(|why| self.scope.say(param, &format!("the text {why}")))?;
                words.iter().map(|word| holes.fill_text(word, param, self.scope)).collect()
            }
            _ => self.list(param),
        }
    }

    /// A map in place, or a text of YAML or JSON, which is read first and gets its values then.
    pub(super) fn map(&self, param: &str) -> Result<Map<String, Json>, String> {
        let value = match self.step.params.get(param) {
            None => return Ok(Map::new()),
            Some(Json::String(text)) => tree::read(text, param, self.scope)?,
            Some(other) => self.scope.value(param, other)?,
        };
        match value {
            Json::Null => Ok(Map::new()),
            Json::Object(map) => Ok(map),
            Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => Err(self.wrong(param, "a map")),
        }
    }

    /// A text of a form that the catalogue asks for, judged with its values in it.
    pub(super) fn formed(&self, param: &str, format: Format) -> Result<Option<String>, String> {
        let text = self.text(param)?.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        if let Some(text) = &text {
            format.check(text).map_err(|misfit| self.scope.say(param, &misfit.to_string()))?;
        }
        Ok(text)
    }

    /// Names with texts, in the order of the file.
    pub(super) fn pairs(&self, param: &str) -> Result<Vec<(String, String)>, String> {
        let map = match self.value(param)? {
            Json::Null => return Ok(Vec::new()),
            Json::Object(map) => map,
            Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => {
                return Err(self.wrong(param, "a map"));
            }
        };
        let mut pairs = Vec::with_capacity(map.len());
        for (name, value) in map {
            if name.is_empty() || name.contains(['=', '\0', '\n']) {
                return Err(self.scope.say(param, &format!("`{}` is no name", name.escape_debug())));
            }
            let text = match value {
                Json::Null => String::new(),
                Json::String(text) => text,
                other @ (Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_)) => other.to_string(),
            };
            if text.contains('\0') {
                return Err(self.scope.say(param, &format!("the value of `{name}` holds a NUL character")));
            }
            pairs.push((name, text));
        }
        Ok(pairs)
    }

    /// Ports or volumes. A text is taken apart before its values are put in; only a parameter that is one hole and
    /// nothing else takes its shape from the value.
    pub(super) fn endpoints<E: Endpoint>(&self, param: &str) -> Result<Vec<E>, String> {
        let say = |why: String| self.scope.say(param, &why);
        let as_is = |text: &str| Ok(text.to_owned());
        let given = match self.step.params.get(param) {
            None | Some(Json::Null) => return Ok(Vec::new()),
            Some(Json::String(text)) if text.contains("{{") => match self.value(param)? {
                Json::String(_) => {
                    let (marked, holes) = tree::mark(text).map_err(|error| self.scope.error(param, &error))?;
                    let fill = |part: &str| holes.fill_text(part, param, self.scope);
                    return endpoints::parts(&marked).map(|part| E::of_text(part, &fill).map_err(say)).collect();
                }
                value => {
                    let elements = endpoints::elements::<E>(&value).map_err(say)?;
                    return elements.iter().map(|element| read::<E>(element, &as_is).map_err(say)).collect();
                }
            },
            Some(given) => given,
        };
        let elements = endpoints::elements::<E>(given).map_err(say)?;
        let read = |element: &Json| match element {
            Json::String(text) => {
                let (marked, holes) = tree::mark(text).map_err(|error| self.scope.error(param, &error))?;
                E::of_text(&marked, &|part| holes.fill_text(part, param, self.scope)).map_err(say)
            }
            element => read::<E>(element, &|text| self.scope.text(param, text)).map_err(say),
        };
        elements.iter().map(read).collect()
    }

    fn item(&self, param: &str, item: Json) -> Result<String, String> {
        match item {
            Json::String(text) => Ok(text),
            other @ (Json::Bool(_) | Json::Number(_)) => Ok(other.to_string()),
            Json::Null | Json::Array(_) | Json::Object(_) => Err(self.wrong(param, "a list of texts")),
        }
    }

    fn value(&self, param: &str) -> Result<Json, String> {
        self.step.params.get(param).map_or(Ok(Json::Null), |value| self.scope.value(param, value))
    }

    fn wrong(&self, param: &str, wanted: &str) -> String {
        self.scope.say(param, &format!("it must be {wanted}"))
    }
}

fn read<E: Endpoint>(element: &Json, fill: Fill<'_>) -> Result<E, String> {
    match element {
        Json::Object(map) => E::of_map(map, fill),
        Json::String(text) => E::of_text(text, fill),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Array(_) => Err("must be a text or a map".to_owned()),
    }
}
