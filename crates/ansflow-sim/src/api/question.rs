//! What is created and not kept: reviews, which are answered in the same breath.

use serde_json::Value;

use super::{Answer, Call, Reply, merging};
use crate::door::reviews;
use crate::manager::Manager;
use crate::object::{Object, ObjectExt};
use crate::status::Status;

pub(super) fn answer(call: &Call<'_>, mut question: Object) -> Result<Answer, Status> {
    let kind = &call.route.kind;
    question.insert("kind".to_owned(), (*kind.kind).into());
    question.insert("apiVersion".to_owned(), kind.api_version().into());
    // Reviews that the server makes whole itself, as those of oneself and of one's rules, have no managers.
    if matches!(
        &*kind.kind,
        "SelfSubjectAccessReview" | "SubjectAccessReview" | "LocalSubjectAccessReview" | "TokenReview"
    ) {
        let manager = call.manager();
        let managed = merging::updated(&call.write(&manager)?, None, &question, None, &[]);
        if !managed.is_empty() {
            question.set_meta("managedFields", managed.iter().map(Manager::to_value).collect());
        }
    }
    let answer = reviews::answer(call.sim, call.actor, kind, &question)?;
    Ok(Answer::Whole(Reply::json(201, Value::Object(answer).to_string())))
}
