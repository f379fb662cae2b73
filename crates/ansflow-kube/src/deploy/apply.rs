//! The plan carried out: wave by wave, many objects at once within each, and what was written remembered.

use super::answer::{self, Meaning};
use super::ask::Asker;
use super::diff::diff;
use super::establish::{established, gone};
use super::order::place;
use super::plan::{AGAIN, AT_ONCE, Action, COMES_UP, Entry, Plan, comes_up};
use super::scope::{is_definition, is_namespace};
use crate::Millis;
use crate::cluster::{Apply, Delete, Precondition, Propagation};
use crate::error::Error;
use crate::goal::{Goal, Want};
use crate::judge::is_plain;
use crate::object::{Key, Obj};
use ansflow_core::verdict::{Cause, Evidence, EvidenceFrom, Object, Verdict};
use futures_util::{StreamExt as _, stream};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use tokio::time::{Instant, sleep};

/// The plan as far as it was carried out. It outlives a write that is cut off, so that what was written can be told.
pub struct Applied {
    pub(super) plan: Plan,
    written: Mutex<BTreeMap<usize, Wrote>>,
}

/// What became of an object that was written.
#[derive(Clone)]
pub(super) struct Wrote {
    /// As the server answered.
    pub(super) object: Obj,
    /// Whether it was not there before.
    pub(super) created: bool,
    /// Whether it took the place of another of its name.
    pub(super) recreated: bool,
}

impl Plan {
    /// Begins to carry it out; nothing is written yet.
    #[must_use]
    pub fn begin(self) -> Applied {
        Applied { plan: self, written: Mutex::new(BTreeMap::new()) }
    }
}

impl Applied {
    /// Writes what is to be written. What is as it should be is not touched.
    ///
    /// # Errors
    /// The first refusal of a wave, with what was written until then; nothing of a later wave is.
    pub async fn write(&self, asker: &Asker<'_>) -> Result<(), Box<Verdict>> {
        let mut waves: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, entry) in self.plan.entries.iter().enumerate().filter(|(_, entry)| entry.action != Action::Same) {
            let wave = if entry.waits { usize::MAX } else { place(&entry.key) };
            waves.entry(wave).or_default().push(at);
        }
        for wave in waves.into_values() {
            let each = wave.iter().filter_map(|at| Some((*at, self.plan.entries.get(*at)?)));
            let results: Vec<_> = stream::iter(each.map(|(at, entry)| self.one(asker, at, entry)))
                .buffer_unordered(AT_ONCE)
                .collect()
                .await;
            if let Some(mut verdict) = results.into_iter().find_map(Result::err) {
                verdict.remarks.push(self.so_far());
                return Err(verdict);
            }
            let definitions = wave.iter().filter_map(|at| self.plan.entries.get(*at)).map(|entry| &entry.key);
            let definitions: Vec<&Key> = definitions.filter(|key| is_definition(&key.group, &key.kind)).collect();
            if !definitions.is_empty() {
                asker.cluster.forget_kinds();
                established(asker, &definitions).await.inspect_err(|_| asker.tell(&self.so_far()))?;
                asker.cluster.forget_kinds();
            }
        }
        Ok(())
    }

    async fn one(&self, asker: &Asker<'_>, at: usize, entry: &Entry) -> Result<(), Box<Verdict>> {
        if entry.action == Action::Recreate {
            self.remove(asker, at, entry).await?;
        }
        let (began, mut force) = (Instant::now(), entry.force);
        loop {
            match asker.apply(&entry.manifest.object, Apply { dry_run: false, force }).await {
                Ok(written) => {
                    let wrote = Wrote {
                        object: written.object,
                        created: entry.is_new(),
                        recreated: entry.action == Action::Recreate,
                    };
                    self.lock().insert(at, wrote);
                    return Ok(());
                }
                Err(error) => {
                    match error.answer().map(|answer| (answer::meaning(answer, &entry.manifest.object), answer)) {
                        Some((Meaning::OwnFields(_), _)) if !force => force = true,
                        Some((Meaning::NotYet(_), answer))
                            if (entry.waits || comes_up(&answer.message)) && began.elapsed() < COMES_UP =>
                        {
                            sleep(AGAIN).await;
                        }
                        _ => return Err(entry.refusal(&error)),
                    }
                }
            }
        }
    }

    /// Takes away what cannot be changed.
    async fn remove(&self, asker: &Asker<'_>, at: usize, entry: &Entry) -> Result<(), Box<Verdict>> {
        let Some(before) = &entry.before else { return Ok(()) };
        let uid = before.uid().to_owned();
        let how = Delete {
            propagation: Propagation::Foreground,
            only: Precondition { uid: Some(uid.clone()), version: None },
            ..Delete::default()
        };
        let refusal = |error: &Error| entry.refusal(error);
        asker.delete(&entry.key, &how).await.map_err(|error| refusal(&error))?;
        // Should it not be made anew, the way back begins here.
        self.lock().insert(at, Wrote { object: before.clone(), created: false, recreated: true });
        gone(asker, &entry.key, &uid).await.map_err(|error| refusal(&error))?;
        asker.tell(&format!("{} is deleted, and made anew", entry.key.object()));
        Ok(())
    }

    /// What was written, in the order of the plan.
    #[must_use]
    pub fn written(&self) -> Vec<Object> {
        self.lock().keys().filter_map(|at| self.plan.entries.get(*at)).map(|entry| entry.key.object()).collect()
    }

    /// What was written, in words.
    #[must_use]
    pub fn so_far(&self) -> String {
        let written = self.written();
        match written.len() {
            0 => "nothing was written".to_owned(),
            count => {
                let names: Vec<_> = written.iter().take(20).map(ToString::to_string).collect();
                let more =
                    if count > names.len() { format!(" and {} more", count - names.len()) } else { String::new() };
                format!("written before that: {}{more}", names.join(", "))
            }
        }
    }

    /// What the tracker waits for, from the moment `since`: every object that may have to become ready, those that were left
    /// as they are included.
    #[must_use]
    pub fn goal(&self, since: Millis) -> Goal {
        let written = self.lock();
        let wants = self.plan.entries.iter().enumerate().filter(|(_, entry)| !is_plain(&entry.manifest.object));
        let want = |(at, entry): (usize, &Entry)| {
            let now = written.get(&at).map(|wrote| &wrote.object).or(entry.before.as_ref());
            Want {
                key: entry.key.clone(),
                generation: now.map(Obj::generation),
                manifest: Some(entry.manifest.object.clone()),
            }
        };
        Goal { wants: wants.map(want).collect(), since }
    }

    /// The plan that is carried out.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// What this deploy changed, as evidence and as a patch.
    #[must_use]
    pub fn diff(&self) -> String {
        let written = self.lock();
        let each = self
            .plan
            .entries
            .iter()
            .enumerate()
            .filter_map(|(at, entry)| written.get(&at).map(|wrote| diff(entry.before.as_ref(), &wrote.object)));
        each.collect()
    }

    /// What later steps may use: name, image and revision of the one thing that runs, and how many objects were written.
    pub async fn outputs(&self, asker: &Asker<'_>) -> Vec<(&'static str, String)> {
        let counts = self.plan.counts();
        let mut outputs = vec![
            ("created", counts.created.to_string()),
            ("changed", counts.changed.to_string()),
            ("unchanged", counts.unchanged.to_string()),
        ];
        let runs = self.plan.entries.iter().filter(|entry| runs_something(&entry.key)).collect::<Vec<_>>();
        let [one] = runs.as_slice() else { return outputs };
        outputs.push(("resource_name", one.key.name.clone()));
        let image = one.manifest.object.at(&["spec", "template", "spec", "containers"]).and_then(|all| all.get(0));
        let image = image.and_then(|container| container.get("image")).and_then(serde_json::Value::as_str);
        outputs.extend(image.map(|image| ("image", image.to_owned())));
        if let Ok(Some(live)) = asker.get(&one.key, None).await {
            let revision = live.text(&["metadata", "annotations", "deployment.kubernetes.io/revision"]);
            let revision = revision.map_or_else(|| live.generation().to_string(), str::to_owned);
            outputs.push(("revision", revision));
        }
        outputs
    }

    /// The same verdict with what was changed beside it.
    #[must_use]
    pub fn with_changes(&self, mut verdict: Verdict) -> Verdict {
        let changed = self.plan.entries.iter().filter(|entry| entry.action == Action::Change);
        for entry in changed.take(3) {
            let (Some(before), Some(after)) = (&entry.before, &entry.after) else { continue };
            let text = super::diff::fields(before, after).join(", ");
            let object = entry.key.object();
            verdict.evidence.push(Evidence { from: EvidenceFrom::Diff, object, text, at: None, times: 1 });
        }
        verdict
    }

    pub(super) fn wrote(&self) -> BTreeMap<usize, Wrote> {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<usize, Wrote>> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    /// Whether it was not there before, as far as anybody could see.
    pub(super) fn is_new(&self) -> bool {
        match self.action {
            Action::Create => true,
            Action::Untried(_) => self.before.is_none(),
            Action::Change | Action::Same | Action::Recreate => false,
        }
    }
}

/// What a step that follows may mean when it names nothing.
fn runs_something(key: &Key) -> bool {
    matches!(
        (key.group.as_str(), key.kind.as_str()),
        ("apps", "Deployment" | "StatefulSet" | "DaemonSet") | ("batch", "Job")
    ) && !is_namespace(key)
}

/// That the time was up while objects were written.
#[must_use]
pub(super) fn late(object: &Object, what: &str) -> Box<Verdict> {
    Box::new(Verdict::failed(Cause::Timeout, Some(object.clone()), format!("{object} {what}")))
}
