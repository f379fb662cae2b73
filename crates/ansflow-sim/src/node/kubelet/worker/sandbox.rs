//! What containers of a pod share.

/// The pod's sandbox, by its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::node::kubelet) enum Sandbox {
    None,
    Up(String),
    Down(String),
}

impl Sandbox {
    pub(in crate::node::kubelet) fn address(&self) -> Option<&str> {
        match self {
            Sandbox::None => None,
            Sandbox::Up(address) | Sandbox::Down(address) => Some(address),
        }
    }
}
