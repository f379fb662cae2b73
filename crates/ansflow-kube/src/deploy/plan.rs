//! The plan: every object tried as the server would have it, before anything is written.
//!
//! One refusal, and there is no plan. What cannot be tried, because this deploy makes its namespace or its kind, is said.

use super::answer::{self, Meaning};
use super::ask::Asker;
use super::diff::{self, diff, fields};
use super::manifest::{Manifest, Origin, Problem};
use super::order::place;
use super::scope::{Scope, is_kept};
use crate::cluster::Apply;
use crate::error::Error;
use crate::object::{Key, Obj};
use ansflow_core::verdict::{Cause, Verdict};
use futures_util::{StreamExt as _, stream};
use serde_json::{Value as Json, json};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How many objects are tried at once; the cluster's own limit of requests holds besides.
pub(super) const AT_ONCE: usize = 40;
/// How long a webhook has to come up, and how often it is asked meanwhile.
pub(super) const COMES_UP: Duration = Duration::from_secs(30);
pub(super) const AGAIN: Duration = Duration::from_secs(1);
/// No more refusals are told besides the first.
const MOST_REFUSALS: usize = 10;
/// No more objects have a line of their own.
const MOST_LINES: usize = 60;

/// How a deploy is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct How {
    /// Where objects go that say no namespace.
    pub namespace: String,
    /// Whether that is made where it is not there.
    pub create_namespace: bool,
    /// Whether fields of other managers are taken.
    pub force_conflicts: bool,
    /// Whether what cannot be changed is deleted and made anew.
    pub recreate_immutable: bool,
}

/// What a deploy will do.
pub struct Plan {
    pub(super) entries: Vec<Entry>,
    notes: Vec<String>,
}

/// One object of a plan.
pub(super) struct Entry {
    pub(super) manifest: Manifest,
    pub(super) key: Key,
    /// As it is; none where it is not there, or may not be read.
    pub(super) before: Option<Obj>,
    /// As it will be, by the server's word.
    pub(super) after: Option<Obj>,
    pub(super) action: Action,
    /// Whether fields of others are taken.
    pub(super) force: bool,
    /// Whether a webhook that asks about it is served only once the rest is there.
    pub(super) waits: bool,
    /// What the server, or we, have to say of it.
    pub(super) remarks: Vec<String>,
}

/// What will be done with an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Action {
    Create,
    Change,
    Same,
    /// Deleted, and made anew.
    Recreate,
    /// Written without having been tried; why.
    Untried(String),
}

/// How many objects a plan has, by what is done with them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Made.
    pub created: usize,
    /// Changed, those that are made anew included.
    pub changed: usize,
    /// Left as they are.
    pub unchanged: usize,
}

/// Tries everything.
///
/// # Errors
/// The first refusal, with the others besides; or that the cluster cannot be asked.
pub async fn plan(asker: &Asker<'_>, manifests: Vec<Manifest>, how: &How) -> Result<Plan, Box<Verdict>> {
    let (mut scope, notes) = (Scope::of(&manifests), Vec::new());
    let mut plan = Plan { entries: Vec::new(), notes };
    let mut manifests = scope.place(asker, manifests, how, &mut plan.notes).await?;
    manifests.sort_by_key(|manifest| place(&manifest.object.key()));
    if let Some(again) = twice(&manifests) {
        return Err(Box::new(Verdict::failed(Cause::InvalidManifest, None, again.to_string())));
    }
    // Namespaces and kinds decide what of the rest can be tried.
    let (first, rest): (Vec<_>, Vec<_>) =
        manifests.into_iter().partition(|manifest| place(&manifest.object.key()) <= 1);
    for batch in [first, rest] {
        let entries = tried(asker, &scope, batch, how).await?;
        scope.learn(&entries);
        plan.entries.extend(entries);
    }
    Ok(plan)
}

async fn tried(
    asker: &Asker<'_>,
    scope: &Scope,
    manifests: Vec<Manifest>,
    how: &How,
) -> Result<Vec<Entry>, Box<Verdict>> {
    let each = manifests.into_iter().map(|manifest| Entry::tried(asker, scope, manifest, how));
    let all: Vec<_> = stream::iter(each).buffered(AT_ONCE).collect().await;
    let (mut entries, mut refusals) = (Vec::new(), Vec::new());
    for one in all {
        match one {
            Ok(entry) => entries.push(entry),
            Err(verdict) => refusals.push(verdict),
        }
    }
    let mut refusals = refusals.into_iter();
    let Some(mut first) = refusals.next() else { return Ok(entries) };
    let left = refusals.len().saturating_sub(MOST_REFUSALS);
    first.remarks.extend(refusals.take(MOST_REFUSALS).map(|verdict| verdict.summary));
    if left > 0 {
        first.remarks.push(format!("{left} more objects are refused"));
    }
    first.remarks.push("nothing was written".to_owned());
    Err(first)
}

impl Entry {
    async fn tried(asker: &Asker<'_>, scope: &Scope, manifest: Manifest, how: &How) -> Result<Entry, Box<Verdict>> {
        let key = manifest.object.key();
        let mut entry = Entry {
            manifest,
            key,
            before: None,
            after: None,
            action: Action::Create,
            force: how.force_conflicts,
            waits: false,
            remarks: Vec::new(),
        };
        if let Some(why) = scope.untried(&entry.key) {
            entry.action = Action::Untried(why);
            return Ok(entry);
        }
        let began = Instant::now();
        loop {
            match entry.ask(asker, scope, how).await {
                Ok(()) => return Ok(entry),
                Err(Again::Later) if began.elapsed() < COMES_UP => sleep(AGAIN).await,
                Err(Again::Later) => return Err(entry.refusal(&entry.last_word(asker).await)),
                Err(Again::Never(error)) => return Err(entry.refusal(&error)),
            }
        }
    }

    /// As it is, and as it would be.
    async fn ask(&mut self, asker: &Asker<'_>, scope: &Scope, how: &How) -> Result<(), Again> {
        let version = version(&self.manifest.object).map(str::to_owned);
        let is_unread = match asker.get(&self.key, version.as_deref()).await {
            Ok(before) => {
                self.before = before;
                false
            }
            // Who may write but not read can deploy all the same; nothing can be put back then.
            Err(error) if error.code() == 403 => true,
            Err(error) => return Err(Again::Never(error)),
        };
        let mut answered = self.dry(asker, how.force_conflicts).await;
        if let Err(error) = &answered {
            let meaning = error.answer().map(|answer| answer::meaning(answer, &self.manifest.object));
            if let Some(Meaning::OwnFields(fields)) = meaning {
                self.force = true;
                self.remarks.push(format!("{} was changed by another step; this deploy sets it", fields.join(", ")));
                answered = self.dry(asker, true).await;
            }
        }
        match answered {
            Ok(()) => {
                self.settle(is_unread);
                Ok(())
            }
            Err(error) => self.untried(scope, how, error),
        }
    }

    async fn dry(&mut self, asker: &Asker<'_>, force: bool) -> Result<(), Error> {
        let written = asker.apply(&self.manifest.object, Apply { dry_run: true, force }).await?;
        self.after = Some(written.object);
        self.remarks.extend(written.warnings);
        Ok(())
    }

    /// What a successful try means.
    fn settle(&mut self, is_unread: bool) {
        self.action = match (&self.before, &self.after) {
            (Some(before), Some(after)) if diff::is_same(before, after) && owned(before) == owned(after) => {
                Action::Same
            }
            (Some(_), _) => Action::Change,
            (None, Some(after)) if is_unread && after.text(&["metadata", "resourceVersion"]).is_some() => {
                self.remarks.push("it may not be read: what changes cannot be said, nor be put back".to_owned());
                Action::Change
            }
            (None, _) => Action::Create,
        };
    }

    /// What a refused try means: another way, or the end.
    fn untried(&mut self, scope: &Scope, how: &How, error: Error) -> Result<(), Again> {
        let Some(answer) = error.answer() else { return Err(Again::Never(error)) };
        match answer::meaning(answer, &self.manifest.object) {
            Meaning::Immutable if how.recreate_immutable && !is_kept(&self.key) => {
                self.action = Action::Recreate;
                self.after = None;
                Ok(())
            }
            Meaning::NoDryRun => {
                self.action = Action::Untried("a webhook takes no dry run".to_owned());
                Ok(())
            }
            Meaning::NotYet(Some(service)) if scope.brings_service(&service) => {
                self.action = Action::Untried(format!("its webhook's Service/{} comes with this deploy", service.1));
                self.waits = true;
                Ok(())
            }
            Meaning::NotYet(_) if comes_up(&answer.message) => Err(Again::Later),
            Meaning::Refused if scope.changes_kind(&self.key) => {
                self.action = Action::Untried("its kind is changed by this deploy".to_owned());
                Ok(())
            }
            Meaning::OwnFields(_)
            | Meaning::Conflict(_)
            | Meaning::Immutable
            | Meaning::NotYet(_)
            | Meaning::Refused => Err(Again::Never(error)),
        }
    }

    async fn last_word(&self, asker: &Asker<'_>) -> Error {
        let how = Apply { dry_run: true, force: self.force };
        match asker.apply(&self.manifest.object, how).await {
            Err(error) => error,
            Ok(_) => Error::Unreadable { asked: self.key.name.clone(), why: "it was refused, then not".to_owned() },
        }
    }

    pub(super) fn refusal(&self, error: &Error) -> Box<Verdict> {
        Box::new(answer::verdict(error, &self.manifest, self.before.as_ref()))
    }

    /// What the object will be: by the server's word, or by the manifest's.
    fn wanted(&self) -> &Obj {
        self.after.as_ref().unwrap_or(&self.manifest.object)
    }

    fn line(&self) -> String {
        let object = self.key.object();
        let what = match &self.action {
            Action::Create => "create".to_owned(),
            Action::Same => "same".to_owned(),
            Action::Recreate => "delete and create anew".to_owned(),
            Action::Untried(why) => format!("write, not tried before: {why}"),
            Action::Change => match self.before.as_ref().map(|before| fields(before, self.wanted())) {
                Some(changed) if !changed.is_empty() => format!("change ({})", changed.join(", ")),
                Some(_) => "change (its fields become AnsFlow's)".to_owned(),
                None => "change".to_owned(),
            },
        };
        let remarks = self.remarks.iter().map(|remark| format!("; {}", crate::text::short(remark, 200)));
        format!("{object}: {what}{}", remarks.collect::<String>())
    }
}

/// Whether a refusal is the last word.
enum Again {
    Later,
    Never(Error),
}

impl Plan {
    /// How many objects are made, changed and left.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for entry in &self.entries {
            match &entry.action {
                Action::Create => counts.created += 1,
                Action::Untried(_) if entry.before.is_none() => counts.created += 1,
                Action::Change | Action::Recreate | Action::Untried(_) => counts.changed += 1,
                Action::Same => counts.unchanged += 1,
            }
        }
        counts
    }

    /// All that changes, as one patch; values of Secrets do not stand in it.
    #[must_use]
    pub fn diff(&self) -> String {
        let written = self.entries.iter().filter(|entry| entry.action != Action::Same);
        written.map(|entry| diff(entry.before.as_ref(), entry.wanted())).collect()
    }

    /// What will be done, a line for each object that is not left as it is, and one for all.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = self.notes.clone();
        let told = self.entries.iter().filter(|entry| entry.action != Action::Same || !entry.remarks.is_empty());
        let more = told.clone().count().saturating_sub(MOST_LINES);
        lines.extend(told.take(MOST_LINES).map(Entry::line));
        lines.extend((more > 0).then(|| format!("and {more} more")));
        let Counts { created, changed, unchanged } = self.counts();
        lines.push(format!("{created} to create, {changed} to change, {unchanged} as they should be"));
        lines
    }
}

/// The version that a manifest is written in.
fn version(object: &Obj) -> Option<&str> {
    object.api_version().rsplit('/').next().filter(|version| !version.is_empty())
}

/// What we have of an object, as the server keeps it.
fn owned(object: &Obj) -> Option<&Json> {
    let ours = |entry: &&Json| {
        entry.get("manager") == Some(&json!(crate::cluster::MANAGER))
            && entry.get("operation") == Some(&json!("Apply"))
            && entry.get("subresource").is_none()
    };
    object.at(&["metadata", "managedFields"])?.as_array()?.iter().find(ours)?.get("fieldsV1")
}

/// Whether a webhook that did not answer may do so soon.
pub(super) fn comes_up(message: &str) -> bool {
    let words = ["connection refused", "no endpoints available", "serviceaccount \"default\" not found", "EOF"];
    words.iter().any(|word| message.contains(word))
}

fn twice(manifests: &[Manifest]) -> Option<Problem> {
    let mut seen: std::collections::HashMap<Key, &Origin> = std::collections::HashMap::new();
    manifests.iter().find_map(|manifest| {
        let before = seen.insert(manifest.object.key(), &manifest.origin)?;
        let object = manifest.object.object();
        Some(manifest.origin.problem(format!("{object} is there twice; it is also at {before}")))
    })
}
