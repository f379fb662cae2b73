//! The kinds that a definition makes, one for each version that it serves.

use std::cmp::Reverse;
use std::sync::Arc;

use serde_json::Value;

use super::Custom;
use crate::kind::{Kind, KindId, Origin, Sub};
use crate::object::{Object, ObjectExt, Str};
use crate::schema::{self, GroupVersionKind};

/// As discovery of custom resources names them.
const VERBS: [&str; 8] = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];

/// The versions of a definition as kinds, preferred first.
pub(super) fn kinds(definition: &Object, id: KindId) -> Vec<Kind> {
    let mut served: Vec<&Value> =
        definition.items("/spec/versions").iter().filter(|version| version["served"] == true).collect();
    served.sort_by_key(|version| rank(version["name"].as_str().unwrap_or_default()));
    let mut kinds: Vec<Kind> = served.into_iter().map(|version| kind(definition, version, id)).collect();
    // Versions differ in their name only, so that any of them can stand for the one that is stored.
    if let Some(first) = kinds.first_mut()
        && !definition
            .items("/spec/versions")
            .iter()
            .any(|version| version["served"] == true && version["storage"] == true)
    {
        first.stored = true;
    }
    kinds
}

fn kind(definition: &Object, version: &Value, id: KindId) -> Kind {
    let text = |pointer: &str| -> Str { definition.text(pointer).into() };
    let texts =
        |pointer: &str| definition.items(pointer).iter().filter_map(|text| text.as_str().map(Str::from)).collect();
    let of = GroupVersionKind {
        group: text("/spec/group"),
        version: version["name"].as_str().unwrap_or_default().into(),
        kind: text("/spec/names/kind"),
    };
    let told = &version["schema"]["openAPIV3Schema"];
    let mut group: Vec<&str> = of.group.split('.').collect();
    group.reverse();
    let name = format!("{}.{}.{}", group.join("."), of.version, of.kind);
    Kind {
        id,
        group: of.group.clone(),
        version: of.version.clone(),
        kind: of.kind.clone(),
        plural: text("/spec/names/plural"),
        singular: text("/spec/names/singular"),
        short: texts("/spec/names/shortNames"),
        categories: texts("/spec/names/categories"),
        namespaced: definition.text("/spec/scope") == "Namespaced",
        verbs: VERBS.map(Str::from).to_vec(),
        subresources: subresources(&version["subresources"], &of.kind),
        ty: schema::custom(&name, of, told),
        stored: version["storage"] == true,
        origin: Origin::Custom(definition.name().into()),
        custom: Some(Arc::new(Custom::new(told))),
    }
}

fn subresources(told: &Value, kind: &str) -> Vec<Sub> {
    let sub = |name: &str, kind: &str, group: &str, version: &str| Sub {
        name: name.into(),
        kind: kind.into(),
        group: group.into(),
        version: version.into(),
        verbs: ["get", "patch", "update"].map(Str::from).to_vec(),
    };
    let mut subs = Vec::new();
    if told["status"].is_object() {
        subs.push(sub("status", kind, "", ""));
    }
    if told["scale"].is_object() {
        subs.push(sub("scale", "Scale", "autoscaling", "v1"));
    }
    subs
}

/// The order of versions: `v2`, `v1`, `v2beta1`, `v1beta2`, `v1alpha1`, and then all other names.
fn rank(version: &str) -> (u8, Reverse<u64>, Reverse<u64>, String) {
    let last = (3, Reverse(0), Reverse(0), version.to_owned());
    let Some(rest) = version.strip_prefix('v') else { return last };
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let Ok(major) = rest[..digits].parse::<u64>() else { return last };
    let (stage, minor) = match &rest[digits..] {
        "" => (0, "0"),
        stage if stage.starts_with("beta") => (1, &stage[4..]),
        stage if stage.starts_with("alpha") => (2, &stage[5..]),
        _ => return last,
    };
    match minor.parse::<u64>() {
        Ok(minor) => (stage, Reverse(major), Reverse(minor), String::new()),
        Err(_) => last,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_stand_in_the_order_of_their_promise() {
        let mut versions = ["v1alpha1", "foo", "v1", "v1beta2", "v10", "v2", "v1beta10", "v11alpha2", "bar"];
        versions.sort_by_key(|version| rank(version));
        assert_eq!(versions, ["v10", "v2", "v1", "v1beta10", "v1beta2", "v11alpha2", "v1alpha1", "bar", "foo"]);
    }
}
