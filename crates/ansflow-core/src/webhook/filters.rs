//! Whether a push is one that a pipeline's `webhook` triggers ask for.

use globset::{Glob, GlobBuilder, GlobSet};

use super::{Push, Target};
use crate::pipeline::Trigger;

/// What a push means for a pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It starts; what there is to say besides, or nothing.
    Starts(String),
    /// It does not, and why.
    Ignored(String),
}

/// Whether a pipeline with these triggers starts for this push. One trigger that says yes is enough.
#[must_use]
pub fn verdict(triggers: &[Trigger], push: &Push) -> Verdict {
    if let Some(why) = push.starts_nothing() {
        return Verdict::Ignored(why);
    }
    let mut first_no = None;
    for trigger in triggers {
        let Trigger::Webhook { branches, paths } = trigger else { continue };
        match one(branches, paths, push) {
            Verdict::Starts(note) => return Verdict::Starts(note),
            Verdict::Ignored(why) => {
                first_no.get_or_insert(why);
            }
        }
    }
    Verdict::Ignored(first_no.unwrap_or_else(|| "the pipeline has no `webhook` trigger".to_owned()))
}

fn one(branches: &[String], paths: &[String], push: &Push) -> Verdict {
    if !branches.is_empty() {
        match &push.target {
            Target::Branch(name) if of_branches(branches).is_match(name) => {}
            Target::Branch(name) => {
                return Verdict::Ignored(format!("the branch `{name}` is none of {}", listed(branches)));
            }
            Target::Tag(_) | Target::Unnamed | Target::Elsewhere(_) => {
                return Verdict::Ignored(format!("no branch is named, and it must be one of {}", listed(branches)));
            }
        }
    }
    if paths.is_empty() {
        return Verdict::Starts(String::new());
    }
    // Better a run too many than a change that nobody tested.
    let Some(changed) = &push.changed_paths else {
        return Verdict::Starts("`paths` was not asked, because which files changed is not known".to_owned());
    };
    let wanted = of_paths(paths);
    if changed.iter().any(|path| wanted.is_match(path)) {
        Verdict::Starts(String::new())
    } else {
        Verdict::Ignored(format!("no file changed that is one of {}", listed(paths)))
    }
}

fn listed(globs: &[String]) -> String {
    format!("`{}`", globs.join("`, `"))
}

/// As in the condition `branch_matches`: `*` goes over `/` too.
fn of_branches(globs: &[String]) -> GlobSet {
    set(globs.iter().filter_map(|glob| Glob::new(glob).ok()))
}

/// As in `artifacts`: `*` stays within a directory, `**` does not. A name without wildcards, or one that ends in `/`,
/// is also all that is below it.
fn of_paths(globs: &[String]) -> GlobSet {
    let build = |glob: &str| GlobBuilder::new(glob).literal_separator(true).build().ok();
    set(globs.iter().flat_map(|glob| {
        let folder = glob.strip_suffix('/').unwrap_or(glob);
        let is_folder = folder != glob || !glob.contains(['*', '?', '[', '{', '\\']);
        let below = is_folder.then(|| build(&format!("{folder}/**"))).flatten();
        build(glob).into_iter().chain(below)
    }))
}

/// The reader has refused what is no pattern.
fn set(globs: impl Iterator<Item = Glob>) -> GlobSet {
    let mut set = GlobSet::builder();
    for glob in globs {
        set.add(glob);
    }
    set.build().unwrap_or_default()
}
