//! Somebody who asks as somebody else: `Impersonate-User`, `Impersonate-Group`, `Impersonate-Uid`.

use hyper::HeaderMap;

use super::{Actor, Decision, Question, decide};
use crate::object::Str;
use crate::sim::Sim;
use crate::status::{Details, Status};

/// The actor that is meant, if the one who asks may speak for them.
pub(super) fn instead(sim: &Sim, actor: Actor, head: &HeaderMap) -> Result<Actor, Status> {
    let text = |name: &str| head.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let user = text("impersonate-user");
    let groups: Vec<&str> = head.get_all("impersonate-group").iter().filter_map(|value| value.to_str().ok()).collect();
    if user.is_empty() {
        let why = "requested [] without impersonating a user";
        let asks = !groups.is_empty() || !text("impersonate-uid").is_empty();
        return if asks { Err(Status::internal(why)) } else { Ok(actor) };
    }
    let account: Option<(&str, &str)> =
        user.strip_prefix("system:serviceaccount:").and_then(|account| account.split_once(':'));
    match account {
        Some((namespace, name)) => may(sim, &actor, "serviceaccounts", namespace, name)?,
        None => may(sim, &actor, "users", "", user)?,
    }
    for group in &groups {
        may(sim, &actor, "groups", "", group)?;
    }
    let mut all: Vec<Str> = groups.iter().map(|group| (*group).into()).collect();
    if let (Some((namespace, _)), true) = (account, groups.is_empty()) {
        all.push("system:serviceaccounts".into());
        all.push(format!("system:serviceaccounts:{namespace}").into());
    }
    let known = if user == "system:anonymous" { "system:unauthenticated" } else { "system:authenticated" };
    if !groups.contains(&known) {
        all.push(known.into());
    }
    Ok(Actor { user: user.into(), uid: text("impersonate-uid").into(), groups: all, extra: Vec::new() })
}

fn may(sim: &Sim, actor: &Actor, resource: &str, namespace: &str, name: &str) -> Result<(), Status> {
    let asked = Question::Resource { verb: "impersonate", group: "", resource, sub: "", namespace, name };
    let Decision::Denied { .. } = decide(sim, actor, &asked) else { return Ok(()) };
    let scope = match namespace {
        "" => "at the cluster scope".to_owned(),
        namespace => format!("in the namespace \"{namespace}\""),
    };
    let message = format!(
        "{resource} \"{name}\" is forbidden: User \"{}\" cannot impersonate resource \"{resource}\" in API group \"\" {scope}",
        actor.user
    );
    let details = Details { name: name.to_owned(), kind: resource.to_owned(), ..Details::default() };
    Err(Status::new(403, "Forbidden", message).detailed(details))
}
