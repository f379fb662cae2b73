//! A name of an image, read as Docker reads it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::refused::{Refused, shown};
use super::{Address, HUB, LATEST, LIBRARY, LONGEST, parts};

/// A name of an image: `[host/]path[:tag][@digest]`. Two are equal when Docker means the same by them: `nginx` and
/// `docker.io/library/nginx` are.
///
/// `Display` is the short form that `docker images` shows; [`full`](Self::full) is the one with the host.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Reference {
    host: String,
    repository: String,
    tag: Option<String>,
    digest: Option<String>,
}

impl Reference {
    /// Reads a name.
    ///
    /// # Errors
    /// Why it is none, with a suggestion where one is near.
    pub fn parse(text: &str) -> Result<Self, Refused> {
        Ok(Written::parse(text)?.meant())
    }

    /// The registry's host with its port, in small letters: `docker.io` where the name has none.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// What stands between host and tag: `library/nginx` for `nginx`.
    #[must_use]
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// The tag, where the name has one.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The digest, where the name has one.
    #[must_use]
    pub fn digest(&self) -> Option<&str> {
        self.digest.as_deref()
    }

    /// Whether Docker Hub has it.
    #[must_use]
    pub fn is_hub(&self) -> bool {
        self.host == HUB
    }

    /// Whether it stands in this registry.
    #[must_use]
    pub fn is_on(&self, registry: &Address) -> bool {
        self.host == registry.host()
    }

    /// The short form without tag and digest.
    #[must_use]
    pub fn name(&self) -> String {
        let library = self.repository.strip_prefix(LIBRARY).and_then(|rest| rest.strip_prefix('/'));
        match library.filter(|rest| !rest.contains('/')) {
            Some(nobodys) if self.is_hub() => nobodys.to_owned(),
            // Where the first part looks like a host, it would be read as one.
            _ if self.is_hub() && self.repository.contains('/') && cut_host(&self.repository).0.is_none() => {
                self.repository.clone()
            }
            _ => format!("{}/{}", self.host, self.repository),
        }
    }

    /// Host, path, tag and digest, nothing left out.
    #[must_use]
    pub fn full(&self) -> String {
        format!("{}/{}{}", self.host, self.repository, self.behind())
    }

    /// The same image under another tag, without digest.
    ///
    /// # Errors
    /// Why the text is no tag.
    pub fn with_tag(self, tag: &str) -> Result<Self, Refused> {
        super::check_tag(tag)?;
        Ok(Self { tag: Some(tag.to_owned()), digest: None, ..self })
    }

    /// The same with the digest of what it stands for.
    ///
    /// # Errors
    /// Why the text is no digest.
    pub fn with_digest(self, digest: &str) -> Result<Self, Refused> {
        parts::digest(digest)?;
        Ok(Self { digest: Some(digest.to_owned()), ..self })
    }

    /// The same without digest.
    #[must_use]
    pub fn without_digest(self) -> Self {
        Self { digest: None, ..self }
    }

    /// With the tag `latest` where it has neither tag nor digest.
    #[must_use]
    pub fn or_latest(self) -> Self {
        let tag = self.tag.or_else(|| self.digest.is_none().then(|| LATEST.to_owned()));
        Self { tag, ..self }
    }

    fn behind(&self) -> String {
        let tag = self.tag.as_ref().map(|tag| format!(":{tag}")).unwrap_or_default();
        let digest = self.digest.as_ref().map(|digest| format!("@{digest}")).unwrap_or_default();
        tag + &digest
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.name(), self.behind())
    }
}

impl FromStr for Reference {
    type Err = Refused;

    fn from_str(text: &str) -> Result<Self, Refused> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Reference {
    type Error = Refused;

    fn try_from(text: String) -> Result<Self, Refused> {
        Self::parse(&text)
    }
}

impl From<Reference> for String {
    fn from(reference: Reference) -> String {
        reference.full()
    }
}

/// A name as it stands there: whether it has a host of its own is what [`join`](super::join()) asks.
#[derive(Debug, Clone)]
pub(super) struct Written {
    pub(super) host: Option<String>,
    pub(super) path: String,
    pub(super) tag: Option<String>,
    pub(super) digest: Option<String>,
}

impl Written {
    pub(super) fn parse(text: &str) -> Result<Self, Refused> {
        if text.is_empty() {
            return Err(Refused::new("the name of the image is empty"));
        }
        // Nothing longer can be one, and nothing longer is looked at: name, tag and digest with what is between them.
        if text.len() > LONGEST + 1 + 128 + 1 + 135 {
            return Err(Refused::new(format!("`{}` is too long for the name of an image", shown(text))));
        }
        if let Some(at) = text.find("://") {
            let message = format!("`{}` is an address, and names of images have no `{}`", shown(text), &text[..at + 3]);
            return Err(Refused::new(message).instead(near(&text[at + 3..])));
        }
        Self::split(text).map_err(|refused| match refused.suggestion {
            Some(_) => refused,
            None => refused.instead(suggest(text)),
        })
    }

    fn split(text: &str) -> Result<Self, Refused> {
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (text, None),
        };
        if let Some((name, branch)) = branch_as_tag(rest) {
            let near = parts::tamed_tag(branch).map(|tag| format!("{name}:{tag}"));
            return Err(parts::tag(branch).err().unwrap_or_else(|| Refused::new("it is no name")).instead(near));
        }
        let (rest, tag) = cut_tag(rest);
        let (host, path) = cut_host(rest);
        let host = host.map(parts::host).transpose()?;
        parts::path(path)?;
        if let Some(tag) = tag {
            parts::tag(tag)?;
        }
        if let Some(digest) = digest {
            parts::digest(digest)?;
        }
        let written = Self {
            host: host.map(|host| if is_hub(&host) { HUB.to_owned() } else { host }),
            path: path.to_owned(),
            tag: tag.map(str::to_owned),
            digest: digest.map(str::to_owned),
        };
        written.measured()
    }

    /// Refused where host and path together are too long.
    pub(super) fn measured(self) -> Result<Self, Refused> {
        let meant = self.clone().meant();
        let length = meant.host.len() + 1 + meant.repository.len();
        if length > LONGEST {
            let name = shown(&meant.repository);
            return Err(Refused::new(format!("`{name}` is longer than the {LONGEST} characters that a name may have")));
        }
        Ok(self)
    }

    pub(super) fn meant(self) -> Reference {
        let host = self.host.unwrap_or_else(|| HUB.to_owned());
        let nobodys = host == HUB && !self.path.contains('/');
        let repository = if nobodys { format!("{LIBRARY}/{}", self.path) } else { self.path };
        Reference { host, repository, tag: self.tag, digest: self.digest }
    }
}

/// The other host names of Docker Hub.
pub(super) fn is_hub(host: &str) -> bool {
    matches!(host, HUB | "index.docker.io" | "registry-1.docker.io" | "registry.hub.docker.com" | "hub.docker.com")
}

/// A colon behind the last slash begins a tag; one before it, a port.
fn cut_tag(text: &str) -> (&str, Option<&str>) {
    let last = text.rfind('/').map_or(0, |slash| slash + 1);
    match text[last..].find(':') {
        Some(colon) => (&text[..last + colon], Some(&text[last + colon + 1..])),
        None => (text, None),
    }
}

/// `shop:feature/login`: a tag with a slash in it, where a port could stand and does not.
fn branch_as_tag(text: &str) -> Option<(&str, &str)> {
    let (name, behind) = text.split_once(':')?;
    let is_host = name.contains(['/', '.', '[']) || name == "localhost";
    let starts_like_a_tag = behind.starts_with(|c: char| c.is_ascii_alphabetic());
    (!is_host && behind.contains('/') && starts_like_a_tag && parts::path(name).is_ok()).then_some((name, behind))
}

/// The first part is a host where it looks like one: a dot, a port, or `localhost`.
fn cut_host(text: &str) -> (Option<&str>, &str) {
    match text.split_once('/') {
        Some((first, rest)) if first.contains(['.', ':', '[']) && first != "." && first != ".." => (Some(first), rest),
        Some(("localhost", rest)) => (Some("localhost"), rest),
        Some(_) | None => (None, text),
    }
}

/// The nearest name that would be taken, where it is something else than what was written.
fn suggest(text: &str) -> Option<String> {
    near(text).filter(|near| near != text)
}

fn near(text: &str) -> Option<String> {
    let (rest, digest) = text.split_once('@').map_or((text, None), |(rest, digest)| (rest, Some(digest)));
    let (rest, tag) = cut_tag(rest.trim_matches(|c: char| c.is_whitespace() || c == '/' || c == ':'));
    let (host, path) = cut_host(rest);
    let mut near =
        host.map(|host| parts::host(host).map(|host| format!("{host}/"))).transpose().ok()?.unwrap_or_default();
    near.push_str(&parts::tamed_path(path)?);
    if let Some(tag) = tag.and_then(parts::tamed_tag) {
        near = format!("{near}:{tag}");
    }
    if let Some(digest) = digest.filter(|digest| parts::digest(digest).is_ok()) {
        near = format!("{near}@{digest}");
    }
    Written::split(&near).is_ok().then_some(near)
}
