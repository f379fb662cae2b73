//! How git steps sign in where they do not say it themselves.

/// How git steps sign in to a host.
#[derive(Clone, PartialEq, Eq)]
pub struct GitCredential {
    /// Host, and port where it is not the usual one: `git.example.com`, `git.example.com:8443`. Nowhere else it is used.
    pub host: String,
    /// User name for HTTPS; empty: whatever the address says.
    pub username: String,
    /// What is secret about it.
    pub secret: GitSecret,
}

/// What signs in.
#[derive(Clone, PartialEq, Eq)]
pub enum GitSecret {
    /// A password or an access token, for HTTPS.
    Password(String),
    /// A private key for SSH, PEM text.
    SshKey(String),
}

impl std::fmt::Debug for GitCredential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "GitCredential({}, [hidden])", self.host)
    }
}
