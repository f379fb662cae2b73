//! Who may do what: the one authorisation point. What a route asks is in a table beside the routes; [`crate::guard`] holds
//! every request against it. Handlers take the [`Actor`] as an extractor and ask it about single things. Roles plug into
//! [`Actor::may`].

use ansflow_store::audit::By;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use jiff::Timestamp;

use crate::error::ApiError;

/// What a route asks of who calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Nothing: signing in, and what is signed in another way.
    Public,
    /// To be allowed to do this.
    May(Action),
}

/// What can be done to AnsFlow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Look.
    View,
    /// Start, stop, approve and repeat runs.
    Operate,
    /// Change pipelines, their triggers and notifications.
    Edit,
    /// Change secrets, registries and settings.
    Administer,
    /// Change what is one's own: password, sessions, tokens.
    Own,
}

/// A route with what it asks: method, path below the root as it is registered, access.
pub type Route = (&'static str, &'static str, Access);

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The person's id.
    pub id: String,
    /// The person's name, as approvals and runs show it.
    pub name: String,
    /// The person's role.
    pub role: String,
    /// How they came.
    pub via: Via,
}

/// How somebody came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Via {
    /// A browser that signed in; the session's id.
    Session(String),
    /// A program with an API token.
    Token {
        /// The token's id.
        id: String,
        /// It may look and nothing else.
        read_only: bool,
        /// When it ends; none: never.
        expires_at: Option<Timestamp>,
    },
}

impl Actor {
    /// As it is written down.
    pub(crate) fn by(&self) -> By<'_> {
        let via = match &self.via {
            Via::Session(_) => "session",
            Via::Token { id, .. } => id,
        };
        By { name: &self.name, via }
    }

    /// Whether who asks may do this.
    ///
    /// # Errors
    /// 403 with the reason.
    pub fn may(&self, action: Action) -> Result<(), ApiError> {
        match (&self.via, action) {
            (_, Action::View) | (Via::Session(_) | Via::Token { read_only: false, .. }, _) => Ok(()),
            (Via::Token { read_only: true, .. }, _) => Err(ApiError::forbidden("this API token may only read")),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Actor {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        parts.extensions.get::<Actor>().cloned().ok_or_else(ApiError::unauthenticated)
    }
}
