//! What may be done to a pipeline, and why the rest may not: the screen repeats no rule.

use std::collections::BTreeMap;

use ansflow_store::pipelines::PipelineRow;

use super::meaning::Meaning;
use crate::access::{Action, Actor};

/// What may be done, and why the rest may not.
#[derive(Debug, Clone, Default)]
pub(super) struct Permissions {
    pub(super) may: Vec<&'static str>,
    pub(super) why_not: BTreeMap<&'static str, String>,
}

impl Permissions {
    /// Of one pipeline, so many of whose runs have not ended.
    pub(super) fn of(actor: &Actor, row: &PipelineRow, meaning: &Meaning, unfinished: u64) -> Permissions {
        let disabled = || (!row.enabled).then(|| "the pipeline is disabled".to_owned());
        let busy = (unfinished > 0).then(|| unfinished_runs(unfinished));
        let mut permissions = Permissions::default();
        permissions.add(actor, "run", Action::Operate, disabled().or_else(|| meaning.cannot_run.clone()));
        permissions.add(actor, "edit", Action::Edit, None);
        permissions.add(actor, "delete", Action::Edit, busy);
        permissions.add(actor, "clone", Action::Edit, None);
        permissions.add(actor, "enable", Action::Edit, None);
        permissions
    }

    /// Who may not at all is told so first.
    fn add(&mut self, actor: &Actor, word: &'static str, action: Action, rule: Option<String>) {
        match actor.may(action).err().map(|error| error.detail().to_owned()).or(rule) {
            Some(why) => drop(self.why_not.insert(word, why)),
            None => self.may.push(word),
        }
    }
}

/// Why a pipeline with such runs cannot be deleted.
pub(super) fn unfinished_runs(unfinished: u64) -> String {
    match unfinished {
        1 => "one of its runs has not ended".to_owned(),
        many => format!("{many} of its runs have not ended"),
    }
}
