//! The OpenAPI document: written from the handlers, completed from the table of access.

use std::collections::BTreeSet;

use axum::Router;
use utoipa::OpenApi;
use utoipa::openapi::path::{Operation, ParameterIn, PathItem};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Components, ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa_axum::router::OpenApiRouter;

use crate::access::Access;
use crate::error::Problem;
use crate::{App, api, guard};

#[derive(OpenApi)]
#[openapi(
    info(title = "AnsFlow", description = "CI/CD that ships containers to Kubernetes", version = "1"),
    components(schemas(Problem))
)]
struct Document;

/// The OpenAPI 3.1 document.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    split().1
}

/// The routes, and the document that describes them.
pub(super) fn split() -> (Router<App>, utoipa::openapi::OpenApi) {
    let (router, mut document) =
        OpenApiRouter::with_openapi(Document::openapi()).merge(api::routes()).split_for_parts();
    let components = document.components.get_or_insert_default();
    add_schemes(components);
    let guarded: BTreeSet<(&str, &str)> = guard::table()
        .filter(|(_, _, access)| *access != Access::Public)
        .map(|(method, path, _)| (method, path))
        .collect();
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            let is_guarded = guarded.contains(&(method, path.as_str()));
            complete(operation, is_guarded);
        }
    }
    // A route's `{*path}` may hold slashes; a document has no word for that.
    let paths = std::mem::take(&mut document.paths.paths);
    document.paths.paths = paths.into_iter().map(|(path, item)| (path.replace("{*", "{"), item)).collect();
    (router, document)
}

fn add_schemes(components: &mut Components) {
    let mut bearer = Http::new(HttpAuthScheme::Bearer);
    bearer.description = Some("an API token, `ansf_…`".to_owned());
    let cookie = ApiKeyValue::with_description("ansflow_session", "a session; `__Host-ansflow_session` over HTTPS");
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    components.add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let PathItem { get, put, post, delete, patch, head, options, trace, .. } = item;
    let all = [
        ("GET", get),
        ("PUT", put),
        ("POST", post),
        ("DELETE", delete),
        ("PATCH", patch),
        ("HEAD", head),
        ("OPTIONS", options),
        ("TRACE", trace),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// What holds for every route of its kind.
fn complete(operation: &mut Operation, is_guarded: bool) {
    let mut say = |status: &str| {
        operation.responses.responses.entry(status.to_owned()).or_insert_with(|| RefOr::T(problem()));
    };
    if is_guarded {
        say("401");
        say("403");
        let either = [
            SecurityRequirement::new::<_, [&str; 0], &str>("bearer", []),
            SecurityRequirement::new("cookie", [] as [&str; 0]),
        ];
        operation.security = Some(either.to_vec());
    } else {
        operation.security = Some(Vec::new());
    }
    let is_one_of_many = operation
        .parameters
        .iter()
        .flatten()
        .any(|one| matches!(one, RefOr::T(one) if one.parameter_in == ParameterIn::Path));
    if is_one_of_many {
        say("404");
    }
    if operation.request_body.is_some() {
        say("400");
        say("413");
        say("415");
        say("422");
    }
    say("500");
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        // A document without them is none.
        if response.description.is_empty() {
            response.description = meaning(status).to_owned();
        }
        // What refuses is a problem, which has a type of its own.
        if status.starts_with(['4', '5'])
            && let Some(content) = response.content.shift_remove("application/json")
        {
            response.content.insert("application/problem+json".to_owned(), content);
        }
    }
}

/// What an answer means where its handler says nothing of its own.
fn meaning(status: &str) -> &'static str {
    match status {
        "200" => "here it is",
        "201" => "it was made",
        "202" => "it was taken on",
        "204" => "it is done",
        "206" => "here is the part that was asked for",
        "303" => "it is elsewhere",
        "400" => "the body is not well-formed",
        "401" => "nobody is signed in",
        "403" => "who is signed in may not",
        "404" => "there is no such thing",
        "408" => "the body took too long to come",
        "409" => "a rule forbids it now",
        "413" => "the body is too large",
        "415" => "the body is not JSON",
        "412" => "it has changed since it was read",
        "416" => "there is no such part of it",
        "422" => "what was sent does not say what it should",
        "428" => "`If-Match` is missing",
        "429" => "too often; `Retry-After` says when it can be tried again",
        "500" => "our fault; the server's log has the cause",
        "502" => "what stands behind it gave no answer",
        "503" => "it cannot do its work now",
        _ => "an answer",
    }
}

fn problem() -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new().content("application/problem+json", content).build()
}
