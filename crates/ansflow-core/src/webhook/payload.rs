//! The bodies of GitHub, GitLab, Gitea and Gitee. They descend from each other, so one shape reads them all; where
//! they differ, a field is there or is not.
//!
//! Only what is needed is read, and of lists only the beginning: the rest of a body costs nothing.

use serde::Deserialize;
use serde_json::Map;

use super::bounded::Bounded;
use super::{Push, Said, Source, Target, Unreadable};

/// Commits of a push, and files of a commit, that are looked at; of more, what changed is not known.
const MOST_COMMITS: usize = 250;
const MOST_FILES: usize = 3_000;

/// Gitea lists no more commits of a push than this; before it counted them, it did not say that there were more.
/// (GitHub does not either, but it lists more than we look at.)
const GITEA_LISTS: usize = 5;

#[derive(Deserialize)]
struct Payload {
    #[serde(rename = "ref")]
    reference: Option<String>,
    before: Option<String>,
    after: Option<String>,
    deleted: Option<bool>,
    created: Option<bool>,
    forced: Option<bool>,
    commits: Option<Bounded<Commit, MOST_COMMITS>>,
    head_commit: Option<Commit>,
    total_commits: Option<usize>,
    total_commits_count: Option<usize>,
    commits_more_than_ten: Option<bool>,
    repository: Option<Repository>,
    project: Option<Repository>,
    sender: Option<User>,
    pusher: Option<User>,
    user_username: Option<String>,
    user_name: Option<String>,
}

#[derive(Deserialize)]
struct Commit {
    #[serde(default)]
    id: String,
    #[serde(default)]
    message: String,
    added: Option<Bounded<String, MOST_FILES>>,
    modified: Option<Bounded<String, MOST_FILES>>,
    removed: Option<Bounded<String, MOST_FILES>>,
}

#[derive(Deserialize)]
struct Repository {
    path_with_namespace: Option<String>,
    full_name: Option<String>,
    name: Option<String>,
    git_http_url: Option<String>,
    clone_url: Option<String>,
    git_ssh_url: Option<String>,
    ssh_url: Option<String>,
    html_url: Option<String>,
    web_url: Option<String>,
}

#[derive(Deserialize)]
struct User {
    login: Option<String>,
    username: Option<String>,
    name: Option<String>,
}

/// What system hooks of GitLab call their event; those of projects say it in a header.
#[derive(Deserialize)]
struct Kind {
    object_kind: Option<String>,
    event_name: Option<String>,
}

pub(super) fn read(source: Source, event: &str, body: &[u8]) -> Result<Said, Unreadable> {
    let kind = match event {
        "System Hook" | "" => {
            let kind: Kind = parse(body)?;
            kind.object_kind.or(kind.event_name).unwrap_or_default()
        }
        event => event.to_owned(),
    };
    match kind.as_str() {
        // A tag says by its `ref` that it is one.
        "push" | "Push Hook" | "tag_push" | "Tag Push Hook" => {
            let payload: Payload = parse(body)?;
            payload.push(source).map(|push| Said::Push(Box::new(push)))
        }
        "ping" => Ok(Said::Other("it asks whether anybody is there".to_owned())),
        "" => Err(Unreadable("nothing says which event it is".to_owned())),
        // In the words of the four: `pull_request_review`, `Merge Request Hook`, `merge_request` …
        other if is_merge_request(other) => Ok(Said::Other("pull requests are not a trigger yet".to_owned())),
        other => {
            let name: String = other.chars().take(60).filter(|c| !c.is_control()).collect();
            Ok(Said::Other(format!("`{name}` events start nothing")))
        }
    }
}

fn is_merge_request(event: &str) -> bool {
    let event = event.to_ascii_lowercase().replace(' ', "_");
    event.starts_with("pull_request") || event.starts_with("merge_request")
}

pub(super) fn parse<'b, T: Deserialize<'b>>(body: &'b [u8]) -> Result<T, Unreadable> {
    let read = serde_json::from_slice(body);
    // The error quotes the body.
    let quoted = |error: &serde_json::Error| error.to_string().chars().filter(|c| !c.is_control()).collect::<String>();
    read.map_err(|error| match (error.classify(), body.first()) {
        (serde_json::error::Category::Data, _) => {
            Unreadable(format!("the body is not what it should be: {}", quoted(&error)))
        }
        (_, Some(b'p')) if body.starts_with(b"payload=") => {
            Unreadable("the body is a form: set the content type of the webhook to `application/json`".to_owned())
        }
        _ => Unreadable(format!("the body is no JSON: {}", quoted(&error))),
    })
}

impl Payload {
    fn push(self, source: Source) -> Result<Push, Unreadable> {
        let name = self.reference.as_deref().unwrap_or_default();
        if name.is_empty() {
            return Err(Unreadable("the push names no `ref`".to_owned()));
        }
        let target = match (name.strip_prefix("refs/heads/"), name.strip_prefix("refs/tags/")) {
            (Some(branch), _) => Target::Branch(checked(branch)?),
            (_, Some(tag)) => Target::Tag(checked(tag)?),
            (None, None) => Target::Elsewhere(checked(name)?),
        };
        let after =
            self.after.as_deref().ok_or_else(|| Unreadable("the push does not say what is there now".to_owned()));
        let commit = hash(after?)?;
        let before = self.before.as_deref().map(hash).transpose()?.flatten();
        let deleted = self.deleted == Some(true) || commit.is_none();
        let projects = [&self.project, &self.repository].map(Option::as_ref);
        Ok(Push {
            repository: shown(&projects.iter().flatten().find_map(|project| project.name()).unwrap_or_default()),
            addresses: addresses(projects),
            target,
            deleted,
            changed_paths: self.changed_paths(source, before.is_none()),
            message: self.message(commit.as_deref()),
            sender: self.who(),
            commit,
            before,
            variables: Map::new(),
        })
    }

    /// All of what the commits changed; none where some of it is not told.
    fn changed_paths(&self, source: Source, is_new: bool) -> Option<Vec<String>> {
        let commits = self.commits.as_ref()?;
        let listed = commits.items.len();
        let in_all = self.total_commits.into_iter().chain(self.total_commits_count).max();
        let cut_short = source == Source::Gitea && in_all.is_none() && listed >= GITEA_LISTS;
        // What a new branch changes, and what a forced push takes back, is not in its commits.
        let untold = is_new || self.created == Some(true) || self.forced == Some(true);
        if cut_short
            || untold
            || listed == 0
            || commits.more
            || self.commits_more_than_ten == Some(true)
            || in_all.is_some_and(|in_all| in_all > listed)
        {
            return None;
        }
        let mut paths = Vec::new();
        for commit in &commits.items {
            commit.add_paths(&mut paths)?;
        }
        paths.sort_unstable();
        paths.dedup();
        Some(paths)
    }

    fn message(&self, commit: Option<&str>) -> String {
        let commits = self.commits.iter().flat_map(|commits| &commits.items);
        let listed = || commits.clone().find(|listed| Some(listed.id.as_str()) == commit).or(commits.clone().last());
        self.head_commit.as_ref().or_else(listed).map(|commit| commit.message.clone()).unwrap_or_default()
    }

    fn who(&self) -> String {
        let users = [&self.sender, &self.pusher].into_iter().flatten();
        let names = users.flat_map(|user| [&user.login, &user.username, &user.name]);
        let name = names.chain([&self.user_username, &self.user_name]).flatten().find(|name| !name.is_empty());
        name.map(|name| shown(name)).unwrap_or_default()
    }
}

impl Commit {
    fn add_paths(&self, paths: &mut Vec<String>) -> Option<()> {
        let lists = [&self.added, &self.modified, &self.removed];
        // Gitee says `null` for an empty list; of a commit that has none at all, nothing is known.
        if lists.iter().all(|list| list.is_none()) {
            return None;
        }
        for list in lists.into_iter().flatten() {
            if list.more {
                return None;
            }
            paths.extend(list.items.iter().cloned());
        }
        Some(())
    }
}

impl Repository {
    fn name(&self) -> Option<String> {
        [&self.path_with_namespace, &self.full_name, &self.name].into_iter().flatten().next().cloned()
    }
}

fn addresses(projects: [Option<&Repository>; 2]) -> Vec<String> {
    let fields: [fn(&Repository) -> &Option<String>; 6] = [
        |project| &project.git_http_url,
        |project| &project.clone_url,
        |project| &project.git_ssh_url,
        |project| &project.ssh_url,
        |project| &project.html_url,
        |project| &project.web_url,
    ];
    let mut addresses: Vec<String> = Vec::new();
    for address in
        fields.iter().flat_map(|field| projects.iter().flatten().filter_map(|project| field(project).clone()))
    {
        if !address.is_empty() && !address.contains(char::is_control) && !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    addresses
}

/// A name as it may be shown: not endless, and nothing that a terminal or a database trips over.
pub(super) fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(100).collect()
}

/// A commit's hash; none: all zeros, which is how there is none.
pub(super) fn hash(text: &str) -> Result<Option<String>, Unreadable> {
    if !(7..=64).contains(&text.len()) || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(Unreadable("a commit is not named by a hash of 7 to 64 hexadecimal digits".to_owned()));
    }
    Ok(Some(text.to_ascii_lowercase()).filter(|text| text.bytes().any(|b| b != b'0')))
}

/// The name of a branch or tag, which must be one that git would take: it ends up in a command line of git's.
pub(super) fn checked(name: &str) -> Result<String, Unreadable> {
    let odd = |c: char| c.is_control() || " ~^:?*[\\".contains(c);
    let wrong = name.is_empty()
        || name.len() > 250
        || name.starts_with(['-', '/', '.'])
        || name.ends_with(['/', '.'])
        || name.contains(odd)
        || ["..", "@{", "//", "/."].iter().any(|part| name.contains(part));
    if wrong {
        Err(Unreadable("what was pushed has a name that git does not take".to_owned()))
    } else {
        Ok(name.to_owned())
    }
}
