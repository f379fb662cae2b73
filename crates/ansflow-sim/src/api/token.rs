//! Tokens of a service account: `POST …/serviceaccounts/NAME/token`.

use serde_json::{Value, json};

use super::{Answer, Call, Reply, body, get, merging};
use crate::door::token::{self, Grant, ISSUER};
use crate::kinds;
use crate::manager::Manager;
use crate::object::{Object, ObjectExt};
use crate::schema;
use crate::status::{Cause, Status};
use crate::store::Key;

const HOUR: i64 = 3_600;
const SHORTEST: i64 = 600;
const LONGEST: i64 = 1 << 32;

pub(super) fn answer(call: &Call<'_>) -> Result<Answer, Status> {
    let kind =
        call.sub_kind("authentication.k8s.io", "v1", "TokenRequest", "io.k8s.api.authentication.v1.TokenRequest")?;
    let mut request = body::object(call, &kind, call.request.options.strictness())?.object;
    body::placed(call, &request)?;
    let account = get::found(call)?;
    let seconds = request.int("/spec/expirationSeconds").unwrap_or(HOUR);
    let wrong = match seconds {
        SHORTEST..=LONGEST => None,
        ..SHORTEST => Some("may not specify a duration less than 10 minutes"),
        _ => Some("may not specify a duration larger than 2^32 seconds"),
    };
    if let Some(why) = wrong {
        let said = format!("Invalid value: {seconds}: {why}");
        return Err(Status::invalid(&kind, "", vec![Cause::new("FieldValueInvalid", "spec.expirationSeconds", said)]));
    }
    request.put(&["spec", "expirationSeconds"], seconds.into());
    let manager = call.manager();
    let mut write = call.write(&manager)?;
    write.kind = &kind;
    let managed = merging::updated(&write, None, &request, None, &[]);

    let mut audiences: Vec<String> =
        request.items("/spec/audiences").iter().filter_map(|audience| audience.as_str().map(str::to_owned)).collect();
    if audiences.is_empty() {
        audiences.push(ISSUER.to_owned());
    }
    let (name, namespace, uid) = (account.name(), account.namespace(), &*account.uid);
    let bound = bound(call, &request, namespace)?;
    let token = token::issue(
        call.sim,
        &Grant {
            namespace,
            account: name,
            uid,
            audiences: &audiences,
            seconds,
            bound: bound.as_ref().map(|(kind, name, uid)| (kind.as_str(), name.as_str(), uid.as_str())),
            now: write.now,
        },
    );
    let span = std::time::Duration::from_secs(u64::try_from(seconds).unwrap_or_default());
    let mut metadata = json!({
        "name": name, "namespace": namespace, "uid": uid, "creationTimestamp": write.now.rfc3339(),
    });
    if !managed.is_empty() {
        metadata["managedFields"] = managed.iter().map(Manager::to_value).collect();
    }
    let answer = json!({
        "kind": "TokenRequest", "apiVersion": "authentication.k8s.io/v1", "metadata": metadata,
        "spec": {
            "audiences": audiences, "expirationSeconds": seconds,
            "boundObjectRef": request.at("/spec/boundObjectRef").cloned().unwrap_or(Value::Null),
        },
        "status": {"token": token, "expirationTimestamp": write.now.plus(span).rfc3339()},
    });
    Ok(Answer::Whole(Reply::json(201, answer.to_string())))
}

/// What the token is to end with: it must be there.
fn bound(call: &Call<'_>, request: &Object, namespace: &str) -> Result<Option<(String, String, String)>, Status> {
    if request.at("/spec/boundObjectRef").is_none_or(Value::is_null) {
        return Ok(None);
    }
    let (kind, name) = (request.text("/spec/boundObjectRef/kind"), request.text("/spec/boundObjectRef/name"));
    if !matches!(kind, "Pod" | "Secret" | "Node") {
        return Err(Status::bad_request(format!("cannot bind token for serviceaccount to object of type {kind}")));
    }
    let id = kinds::id("", kind);
    let within = if kind == "Node" { "" } else { namespace };
    let Some(found) = call.sim.store().get(&Key::new(id, within, name)) else {
        let kind = call.sim.kinds().stored(id).ok_or_else(Status::unknown_resource)?;
        return Err(Status::not_found(&kind, name));
    };
    let uid = request.text("/spec/boundObjectRef/uid");
    if !uid.is_empty() && *uid != *found.uid {
        let kind = call.sim.kinds().stored(id).ok_or_else(Status::unknown_resource)?;
        let why = format!(
            "the UID in the bound object reference ({uid}) does not match the UID in record. The object might have been deleted and then recreated"
        );
        return Err(Status::conflict(&kind, name, &why));
    }
    Ok(Some((kind.to_ascii_lowercase(), name.to_owned(), found.uid.to_string())))
}

impl Call<'_> {
    /// The kind that goes into a subresource which has one of its own.
    pub(super) fn sub_kind(
        &self,
        group: &str,
        version: &str,
        name: &str,
        schema: &str,
    ) -> Result<crate::kind::Kind, Status> {
        let of = &self.route.kind;
        Ok(crate::kind::Kind {
            custom: None,
            id: of.id,
            group: group.into(),
            version: version.into(),
            kind: name.into(),
            plural: of.plural.clone(),
            singular: of.singular.clone(),
            short: Vec::new(),
            categories: Vec::new(),
            namespaced: of.namespaced,
            verbs: Vec::new(),
            subresources: Vec::new(),
            ty: schema::named(schema).ok_or_else(Status::unknown_resource)?,
            stored: false,
            origin: crate::kind::Origin::BuiltIn,
        })
    }
}
