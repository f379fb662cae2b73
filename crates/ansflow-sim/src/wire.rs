//! How objects look outside: which form a client accepts, tables, metadata alone, protobuf and YAML bodies, discovery, OpenAPI.
//!
//! Everything here is a function of what it is given. It knows no store, no clock and no socket; `now` is an argument.

pub(crate) mod accept;
pub(crate) mod discovery;
pub(crate) mod embedded;
pub(crate) mod fresh;
pub(crate) mod health;
#[cfg(test)]
mod laws;
pub(crate) mod openapi;
mod openapi_paths;
pub(crate) mod partial;
pub(crate) mod protobuf;
#[cfg(test)]
pub(crate) mod recorded;
pub(crate) mod table;
pub(crate) mod tables;
pub(crate) mod version;
pub(crate) mod yaml;

use serde_json::Value;

/// An object of these fields. `json!` would copy what they hold.
fn fields<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
