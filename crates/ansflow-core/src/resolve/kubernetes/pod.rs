//! The pod that a shell text or a script runs in.

use serde_json::{Map, Value as Json};

use super::{name, place};
use crate::catalog::Format;
use crate::resolve::fields::Fields;
use crate::spec::{PodPlace, PodWorkspace};

/// No user of a container has a higher number.
const MOST_USERS: i64 = 2_147_483_647;

pub(in crate::resolve) fn pod(fields: &Fields<'_>) -> Result<PodPlace, String> {
    let image = fields.formed("image", Format::Image)?;
    let resources = fields.map("resources")?;
    let claim = fields.map("workspace")?.get("pvc").map(text).filter(|name| !name.trim().is_empty());
    Ok(PodPlace {
        place: place(fields)?,
        image: image.ok_or_else(|| fields.scope.say("image", "it is not given"))?,
        service_account: name(fields, "service_account")?,
        requests: amounts(fields, &resources, "requests")?,
        limits: amounts(fields, &resources, "limits")?,
        node_selector: fields.pairs("node_selector")?,
        run_as_user: fields.integer("run_as_user", 0, MOST_USERS)?,
        workspace: claim.map_or(PodWorkspace::Upload, |name| PodWorkspace::Claim(name.trim().to_owned())),
    })
}

fn amounts(fields: &Fields<'_>, resources: &Map<String, Json>, key: &str) -> Result<Vec<(String, String)>, String> {
    match resources.get(key) {
        None | Some(Json::Null) => Ok(Vec::new()),
        Some(Json::Object(map)) => Ok(map.iter().map(|(name, value)| (name.clone(), text(value))).collect()),
        Some(_) => Err(fields.scope.say("resources", &format!("`{key}` must be a map"))),
    }
}

fn text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
