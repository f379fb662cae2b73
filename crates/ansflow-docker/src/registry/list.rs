//! What a registry has: its repositories, where it tells, and a repository's tags.

use ansflow_core::image::Reference;
use reqwest::StatusCode;
use reqwest::header::LINK;
use serde::Deserialize;

use super::Registry;
use crate::cause::Cause;
use crate::error::{Error, Result};

/// Of a list so many names are read.
const MOST: usize = 10_000;
const PAGE: usize = 500;

/// Names, in the registry's order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listed {
    /// The names.
    pub names: Vec<String>,
    /// Whether there are more than are read.
    pub is_cut: bool,
}

#[derive(Deserialize)]
struct Page {
    repositories: Option<Vec<String>>,
    tags: Option<Vec<String>>,
}

impl Registry {
    /// Its repositories, below the address's path. Docker Hub and some clouds do not list them.
    pub async fn repositories(&self) -> Result<Listed> {
        if self.address.is_hub() {
            return Err(self.failed(Cause::NotOffered("a list of its repositories".to_owned())));
        }
        let mut listed = self.list("/v2/_catalog", "registry:catalog:*", |page| page.repositories).await.map_err(
            |error| match error {
                Error::Registry { host, cause: Cause::NoRepository | Cause::NotOffered(_) } => {
                    Error::Registry { host, cause: Cause::NotOffered("a list of its repositories".to_owned()) }
                }
                // Harbor's robots and most clouds' accounts may use their projects, and not see who else is there.
                Error::Registry { host, cause: Cause::Forbidden } => {
                    let what = "a list of its repositories to this login".to_owned();
                    Error::Registry { host, cause: Cause::NotOffered(what) }
                }
                other => other,
            },
        )?;
        if !self.address.path().is_empty() {
            let below = format!("{}/", self.address.path());
            listed.names.retain(|name| name.starts_with(&below));
        }
        Ok(listed)
    }

    /// The tags of a repository, by its whole path: `library/nginx`.
    pub async fn tags(&self, repository: &str) -> Result<Listed> {
        let repository = self.repository(repository)?;
        let scope = format!("repository:{repository}:pull");
        self.list(&format!("/v2/{repository}/tags/list"), &scope, |page| page.tags).await
    }

    /// A repository's path as it stands in the API, checked, because it becomes a part of an address.
    pub(super) fn repository(&self, path: &str) -> Result<String> {
        let name = format!("{}/{path}", self.address.host());
        let no = |why: String| Error::invalid("the repository", path, why);
        let read = Reference::parse(&name).map_err(|refused| no(refused.to_string()))?;
        match (read.tag(), read.digest()) {
            (None, None) => Ok(read.repository().to_owned()),
            _ => Err(no("it is a path, without tag and digest".to_owned())),
        }
    }

    async fn list(&self, path: &str, scope: &str, names: fn(Page) -> Option<Vec<String>>) -> Result<Listed> {
        let mut listed = Listed::default();
        let mut next = Some(format!("{path}?n={PAGE}"));
        while let Some(asked) = next {
            let answer = self.get(&asked, "application/json", scope).await.map_err(|cause| self.failed(cause))?;
            if answer.status != StatusCode::OK {
                return Err(self.failed(answer.cause(self.login.is_some())));
            }
            let page: Page = serde_json::from_slice(&answer.body)
                .map_err(|_| self.failed(Cause::NotARegistry("it does not answer with a list".to_owned())))?;
            let page = names(page).unwrap_or_default();
            let is_empty = page.is_empty();
            listed.names.extend(page);
            // A page that brings nothing, and says that there is more, would go on for ever.
            let link = answer.headers.get(LINK).and_then(|link| link.to_str().ok());
            next = link.and_then(next_page).filter(|_| !is_empty);
            if listed.names.len() >= MOST {
                listed.is_cut = next.is_some() || listed.names.len() > MOST;
                listed.names.truncate(MOST);
                break;
            }
        }
        Ok(listed)
    }
}

/// `</v2/_catalog?last=b&n=500>; rel="next"`. Only the path counts: the next page is this registry's too.
fn next_page(link: &str) -> Option<String> {
    let target = link.strip_prefix('<')?.split_once('>')?.0;
    let path = match target.split_once("://") {
        Some((_, rest)) => &rest[rest.find('/')?..],
        None => target,
    };
    path.starts_with("/v2/").then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::next_page;

    #[test]
    fn the_next_page_is_never_somewhere_else() {
        let next = |link| next_page(link);
        assert_eq!(next("</v2/_catalog?last=b&n=5>; rel=\"next\"").as_deref(), Some("/v2/_catalog?last=b&n=5"));
        assert_eq!(next("<http://169.254.169.254/v2/x>; rel=\"next\"").as_deref(), Some("/v2/x"));
        assert_eq!(next("<//evil.example/x>"), None);
        assert_eq!(next("<http://evil.example/latest/meta-data>"), None);
        assert_eq!(next("nothing"), None);
    }
}
