//! Objects as answers, in the form that the client accepts.

use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::list::{Filter, Token};
use super::table::{self, Include, Of};
use super::target::Target;
use super::{Call, Reply, Request, document};
use crate::kind::Kind;
use crate::object::Object;
use crate::rules;
use crate::sim::Sim;
use crate::status::Status;
use crate::store::{Heading, Page, Stored};
use crate::wire::accept::{Form, MetaVersion};
use crate::wire::{partial, yaml};

/// One object.
pub(super) fn object(call: &Call<'_>, form: Form, code: u16, stored: &Stored) -> Result<Reply, Status> {
    let kind = &call.route.kind;
    Ok(match form {
        Form::Json if kind.stored => Reply::json(code, stored.to_json(kind, Heading::Kind)),
        Form::Json => Reply::json(code, Value::Object(tree(call.sim, kind, stored)).to_string()),
        Form::Yaml => as_yaml(code, &Value::Object(tree(call.sim, kind, stored))),
        Form::Partial(version) => {
            Reply::json(code, partial::object(version, &tree(call.sim, kind, stored)).to_string())
        }
        Form::Table(version) => {
            let objects = [tree(call.sim, kind, stored)];
            let metadata = json!({"resourceVersion": stored.revision.to_string()});
            Reply::json(code, table(call, version, metadata, &objects)?.to_string())
        }
    })
}

/// A page of a list.
pub(super) fn list(call: &Call<'_>, form: Form, page: &Page) -> Result<Reply, Status> {
    let kind = &call.route.kind;
    let metadata = list_metadata(call, form, page)?;
    let trees = || page.items.iter().map(|stored| tree(call.sim, kind, stored)).collect::<Vec<Object>>();
    Ok(match form {
        Form::Json if kind.stored => Reply::json(200, list_json(kind, &metadata, page)),
        Form::Json | Form::Yaml => {
            let mut items = trees();
            if !kind.is_custom() {
                items.iter_mut().for_each(bare);
            }
            let list = json!({
                "kind": format!("{}List", kind.kind), "apiVersion": kind.api_version(), "metadata": metadata, "items": items,
            });
            if form == Form::Yaml { as_yaml(200, &list) } else { Reply::json(200, list.to_string()) }
        }
        Form::Partial(version) => {
            let items = trees();
            Reply::json(200, partial::list(version, metadata, items.iter()).to_string())
        }
        Form::Table(version) => Reply::json(200, table(call, version, metadata, &trees())?.to_string()),
    })
}

/// The object of a watch's event.
pub(super) fn event(sim: &Sim, kind: &Kind, form: Form, include: Include, stored: &Stored, first: bool) -> Bytes {
    match form {
        Form::Json | Form::Yaml if kind.stored => stored.to_json(kind, Heading::Kind).into(),
        Form::Json | Form::Yaml => Value::Object(tree(sim, kind, stored)).to_string().into(),
        Form::Partial(version) => partial::object(version, &tree(sim, kind, stored)).to_string().into(),
        Form::Table(version) => {
            let of = Of::Event(&tree(sim, kind, stored), first);
            table::table(sim, kind, version, include, &of).to_string().into()
        }
    }
}

/// A bookmark, in the watch's form.
pub(super) fn bookmark(sim: &Sim, kind: &Kind, form: Form, mut object: Object, first: bool) -> Value {
    match form {
        Form::Json | Form::Yaml => Value::Object(object),
        Form::Partial(version) => {
            object.insert("kind".to_owned(), "PartialObjectMetadata".into());
            object.insert("apiVersion".to_owned(), version.api_version().into());
            Value::Object(object)
        }
        Form::Table(version) => table::table(sim, kind, version, Include::Metadata, &Of::Event(&object, first)),
    }
}

/// The whole object as a tree in the version that is asked for, managedFields included.
pub(super) fn tree(sim: &Sim, kind: &Kind, stored: &Stored) -> Object {
    let from = sim.kinds().stored(kind.id);
    let mut object = stored.thaw(from.as_deref().unwrap_or(kind));
    if !stored.managed.is_empty()
        && let Some(Value::Object(metadata)) = object.get_mut("metadata")
    {
        metadata.insert("managedFields".to_owned(), stored.managed.iter().map(|one| one.to_value()).collect());
    }
    if let Some(from) = from.filter(|_| !kind.stored) {
        rules::convert(&from, kind, &mut object);
    }
    object
}

/// A document of the API itself.
pub(super) fn document(sim: &Sim, request: &Request, target: &Target) -> Reply {
    match target {
        Target::UnknownResource => Reply::refusal(&Status::unknown_resource()),
        Target::Document(parts) => document::answer(sim, request, parts),
        Target::Resource(_) => Reply::refusal(&Status::unknown_resource()),
    }
}

fn table(call: &Call<'_>, version: MetaVersion, metadata: Value, objects: &[Object]) -> Result<Value, Status> {
    let include = Include::parse(call.request.options.get("includeObject"))?;
    Ok(table::table(call.sim, &call.route.kind, version, include, &Of::Objects(metadata, objects)))
}

fn list_metadata(call: &Call<'_>, form: Form, page: &Page) -> Result<Value, Status> {
    let mut metadata = Map::new();
    metadata.insert("resourceVersion".to_owned(), page.revision.to_string().into());
    if let Some(token) = Token::write(page, call.route.namespace.as_deref()) {
        metadata.insert("continue".to_owned(), token.into());
        if !Filter::of(call)?.selects() {
            metadata.insert("remainingItemCount".to_owned(), page.remaining.into());
        }
    } else if call.route.kind.is_custom() && matches!(form, Form::Json | Form::Yaml) {
        // Lists without a Go type write it always.
        metadata.insert("continue".to_owned(), "".into());
    }
    Ok(Value::Object(metadata))
}

fn list_json(kind: &Kind, metadata: &Value, page: &Page) -> Vec<u8> {
    let mut out = format!(
        "{{\"kind\":\"{}List\",\"apiVersion\":\"{}\",\"metadata\":{metadata},\"items\":[",
        kind.kind,
        kind.api_version()
    )
    .into_bytes();
    let heading = if kind.is_custom() { Heading::Kind } else { Heading::Bare };
    for (at, stored) in page.items.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        stored.render(kind, heading, &mut out);
    }
    out.extend_from_slice(b"]}");
    out
}

fn bare(object: &mut Object) {
    object.shift_remove("kind");
    object.shift_remove("apiVersion");
}

fn as_yaml(code: u16, value: &Value) -> Reply {
    Reply { content_type: "application/yaml", ..Reply::json(code, yaml::encode(value)) }
}
