//! A structural schema, read once.

use regex::Regex;
use serde_json::Value;

use crate::cel::Program;

#[derive(Debug, Default)]
pub(super) struct Schema {
    /// `object`, `integer`, …; "" for any.
    pub(super) ty: String,
    pub(super) format: String,
    pub(super) nullable: bool,
    pub(super) default: Option<Value>,
    pub(super) properties: Vec<(String, Schema)>,
    pub(super) required: Vec<String>,
    pub(super) additional: Option<Box<Schema>>,
    pub(super) items: Option<Box<Schema>>,
    pub(super) enums: Vec<Value>,
    pub(super) minimum: Option<Limit>,
    pub(super) maximum: Option<Limit>,
    pub(super) multiple_of: Option<f64>,
    /// Of texts in characters, of lists in items, of maps in names.
    pub(super) lengths: Range,
    pub(super) counts: Range,
    pub(super) names: Range,
    pub(super) unique: bool,
    /// The text as it was written, and what it matches; nothing where our words for it differ from Go's.
    pub(super) pattern: Option<(String, Option<Regex>)>,
    pub(super) all_of: Vec<Schema>,
    pub(super) any_of: Vec<Schema>,
    pub(super) one_of: Vec<Schema>,
    pub(super) not: Option<Box<Schema>>,
    pub(super) rules: Vec<Rule>,
    pub(super) int_or_string: bool,
    pub(super) is_set: bool,
    /// By what the items of a list are told apart.
    pub(super) keys: Vec<String>,
}

/// A bound, which may itself be out.
#[derive(Debug, Clone)]
pub(super) struct Limit {
    pub(super) at: serde_json::Number,
    pub(super) exclusive: bool,
}

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Range {
    pub(super) least: Option<u64>,
    pub(super) most: Option<u64>,
}

/// One of `x-kubernetes-validations`.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) source: String,
    /// Nothing where we do not know all of its words: then it holds.
    pub(super) program: Option<Program>,
    pub(super) message: String,
    pub(super) message_expression: Option<Program>,
    pub(super) reason: String,
    pub(super) field_path: String,
    pub(super) looks_back: bool,
}

impl Schema {
    pub(super) fn read(told: &Value) -> Schema {
        let text = |field: &str| told[field].as_str().unwrap_or_default().to_owned();
        let all = |field: &str| told[field].as_array().into_iter().flatten().map(Schema::read).collect();
        let one = |field: &str| told[field].is_object().then(|| Box::new(Schema::read(&told[field])));
        let limit = |field: &str, exclusive: &str| {
            let Value::Number(at) = &told[field] else { return None };
            Some(Limit { at: at.clone(), exclusive: told[exclusive] == true })
        };
        let range = |least: &str, most: &str| Range { least: told[least].as_u64(), most: told[most].as_u64() };
        let texts = |field: &str| {
            let all = told[field].as_array().into_iter().flatten();
            all.filter_map(|text| text.as_str().map(str::to_owned)).collect()
        };
        Schema {
            ty: text("type"),
            format: text("format"),
            nullable: told["nullable"] == true,
            default: told.get("default").cloned(),
            properties: told["properties"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, of)| (name.clone(), Schema::read(of)))
                .collect(),
            required: texts("required"),
            additional: one("additionalProperties"),
            items: one("items"),
            enums: told["enum"].as_array().cloned().unwrap_or_default(),
            minimum: limit("minimum", "exclusiveMinimum"),
            maximum: limit("maximum", "exclusiveMaximum"),
            multiple_of: told["multipleOf"].as_f64(),
            lengths: range("minLength", "maxLength"),
            counts: range("minItems", "maxItems"),
            names: range("minProperties", "maxProperties"),
            unique: told["uniqueItems"] == true,
            pattern: told["pattern"].as_str().map(|pattern| (pattern.to_owned(), Regex::new(pattern).ok())),
            all_of: all("allOf"),
            any_of: all("anyOf"),
            one_of: all("oneOf"),
            not: one("not"),
            rules: told["x-kubernetes-validations"].as_array().into_iter().flatten().map(Rule::read).collect(),
            int_or_string: told["x-kubernetes-int-or-string"] == true,
            is_set: told["x-kubernetes-list-type"] == "set",
            keys: texts("x-kubernetes-list-map-keys"),
        }
    }

    pub(super) fn property(&self, name: &str) -> Option<&Schema> {
        self.properties.iter().find(|(known, _)| known == name).map(|(_, schema)| schema)
    }

    /// What describes the value of a name.
    pub(super) fn field(&self, name: &str) -> Option<&Schema> {
        self.property(name).or(self.additional.as_deref())
    }

    /// Whether it, or what is in it, has rules.
    pub(super) fn has_rules(&self) -> bool {
        !self.rules.is_empty()
            || self.properties.iter().any(|(_, schema)| schema.has_rules())
            || self.additional.as_ref().is_some_and(|schema| schema.has_rules())
            || self.items.as_ref().is_some_and(|schema| schema.has_rules())
    }

    /// The item of an older list that is the same one, by its keys.
    pub(super) fn counterpart<'v>(&self, item: &Value, old: Option<&'v Value>) -> Option<&'v Value> {
        if self.keys.is_empty() {
            return None;
        }
        let same = |other: &&Value| self.keys.iter().all(|key| other.get(key) == item.get(key));
        old?.as_array()?.iter().find(same)
    }
}

impl Rule {
    fn read(told: &Value) -> Rule {
        let text = |field: &str| told[field].as_str().unwrap_or_default().to_owned();
        let source = text("rule");
        let program = |source: &str| match Program::parse(source) {
            Ok(program) => Some(program),
            Err(error) => {
                tracing::warn!(
                    "a rule of a custom resource always holds here, it was not understood: `{source}`: {error}"
                );
                None
            }
        };
        let read = program(&source);
        Rule {
            looks_back: read.as_ref().is_some_and(|program| program.names("oldSelf")),
            program: read,
            message: text("message"),
            message_expression: told["messageExpression"].as_str().and_then(program),
            reason: text("reason"),
            field_path: text("fieldPath"),
            source,
        }
    }
}
