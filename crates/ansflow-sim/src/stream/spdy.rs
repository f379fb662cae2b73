//! SPDY/3.1 as far as port-forward speaks it: frames, header blocks, streams. Bytes go in, bytes and events come out.

#[cfg(test)]
mod dialer;
mod frame;
mod headers;
mod session;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use self::dialer::Dialer;
pub(crate) use self::session::{Event, Session};

/// Why a peer is not understood; the connection is over then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Broken(pub(crate) &'static str);
