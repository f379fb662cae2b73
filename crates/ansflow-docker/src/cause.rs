//! Why a registry did not give or take: from a daemon's words, or from what we saw ourselves.

use std::fmt;

/// The cause of a failure at a registry. Its text follows the registry's or the image's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The name has no address.
    UnknownHost,
    /// Nothing listens at the address.
    Refused,
    /// No answer in time.
    TimedOut,
    /// TLS failed, with the reason.
    Tls(String),
    /// It speaks HTTP where HTTPS was expected.
    PlainHttp,
    /// 401 with no login at hand.
    LoginNeeded,
    /// 401 in spite of a login.
    LoginRefused,
    /// 403: known, and not allowed.
    Forbidden,
    /// There is no such repository, or it is not shown to this login.
    NoRepository,
    /// There is no such tag or digest in the repository.
    NoManifest,
    /// The image has nothing for the platform that was asked for.
    NoPlatform,
    /// 429.
    TooManyRequests,
    /// No space is left: at the registry when pushing, at the daemon when pulling.
    DiskFull,
    /// 5xx: it has a trouble of its own, and does not say which.
    Broken(String),
    /// Something answers, and it is no registry.
    NotARegistry(String),
    /// It is one, and does not do this.
    NotOffered(String),
    /// Whatever else was said.
    Other(String),
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::UnknownHost => f.write_str("has a name without an address (DNS): is it spelled right?"),
            Cause::Refused => f.write_str("cannot be reached: nothing listens at that address (connection refused)"),
            Cause::TimedOut => f.write_str("does not answer in time"),
            Cause::Tls(why) => write!(f, "has no trusted TLS connection: {why}"),
            Cause::PlainHttp => f.write_str("speaks plain HTTP, not TLS: mark it as insecure to allow that"),
            Cause::LoginNeeded => f.write_str("asks for a login (401): give a user name and a password"),
            Cause::LoginRefused => f.write_str("does not accept the login (401): check user name and password"),
            Cause::Forbidden => f.write_str("does not allow this to the login (403): it needs more rights there"),
            Cause::NoRepository => {
                f.write_str("has no such repository, or does not show it to this login (404): check name and login")
            }
            Cause::NoManifest => f.write_str("has no such tag or digest (manifest unknown)"),
            Cause::NoPlatform => f.write_str("has no image for that platform"),
            Cause::TooManyRequests => f.write_str("takes no more requests for now (429): log in, or try again later"),
            Cause::DiskFull => f.write_str("has no space left on its disk"),
            Cause::Broken(status) => {
                write!(f, "has a trouble of its own ({status}): its log says which, and a full disk is a common one")
            }
            Cause::NotARegistry(why) => write!(f, "is no image registry: {why}"),
            Cause::NotOffered(what) => write!(f, "does not offer {what}"),
            Cause::Other(why) => write!(f, "failed: {why}"),
        }
    }
}

impl Cause {
    /// What a daemon's words about a registry mean. `logged_in`: whether it was given a login.
    pub(crate) fn of_words(words: &str, logged_in: bool) -> Cause {
        let text = words.to_ascii_lowercase();
        let has = |part: &[&str]| part.iter().any(|part| text.contains(part));
        let login = if logged_in { Cause::LoginRefused } else { Cause::LoginNeeded };
        if has(&["no such host", "server misbehaving", "temporary failure in name resolution"]) {
            Cause::UnknownHost
        } else if has(&["no space left on device", "disk quota exceeded", "enospc"]) {
            Cause::DiskFull
        } else if has(&["http response to https client", "first record does not look like a tls handshake"]) {
            Cause::PlainHttp
        } else if has(&["x509:", "tls:", "certificate"]) {
            Cause::Tls(after(words, &["x509: ", "tls: "]))
        } else if has(&["connection refused"]) {
            Cause::Refused
        } else if has(&[
            "no matching manifest",
            "does not match the specified platform",
            "not provide the specified platform",
        ]) {
            Cause::NoPlatform
        } else if has(&["manifest unknown", "manifest for "]) || (has(&["manifest"]) && has(&["not found"])) {
            Cause::NoManifest
        } else if has(&["toomanyrequests", "too many requests"]) {
            Cause::TooManyRequests
        } else if has(&["unauthorized", "no basic auth credentials", "authentication required", "incorrect username"]) {
            login
        } else if has(&["pull access denied", "name unknown", "repository does not exist", "not found"]) {
            Cause::NoRepository
        } else if has(&["denied", "403 forbidden", "status: 403", "forbidden"]) {
            Cause::Forbidden
        } else if let Some(at) = text.find("unexpected http status: 5") {
            Cause::Broken(words[at + "unexpected http status: ".len()..].to_owned())
        } else if has(&["i/o timeout", "deadline exceeded", "client.timeout", "awaiting headers", "handshake timeout"])
        {
            Cause::TimedOut
        } else {
            Cause::Other(words.to_owned())
        }
    }
}

/// The words from the last of these marks on, which is where the reason begins.
fn after(words: &str, marks: &[&str]) -> String {
    let at = marks.iter().filter_map(|mark| words.rfind(mark).map(|at| at + mark.len())).max();
    words[at.unwrap_or(0)..].to_owned()
}
