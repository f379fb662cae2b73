//! Wishes for faults that cannot be read: who applies them is told, as nobody would see them come to nothing.

use super::{Admission, Review, pods};
use crate::faults::{ANNOTATION, wishes};
use crate::object::ObjectExt;
use crate::status::Status;

pub(super) struct Wishes;

impl Admission for Wishes {
    fn validate(&self, review: &mut Review<'_, '_>) -> Result<(), Status> {
        if !matches!(&*review.kind.group, "" | "apps" | "batch") || review.sub.is_some() {
            return Ok(());
        }
        let Some(place) = pods::template(review.object, &review.kind.kind) else { return Ok(()) };
        let place = format!("{}/metadata/annotations", place.trim_end_matches("/spec"));
        let text = review.object.at(&place).and_then(|all| all[ANNOTATION].as_str());
        if let Some(Err(why)) = text.map(wishes) {
            review.warnings.push(format!("{ANNOTATION} cannot be read: {why}"));
        }
        Ok(())
    }
}
