//! Kubernetes, as AnsFlow needs it: clusters, deploys, and why one goes wrong.
//!
//! Read in this order: [`object`] and [`facts`] are what a cluster says, [`world`] is what is known of it, [`judge`] says of
//! one object whether it is ready, [`explain`] why a rollout is not, [`track`] when that is certain. All of these are pure:
//! they are told the time, as [`Millis`] since any origin. [`replay`] drives them with recordings. [`access`], [`connect`]
//! and [`cluster`] are the way to a live one.

pub mod access;
mod again;
pub mod browse;
pub mod check;
pub mod clients;
pub mod cluster;
pub mod connect;
pub mod credentials;
pub mod delete;
pub mod deploy;
mod discovery;
pub mod ending;
pub mod error;
pub mod evidence;
pub mod explain;
pub mod facts;
pub mod follow;
pub mod goal;
pub mod job;
pub mod judge;
pub mod keep;
pub mod kind;
pub mod monitor;
pub mod object;
pub mod objects;
pub mod patience;
pub mod replay;
pub mod scale;
pub mod sink;
pub mod stream;
mod text;
pub mod track;
pub mod wait;
pub mod world;

pub use access::Access;
pub use cluster::Cluster;
pub use connect::Limits;
pub use error::Error;
pub use kind::Kind;

/// A moment or a span, in milliseconds; moments count from an origin that the caller chooses, and may lie before it.
pub type Millis = i64;
