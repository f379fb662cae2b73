//! What the API answers. Everything here is synchronous: a request with its whole body goes in, an answer comes out; what
//! goes on for longer (watches, logs, upgrades) comes out as a description that `http` then carries out.

mod body;
pub(crate) mod collection;
pub(crate) mod create;
mod definition;
pub(crate) mod delete;
mod document;
mod eviction;
pub(crate) mod get;
pub(crate) mod list;
mod merging;
pub(crate) mod options;
pub(crate) mod patch;
pub(crate) mod pipeline;
mod question;
mod scale;
pub(crate) mod show;
pub(crate) mod sub;
mod table;
pub(crate) mod target;
mod token;
pub(crate) mod update;
pub(crate) mod watch;
pub(crate) mod write;

use bytes::Bytes;
use hyper::{HeaderMap, Method};

use crate::door::{self, Actor, Attributes, Decision};
use crate::faults;
use crate::faults::http::{Asked, HttpFault};
use crate::field_selector::FieldSelector;
use crate::sim::Sim;
use crate::status::Status;
use crate::stream::{Logs, Session};
use crate::wire::fresh;
use options::Options;
use target::{Route, Target};
use watch::Watch;

/// A request, whole.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) options: Options,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The client's certificate (DER), which our authority signed.
    pub(crate) peer: Option<Bytes>,
}

/// What is done about it.
#[derive(Debug)]
pub(crate) enum Answer {
    Whole(Reply),
    /// Events, for as long as the client listens.
    Watch(Box<Watch>),
    /// A container's log, which may be followed.
    Log(Box<Logs>),
    /// A conversation over a WebSocket.
    Upgrade(Box<Session>),
}

/// An answer that is all there.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) code: u16,
    pub(crate) content_type: &'static str,
    /// Further headers, as recorded: `Retry-After`, `Warning`, `Etag`.
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Bytes,
}

/// A request about a resource, by somebody who may ask it.
pub(crate) struct Call<'a> {
    pub(crate) sim: &'a Sim,
    pub(crate) request: &'a Request,
    pub(crate) route: &'a Route,
    pub(crate) actor: &'a Actor,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Answers a request.
pub(crate) fn answer(sim: &Sim, request: &Request) -> Answer {
    routed(sim, request).unwrap_or_else(|status| Answer::Whole(Reply::refusal(&status)))
}

fn routed(sim: &Sim, request: &Request) -> Result<Answer, Status> {
    let actor = door::authenticate(sim, &request.headers, request.peer.as_deref())?;
    if let Some(path) = faults::api::below(&request.path) {
        let said = faults::api::answer(sim, &actor, request.method.as_str(), path, &request.body)?;
        return Ok(Answer::Whole(Reply::json(200, said.to_string())));
    }
    let target = Target::of(sim.kinds(), &request.path);
    let Target::Resource(route) = &target else {
        let verb = request.method.as_str().to_ascii_lowercase();
        allowed(sim, &actor, &Attributes::Path { verb: &verb, path: &request.path })?;
        return Ok(Answer::Whole(show::document(sim, request, &target)));
    };
    let verb = route.verb(&request.method, &request.options);
    let namespace = route.namespace.as_deref().unwrap_or_default();
    let chosen = route.name.clone().or_else(|| chosen(route, &request.options));
    let name = chosen.as_deref().unwrap_or_default();
    let asked = Attributes::Resource { verb, kind: &route.kind, sub: route.sub.as_deref(), namespace, name };
    allowed(sim, &actor, &asked)?;
    if !route.can(verb) {
        return Err(Status::method_not_allowed());
    }
    let call = Call { sim, request, route, actor: &actor };
    match (verb, &route.sub) {
        (_, Some(sub)) => sub::answer(&call, sub, verb),
        ("get", None) => get::answer(&call),
        ("list", None) => list::answer(&call),
        ("watch", None) => watch::answer(&call),
        ("create", None) => create::answer(&call),
        ("update", None) => update::answer(&call),
        ("patch", None) => patch::answer(&call),
        ("delete", None) => delete::answer(&call),
        ("deletecollection", None) => collection::answer(&call),
        _ => Err(Status::method_not_allowed()),
    }
}

/// The one object that a list or a watch asks for by its fields: who may see only that one may ask so.
fn chosen(route: &Route, options: &Options) -> Option<String> {
    let fields =
        FieldSelector::parse(options.given("fieldSelector")?, &route.kind.group, &route.kind.kind, &[]).ok()?;
    fields.name().map(str::to_owned)
}

/// What a rule makes of a request. The rules themselves are always reached.
pub(crate) fn fault(sim: &Sim, request: &Request) -> Option<HttpFault> {
    if !sim.faults().has_http() || faults::api::below(&request.path).is_some() {
        return None;
    }
    let actor = door::authenticate(sim, &request.headers, request.peer.as_deref()).ok();
    let target = Target::of(sim.kinds(), &request.path);
    let method = request.method.as_str();
    let (mut verb, mut resource, mut namespace) = (method.to_ascii_lowercase(), String::new(), "");
    if let Target::Resource(route) = &target {
        verb = route.verb(&request.method, &request.options).to_owned();
        resource = route.kind.resource();
        if let Some(sub) = &route.sub {
            resource = format!("{resource}/{sub}");
        }
        namespace = route.namespace.as_deref().unwrap_or_default();
    }
    sim.faults().http(&Asked {
        method,
        path: &request.path,
        verb: &verb,
        resource: &resource,
        namespace,
        user: actor.as_ref().map_or("", |actor| &actor.user),
        user_agent: request.header("user-agent").unwrap_or_default(),
    })
}

fn allowed(sim: &Sim, actor: &Actor, asked: &Attributes<'_>) -> Result<(), Status> {
    let Decision::Denied { reason } = door::authorize(sim, actor, asked) else { return Ok(()) };
    Err(door::refused(actor, asked, &reason))
}

impl Reply {
    pub(crate) fn json(code: u16, body: impl Into<Bytes>) -> Reply {
        Reply { code, content_type: "application/json", headers: Vec::new(), body: body.into() }
    }

    pub(crate) fn text(code: u16, body: impl Into<Bytes>) -> Reply {
        let headers = vec![("X-Content-Type-Options", "nosniff".to_owned())];
        Reply { code, content_type: "text/plain; charset=utf-8", headers, body: body.into() }
    }

    pub(crate) fn refusal(status: &Status) -> Reply {
        let mut reply = Reply::json(status.code, status.to_value().to_string());
        let seconds = status.details.as_ref().and_then(|details| details.retry_after);
        reply.headers.extend(seconds.map(|seconds| ("Retry-After", seconds.to_string())));
        reply
    }

    /// Packed, where it is large and the client takes it so.
    pub(crate) fn packed(mut self, accept_encoding: Option<&str>) -> Reply {
        if let Some(packed) = fresh::packed(&self.body, accept_encoding) {
            self.body = packed;
            self.headers.push(("Content-Encoding", "gzip".to_owned()));
        }
        self
    }

    pub(crate) fn with_warnings(mut self, warnings: &[String]) -> Reply {
        let quoted = |text: &String| format!("299 - \"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
        self.headers.extend(warnings.iter().map(|text| ("Warning", quoted(text))));
        self
    }
}

#[cfg(test)]
mod laws;
