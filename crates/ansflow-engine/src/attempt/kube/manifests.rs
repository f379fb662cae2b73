//! What a step reads of its workspace: manifests, or why they are none.

use ansflow_core::spec::Source;
use ansflow_core::verdict::{Cause, Evidence, EvidenceFrom, Object, Verdict};
use ansflow_kube::deploy::{self, Dir, Manifest};
use serde_json::{Map, Value as Json};

use super::desk::Desk;
use crate::attempt::NoGain;

pub(super) fn read(desk: &Desk<'_>, source: &Source, names: &Map<String, Json>) -> Result<Vec<Manifest>, NoGain> {
    let dir = Dir { workspace: (&desk.order.workspace).into(), directory: (&desk.order.directory).into() };
    match deploy::read(source, &dir, desk.namespace(), names) {
        Ok(reading) => {
            reading.notes.iter().for_each(|note| desk.say(note));
            Ok(reading.manifests)
        }
        Err(problems) => {
            problems.iter().for_each(|problem| desk.say(&problem.to_string()));
            let first = problems.first().map(ToString::to_string).unwrap_or_default();
            let summary = match problems.len() {
                0 | 1 => first,
                count => format!("{first} (and {} more)", count - 1),
            };
            let seen = |problem: &deploy::Problem| Evidence {
                from: EvidenceFrom::Answer,
                object: Object::new("File", None, problem.origin.to_string()),
                text: problem.message.clone(),
                at: None,
                times: 1,
            };
            let evidence = problems.iter().map(seen).collect();
            Err(desk.end(Verdict { evidence, ..Verdict::failed(Cause::InvalidManifest, None, summary) }))
        }
    }
}
