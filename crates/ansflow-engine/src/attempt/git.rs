//! A git checkout by the `git` command line. It looks before it acts: a checkout that is there is brought up to date,
//! anything else that is there is left alone, and a clone appears whole or not at all.

pub(crate) mod address;
mod client;

use std::fs;
use std::path::{Component, Path, PathBuf};

use ansflow_core::run::event::Gains;
use ansflow_core::spec::Git;
use serde_json::Value as Json;

use self::address::Address;
use self::client::Client;
use super::session::Session;
use super::shell::relative_to;
use super::{NoGain, broken, failed};

pub(crate) fn run(session: &mut Session, git: &Git) -> Result<Gains, NoGain> {
    let address = Address::parse(&git.repository).map_err(failed)?;
    if git.reference.as_ref().is_some_and(|reference| !is_reference(reference)) {
        return Err(failed(format!("`{}` is no branch, tag or commit", git.reference.as_deref().unwrap_or_default())));
    }
    let directory = PathBuf::from(&session.order.directory);
    let target = directory.join(place(git, &address)?);
    let client = Client::prepare(session, git, &address, &directory)?;
    match look(session, &client, &target, &address)? {
        Found::Nothing => clone(session, &client, git, &target)?,
        Found::Checkout => check_out(session, &client, git, &target)?,
    }
    gains(session, &client, &target)
}

enum Found {
    Nothing,
    Checkout,
}

/// What is where the checkout shall be.
fn look(session: &mut Session, client: &Client, target: &Path, address: &Address) -> Result<Found, NoGain> {
    let empty = match fs::read_dir(target) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => true,
        Err(error) => return Err(failed(format!("cannot check out into `{}`: {error}", target.display()))),
    };
    if empty {
        return Ok(Found::Nothing);
    }
    let remote = if target.join(".git").exists() {
        client.ask(session, target, &["config", "--get", "remote.origin.url"])?
    } else {
        None
    };
    match remote {
        Some(remote) if remote == client.url() => Ok(Found::Checkout),
        Some(remote) => Err(failed(format!(
            "`{}` is a checkout of `{}`, not of `{}`: give another `path`",
            target.display(),
            without_password(&remote),
            address.url()
        ))),
        None => Err(failed(format!(
            "`{}` is not empty and no checkout of `{}`: give another `path`",
            target.display(),
            address.url()
        ))),
    }
}

/// Beside the target, then renamed: a clone that was interrupted is never taken for a checkout.
fn clone(session: &mut Session, client: &Client, git: &Git, target: &Path) -> Result<(), NoGain> {
    let (Some(parent), Some(name)) = (target.parent(), target.file_name()) else {
        return Err(failed(format!("cannot check out into `{}`", target.display())));
    };
    let draft = parent.join(format!(".{}.ansflow-clone", name.to_string_lossy()));
    let problem = |error: std::io::Error| broken(format!("failed to make `{}`: {error}", target.display()));
    if draft.exists() {
        fs::remove_dir_all(&draft).map_err(problem)?;
    }
    fs::create_dir_all(&draft).map_err(problem)?;
    client.tell(session, &draft, &["init", "--quiet"])?;
    client.tell(session, &draft, &["remote", "add", "--", "origin", client.url()])?;
    check_out(session, client, git, &draft)?;
    fs::rename(&draft, target).map_err(problem)
}

/// In a repository that has the remote: fetches what is asked for and checks it out.
fn check_out(session: &mut Session, client: &Client, git: &Git, target: &Path) -> Result<(), NoGain> {
    let depth = format!("--depth={}", git.depth);
    let fetch = |refspec: &str| {
        let mut words = vec!["fetch", "--quiet", "--no-tags", "--force"];
        if git.depth > 0 {
            words.push(&depth);
        }
        words.into_iter().chain(["--", "origin", refspec]).map(str::to_owned).collect::<Vec<_>>()
    };
    match find(session, client, git, target)? {
        Wanted::Branch(branch) => {
            let tracking = format!("refs/remotes/origin/{branch}");
            client.tell(session, target, &fetch(&format!("+refs/heads/{branch}:{tracking}")))?;
            client.tell(session, target, &["checkout", "--quiet", "-B", &branch, &tracking])?;
        }
        Wanted::Tag(tag) => {
            let name = format!("refs/tags/{tag}");
            client.tell(session, target, &fetch(&format!("+{name}:{name}")))?;
            client.tell(session, target, &["checkout", "--quiet", "--detach", &name])?;
        }
        Wanted::Commit(commit) => {
            // Some servers give single commits only by branch; then all branches are fetched.
            if client.try_tell(session, target, &fetch(&commit))?.is_err() {
                let all = "+refs/heads/*:refs/remotes/origin/*";
                client.tell(session, target, &["fetch", "--quiet", "--tags", "--force", "--", "origin", all])?;
            }
            client.tell(session, target, &["checkout", "--quiet", "--detach", &format!("{commit}^{{commit}}")])?;
        }
    }
    if git.submodules {
        let mut words = vec!["submodule", "--quiet", "update", "--init", "--recursive", "--force"];
        if git.depth > 0 {
            words.push(&depth);
        }
        client.tell(session, target, &words)?;
    }
    Ok(())
}

enum Wanted {
    Branch(String),
    Tag(String),
    Commit(String),
}

/// What the user's word means at the remote: a branch, else a tag, else a commit.
fn find(session: &mut Session, client: &Client, git: &Git, target: &Path) -> Result<Wanted, NoGain> {
    let Some(reference) = &git.reference else {
        let head = client.demand(session, target, &["ls-remote", "--symref", "--", "origin", "HEAD"])?;
        let branch = head.lines().find_map(|line| line.strip_prefix("ref: refs/heads/")?.strip_suffix("\tHEAD"));
        return match branch {
            Some(branch) => Ok(Wanted::Branch(branch.to_owned())),
            None => Err(failed(format!("`{}` has no default branch: name one as `branch`", client.url()))),
        };
    };
    let short = reference.trim_start_matches("refs/heads/").trim_start_matches("refs/tags/");
    let (head, tag) = (format!("refs/heads/{short}"), format!("refs/tags/{short}"));
    let found = client.demand(session, target, &["ls-remote", "--", "origin", &head, &tag])?;
    let has = |name: &str| found.lines().any(|line| line.split_once('\t').is_some_and(|(_, found)| found == name));
    if has(&head) && !reference.starts_with("refs/tags/") {
        Ok(Wanted::Branch(short.to_owned()))
    } else if has(&tag) && !reference.starts_with("refs/heads/") {
        Ok(Wanted::Tag(short.to_owned()))
    } else if (7..=64).contains(&reference.len()) && reference.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        Ok(Wanted::Commit(reference.clone()))
    } else {
        Err(failed(format!("`{}` has no branch or tag `{reference}`", client.url())))
    }
}

fn gains(session: &mut Session, client: &Client, target: &Path) -> Result<Gains, NoGain> {
    let commit = client.demand(session, target, &["rev-parse", "--verify", "HEAD"])?;
    let branch = client.ask(session, target, &["symbolic-ref", "--quiet", "--short", "HEAD"])?;
    let mut gains = Gains { git_commit: Some(commit.clone()), git_branch: branch.clone(), ..Gains::default() };
    gains.outputs.insert("git_commit".into(), Json::String(commit));
    if let Some(branch) = branch {
        gains.outputs.insert("git_branch".into(), Json::String(branch));
    }
    gains.directory = relative_to(target, Path::new(&session.order.workspace));
    Ok(gains)
}

/// Where the checkout shall be, below the step's directory.
fn place(git: &Git, address: &Address) -> Result<PathBuf, NoGain> {
    let path = match &git.path {
        Some(path) => path.clone(),
        None => address.last_name().ok_or_else(|| failed(format!("`{}` has no name: give a `path`", address.url())))?,
    };
    let inside = Path::new(&path).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if !inside {
        return Err(failed(format!("`{path}` leaves the step's directory: give a `path` below it")));
    }
    Ok(PathBuf::from(path).components().collect())
}

/// What git takes for a name, and never for an option.
fn is_reference(text: &str) -> bool {
    let ugly = |letter: char| letter.is_control() || " ~^:?*[\\".contains(letter);
    !text.is_empty() && !text.starts_with('-') && !text.contains("..") && !text.contains("@{") && !text.contains(ugly)
}

fn without_password(url: &str) -> String {
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, rest))) => format!("{scheme}://{rest}"),
        _ => url.to_owned(),
    }
}
