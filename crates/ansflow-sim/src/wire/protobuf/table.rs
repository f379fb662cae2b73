//! Field numbers of all messages, read once from the data file.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde_json::Value;

use super::scalar::Scalar;
use crate::wire::embedded;

/// All messages; they name each other by place.
pub(super) struct Table {
    messages: Vec<Message>,
    places: HashMap<String, usize>,
}

#[derive(Default)]
pub(super) struct Message {
    fields: HashMap<u64, Known>,
}

/// A field that the table knows.
pub(super) struct Known {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// A Go pointer or a field that is always written: zero and empty are said.
    pub(super) kept: bool,
}

pub(super) enum Kind {
    Scalar {
        of: Scalar,
        repeated: bool,
    },
    Message {
        of: usize,
        repeated: bool,
    },
    /// An embedded struct: its fields stand in the parent.
    Inline(usize),
    Map(Box<Kind>),
}

impl Table {
    pub(super) fn get() -> &'static Table {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(Table::load)
    }

    /// The message of a kind: `apps/v1`, `Deployment` is `api/apps/v1/Deployment`.
    pub(super) fn named(&self, api_version: &str, kind: &str) -> Option<&Message> {
        let (group, version) = api_version.split_once('/').unwrap_or(("core", api_version));
        let group = group.split('.').next().unwrap_or(group);
        let path = match kind {
            "DeleteOptions" | "Status" => format!("apimachinery/pkg/apis/meta/v1/{kind}"),
            _ => format!("api/{group}/{version}/{kind}"),
        };
        self.places.get(&path).map(|place| self.message(*place))
    }

    pub(super) fn message(&self, place: usize) -> &Message {
        &self.messages[place]
    }

    fn load() -> Table {
        let data = embedded::protobuf();
        let places: HashMap<String, usize> =
            data.keys().enumerate().map(|(place, path)| (path.clone(), place)).collect();
        let messages = data.values().map(|fields| Message::load(fields, &places)).collect();
        Table { messages, places }
    }
}

impl Message {
    pub(super) fn field(&self, number: u64) -> Option<&Known> {
        self.fields.get(&number)
    }

    fn load(fields: &Value, places: &HashMap<String, usize>) -> Message {
        let known = fields
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(number, field)| Some((number.parse().ok()?, Known::load(field, places)?)));
        Message { fields: known.collect() }
    }
}

impl Known {
    fn load(field: &Value, places: &HashMap<String, usize>) -> Option<Known> {
        let name = field[0].as_str()?.to_owned();
        let written = field[1].as_str()?;
        let of = || places.get(field[2].as_str()?).copied();
        let bare = written.trim_end_matches(['*', '!']);
        let kind = match bare {
            "msg" => Kind::Message { of: of()?, repeated: false },
            "msgr" => Kind::Message { of: of()?, repeated: true },
            "inline" => Kind::Inline(of()?),
            "map" => {
                let value = field[2].as_str()?;
                Kind::Map(Box::new(match places.get(value) {
                    Some(_) if value.ends_with("/ExtraValue") => Kind::Scalar { of: Scalar::Text, repeated: true },
                    Some(place) => Kind::Message { of: *place, repeated: false },
                    None => Kind::Scalar { of: Scalar::named(value.trim_end_matches(['*', '!']))?, repeated: false },
                }))
            }
            _ => match Scalar::named(bare) {
                Some(of) => Kind::Scalar { of, repeated: false },
                None => Kind::Scalar { of: Scalar::named(bare.strip_suffix('r')?)?, repeated: true },
            },
        };
        // Both are written whatever they are: a pointer where zero means something, or a struct that JSON cannot leave out.
        let always = matches!(kind, Kind::Scalar { of: Scalar::IntOrString | Scalar::Quantity, repeated: false });
        Some(Known { name, kind, kept: always || written.ends_with(['*', '!']) })
    }
}
