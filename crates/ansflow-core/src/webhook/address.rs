//! Whether two addresses are of one repository: HTTPS or SSH, with a user or without, as forges and people write them.

use crate::pipeline::Pipeline;

/// Host and path of a repository.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place {
    host: String,
    path: String,
}

impl Place {
    /// Of an address such as `https://me@Git.example.com:8443/team/shop.git/` or `git@git.example.com:team/shop.git`.
    /// None where it is no address of another machine, or one that goes in loops.
    ///
    /// Ports are left out, because HTTPS and SSH of one forge have two; case too, because forges do not tell it apart.
    #[must_use]
    pub fn of(address: &str) -> Option<Place> {
        if address.contains(|c: char| c.is_control() || c == '\\') {
            return None;
        }
        let (authority, path) = match address.split_once("://") {
            Some(("https" | "http" | "ssh" | "git" | "git+ssh" | "ssh+git", rest)) => rest.split_once('/')?,
            Some(_) => return None,
            // As git sees it: a colon before the first slash makes it a host.
            None => address.split_once(':').filter(|(host, path)| !host.contains('/') && !path.starts_with(':'))?,
        };
        let host = authority.rsplit('@').next()?;
        let host = match host.strip_prefix('[') {
            Some(rest) => rest.split_once(']')?.0,
            None => host.split(':').next()?,
        };
        let path = path.split(['?', '#']).next()?.trim_matches('/');
        let path = path.strip_suffix(".git").unwrap_or(path).trim_end_matches('/');
        let plain = |part: &str| !part.is_empty() && part != "." && part != "..";
        if host.is_empty() || !path.split('/').all(plain) {
            return None;
        }
        Some(Place { host: host.to_ascii_lowercase(), path: path.to_ascii_lowercase() })
    }

    /// The last part of the path, in small letters.
    #[must_use]
    pub fn last_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }
}

/// Whether both are of one repository of another machine.
#[must_use]
pub fn same(one: &str, other: &str) -> bool {
    Place::of(one).is_some_and(|place| Place::of(other) == Some(place))
}

/// The repositories that a pipeline's git steps check out, where their text says so without `{{ }}`.
pub fn repositories(pipeline: &Pipeline) -> impl Iterator<Item = Place> {
    plain(pipeline).filter_map(Place::of)
}

/// The address of the one repository that a pipeline is about; none where its git steps check out several, or none
/// that their text names without `{{ }}`.
#[must_use]
pub fn only_repository(pipeline: &Pipeline) -> Option<&str> {
    let mut addresses = plain(pipeline);
    let first = addresses.next()?;
    addresses.all(|other| same(first, other)).then_some(first)
}

fn plain(pipeline: &Pipeline) -> impl Iterator<Item = &str> {
    let git = pipeline.steps.iter().filter(|step| step.kind.word == "git");
    git.filter_map(|step| step.params.get("repository")?.value.text().filter(|text| !text.contains("{{")))
}
