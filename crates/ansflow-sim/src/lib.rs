//! A simulated Kubernetes: API server, controllers, scheduler and nodes in one process, over TLS, from a seed.
//!
//! ```text
//! HTTP over TLS ──▶ api::answer ──▶ rules · merge · doors ──▶ store (one mutex, a log of changes)
//! watch, log, exec: tasks that read the store's log          │
//! world: controllers · scheduler · kubelets ◀── tail ────────┘   and write like everybody else
//! ```
//!
//! Everything but bytes on sockets is synchronous. Start reading at `api/write.rs`, `store.rs` and `world.rs`.

mod admission;
mod api;
mod bootstrap;
mod cel;
mod chance;
mod clock;
mod config;
mod containers;
mod controllers;
mod crd;
mod data;
mod door;
mod faults;
mod field_selector;
mod http;
mod ids;
mod jsonpath;
mod kind;
mod kinds;
mod lock;
mod manager;
mod merge;
mod node;
mod object;
mod program;
mod programs;
mod quantity;
mod rules;
mod schema;
mod selector;
mod shell;
mod sim;
mod status;
mod store;
mod stream;
pub mod testing;
mod time;
mod wire;
mod world;

pub use config::{NodeSpec, SimConfig, Speed, Who};
pub use http::asked::Asked;
pub use http::tls::Pem;
pub use sim::{Sim, StartError};
pub use wire::version::GIT_VERSION as VERSION;
