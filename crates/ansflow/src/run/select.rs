//! `--from STEP` and `--only STEP`: the steps that are left out, or the refusal.

use ansflow_core::plan::select::{Selection, UnknownStep};
use ansflow_core::plan::{Plan, StepIndex};
use anyhow::Result;

use crate::exit::Refused;

/// The steps that do not run, with the reason.
pub(crate) fn deselected(selection: Selection<'_>, plan: &Plan) -> Result<Vec<(StepIndex, String)>> {
    selection.deselected(plan).map_err(|unknown| {
        let refused = Refused::invalid(unknown.to_string());
        let UnknownStep { near, .. } = unknown;
        match near {
            Some(near) => refused.help(format!("did you mean `{near}`?")).into(),
            None => refused.help("`ansflow plan` lists the steps").into(),
        }
    })
}
