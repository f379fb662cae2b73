//! What a client accepts, and what it is therefore sent: JSON, YAML, a table, metadata alone.
//!
//! Protobuf is accepted as a wish and answered with JSON, which every client takes that we know of.

use crate::status::{Details, Status};

/// The form of an answer with objects in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Json,
    Yaml,
    /// What `kubectl get` asks for.
    Table(MetaVersion),
    /// Metadata of one object or of a list.
    Partial(MetaVersion),
}

/// The version of `meta.k8s.io`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MetaVersion {
    V1,
    V1beta1,
}

impl MetaVersion {
    pub(crate) fn api_version(self) -> &'static str {
        match self {
            MetaVersion::V1 => "meta.k8s.io/v1",
            MetaVersion::V1beta1 => "meta.k8s.io/v1beta1",
        }
    }
}

/// The version of aggregated discovery, or the plain list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DiscoveryForm {
    V2,
    Plain,
}

/// A clause of `Accept`: a media type with its parameters.
#[derive(Debug, Default)]
struct Clause<'a> {
    media: &'a str,
    group: &'a str,
    version: &'a str,
    shape: &'a str,
}

/// The form of objects. The first clause that can be answered wins; quality values are not looked at, as in Kubernetes.
pub(crate) fn form(accept: Option<&str>) -> Result<Form, Status> {
    let Some(accept) = accept.filter(|accept| !accept.trim().is_empty()) else { return Ok(Form::Json) };
    clauses(accept).find_map(|clause| clause.form()).ok_or_else(|| not_acceptable(OBJECTS))
}

/// The form of discovery at `/api` and `/apis`. v2beta1 alone gets the plain list, as a cluster of 1.34 does.
pub(crate) fn discovery(accept: Option<&str>) -> Result<DiscoveryForm, Status> {
    let Some(accept) = accept.filter(|accept| !accept.trim().is_empty()) else { return Ok(DiscoveryForm::Plain) };
    let found = clauses(accept).find_map(|clause| match (clause.shape, clause.group, clause.version) {
        ("APIGroupDiscoveryList", "apidiscovery.k8s.io", "v2") if clause.is_json() => Some(DiscoveryForm::V2),
        ("", _, _) if clause.is_json() || clause.is_yaml() => Some(DiscoveryForm::Plain),
        _ => None,
    });
    found.ok_or_else(|| not_acceptable(DOCUMENTS))
}

/// Documents that exist as JSON only: discovery of a group, OpenAPI v3.
pub(crate) fn json_only(accept: Option<&str>) -> Result<(), Status> {
    match accept {
        None | Some("") => Ok(()),
        Some(accept) if clauses(accept).any(|clause| clause.is_json() || clause.is_yaml()) => Ok(()),
        Some(_) => Err(not_acceptable(DOCUMENTS)),
    }
}

/// 406 of a document.
pub(crate) fn not_acceptable_document() -> Status {
    not_acceptable(DOCUMENTS)
}

/// OpenAPI v2 exists as gnostic protobuf only.
pub(crate) fn openapi_v2(accept: Option<&str>) -> bool {
    accept.is_some_and(|accept| {
        clauses(accept).any(|clause| clause.media.starts_with("application/com.github.proto-openapi.spec.v2"))
    })
}

const OBJECTS: &str = "application/json, application/yaml, application/vnd.kubernetes.protobuf, application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch";
const DOCUMENTS: &str = "application/json, application/yaml, application/vnd.kubernetes.protobuf";

fn not_acceptable(available: &str) -> Status {
    let message = format!("406: Not Acceptable\n\nAvailable representations: {available}");
    Status::new(406, "NotAcceptable", message).detailed(Details::default())
}

fn clauses(accept: &str) -> impl Iterator<Item = Clause<'_>> {
    accept.split(',').map(|clause| {
        let mut parts = clause.split(';').map(str::trim);
        let mut read = Clause { media: parts.next().unwrap_or_default(), ..Clause::default() };
        for part in parts {
            match part.split_once('=') {
                Some(("as", shape)) => read.shape = shape,
                Some(("g", group)) => read.group = group,
                Some(("v", version)) => read.version = version,
                _ => {}
            }
        }
        read
    })
}

impl Clause<'_> {
    fn form(&self) -> Option<Form> {
        let version = match (self.group, self.version) {
            ("meta.k8s.io", "v1") => Some(MetaVersion::V1),
            ("meta.k8s.io", "v1beta1") => Some(MetaVersion::V1beta1),
            _ => None,
        };
        match (self.shape, version) {
            ("", _) if self.is_json() => Some(Form::Json),
            ("", _) if self.is_yaml() => Some(Form::Yaml),
            ("Table", Some(version)) if self.is_json() => Some(Form::Table(version)),
            ("PartialObjectMetadata" | "PartialObjectMetadataList", Some(version)) if self.is_json() => {
                Some(Form::Partial(version))
            }
            _ => None,
        }
    }

    fn is_json(&self) -> bool {
        matches!(self.media, "application/json" | "application/vnd.kubernetes.protobuf" | "application/*" | "*/*")
    }

    fn is_yaml(&self) -> bool {
        matches!(self.media, "application/yaml")
    }
}

#[cfg(test)]
mod tests {
    use super::{DiscoveryForm, Form, MetaVersion, discovery, form, openapi_v2};

    fn check(accept: &str, expect: Form) {
        assert_eq!(form(Some(accept)).unwrap(), expect, "{accept}");
    }

    #[test]
    fn the_first_clause_that_can_be_answered_wins() {
        check("application/json", Form::Json);
        check("*/*", Form::Json);
        check("application/vnd.kubernetes.protobuf,application/json", Form::Json);
        check("application/yaml", Form::Yaml);
        check("application/json;as=Table;v=v1;g=meta.k8s.io,application/json", Form::Table(MetaVersion::V1));
        check("application/json;as=Table;v=v1beta1;g=meta.k8s.io", Form::Table(MetaVersion::V1beta1));
        check("application/json;as=Table;v=v2;g=meta.k8s.io, application/json", Form::Json);
        check("application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io", Form::Partial(MetaVersion::V1));
        assert_eq!(form(None).unwrap(), Form::Json);
    }

    #[test]
    fn what_cannot_be_answered_is_406_with_the_list() {
        let status = form(Some("text/html")).unwrap_err();
        assert_eq!(status.code, 406);
        assert!(status.message.ends_with("application/vnd.kubernetes.protobuf;stream=watch"));
    }

    #[test]
    fn discovery_is_aggregated_for_who_knows_v2() {
        let both = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";
        assert_eq!(discovery(Some(both)).unwrap(), DiscoveryForm::V2);
        let beta = "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";
        assert_eq!(discovery(Some(beta)).unwrap(), DiscoveryForm::Plain);
    }

    #[test]
    fn openapi_v2_is_protobuf() {
        assert!(openapi_v2(Some("application/com.github.proto-openapi.spec.v2@v1.0+protobuf")));
        assert!(!openapi_v2(Some("application/json")));
    }
}
