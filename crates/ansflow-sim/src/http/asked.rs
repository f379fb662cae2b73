//! Who asked for what, told to whoever listens: as an access log, but for programs.

use std::sync::OnceLock;

use hyper::body::Incoming;
use hyper::header::USER_AGENT;
use tokio::sync::broadcast::{Receiver, Sender};

/// So many requests may be ahead of a listener.
const AHEAD: usize = 4096;

/// A request that was answered, or whose answer has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// What the client says it is.
    pub agent: String,
    /// How it asked.
    pub method: String,
    /// For what, with the query.
    pub path: String,
    /// The answer's code; 0 where a connection was broken in its place.
    pub code: u16,
}

/// Those who listen; most clusters never have any.
#[derive(Default)]
pub(crate) struct Listeners(OnceLock<Sender<Asked>>);

impl Listeners {
    pub(crate) fn join(&self) -> Receiver<Asked> {
        self.0.get_or_init(|| Sender::new(AHEAD)).subscribe()
    }

    /// What there will be to tell of a request, where anybody wants to hear it.
    pub(super) fn heard(&self, request: &hyper::Request<Incoming>) -> Option<Asked> {
        let agent = request.headers().get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        self.0.get().is_some_and(|told| told.receiver_count() > 0).then(|| Asked {
            agent: agent.to_owned(),
            method: request.method().to_string(),
            path: path.to_owned(),
            code: 0,
        })
    }

    pub(super) fn answered(&self, asked: Asked, code: u16) {
        // Who has stopped listening meanwhile misses nothing.
        let _listening = self.0.get().map(|told| told.send(Asked { code, ..asked }));
    }
}
