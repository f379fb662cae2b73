//! What the world may ask: the HTTP API, sign-in, live views, webhooks.
//!
//! Start with [`routes`], which is the map, then [`access`], the one place that says who may, and [`guard`], which asks it. A handler extracts, calls
//! the store or the core, and shows a view; rules are the core's, SQL is the store's, and doing things is the engine's,
//! which this crate never calls: they meet in the log.

pub mod access;
mod allowed;
mod api;
pub mod app;
pub mod clusters;
mod error;
mod extract;
mod files;
pub mod guard;
mod headers;
mod live;
mod metrics;
mod password;
mod random;
mod requests;
pub mod routes;
mod sse;
mod throttle;
mod ui;
mod ws;

pub use app::{App, Asset, Assets, Config};
pub use error::ApiError;
pub use routes::{serve, serve_until};
