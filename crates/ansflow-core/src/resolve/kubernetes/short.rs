//! One deployment in a few words.

use serde_json::{Map, Value as Json};

use super::name;
use crate::resolve::fields::Fields;
use crate::spec::{ContainerPort, DeploymentSpec};

const PARAM: &str = "deployment_spec";

pub(super) fn read(fields: &Fields<'_>) -> Result<DeploymentSpec, String> {
    let given = Given { fields, map: fields.map(PARAM)? };
    let named = match given.text("name")? {
        Some(named) => named,
        None => name(fields, "resource_name")?
            .ok_or_else(|| given.say("it has no name; give `name` in it, or `resource_name` beside it"))?,
    };
    let image = given.text("image")?.ok_or_else(|| given.say("it has no `image`"))?;
    let (requests, limits) = match given.map.get("resources") {
        None | Some(Json::Null) => (Vec::new(), Vec::new()),
        Some(Json::Object(inner)) => {
            let inner = Given { fields, map: inner.clone() };
            (inner.pairs("requests")?, inner.pairs("limits")?)
        }
        Some(_) => return Err(given.say("`resources` must be a map")),
    };
    Ok(DeploymentSpec {
        name: named,
        image,
        replicas: given.number("replicas", 0, 100)?.unwrap_or(1),
        ports: given.ports()?,
        environment: given.pairs("environment")?,
        requests,
        limits,
        labels: given.pairs("labels")?,
    })
}

/// A map with its values put in.
struct Given<'f> {
    fields: &'f Fields<'f>,
    map: Map<String, Json>,
}

impl Given<'_> {
    fn say(&self, why: &str) -> String {
        self.fields.scope.say(PARAM, why)
    }

    fn text(&self, key: &str) -> Result<Option<String>, String> {
        let text = match self.map.get(key) {
            None | Some(Json::Null) => None,
            Some(Json::String(text)) => Some(text.trim().to_owned()),
            Some(other @ (Json::Bool(_) | Json::Number(_))) => Some(other.to_string()),
            Some(Json::Array(_) | Json::Object(_)) => return Err(self.say(&format!("`{key}` must be a text"))),
        };
        Ok(text.filter(|text| !text.is_empty()))
    }

    fn number<T: TryFrom<i64>>(&self, key: &str, least: i64, most: i64) -> Result<Option<T>, String> {
        let Some(text) = self.text(key)? else { return Ok(None) };
        let number = text.parse::<i64>().ok().filter(|number| (least..=most).contains(number));
        let number = number.and_then(|number| T::try_from(number).ok());
        number.map(Some).ok_or_else(|| self.say(&format!("`{key}` must be a whole number from {least} to {most}")))
    }

    fn pairs(&self, key: &str) -> Result<Vec<(String, String)>, String> {
        let map = match self.map.get(key) {
            None | Some(Json::Null) => return Ok(Vec::new()),
            Some(Json::Object(map)) => map,
            Some(_) => return Err(self.say(&format!("`{key}` must be a map"))),
        };
        let text = |(name, value): (&String, &Json)| {
            let text = match value {
                Json::Null => String::new(),
                Json::String(text) => text.clone(),
                other @ (Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_)) => other.to_string(),
            };
            (name.clone(), text)
        };
        Ok(map.iter().map(text).collect())
    }

    fn ports(&self) -> Result<Vec<ContainerPort>, String> {
        let ports = match self.map.get("ports") {
            None | Some(Json::Null) => return Ok(Vec::new()),
            Some(Json::Array(ports)) => ports,
            Some(_) => return Err(self.say("`ports` must be a list")),
        };
        let port = |port: &Json| {
            let Json::Object(map) = port else { return Err(self.say("an entry of `ports` must be a map")) };
            let port = Given { fields: self.fields, map: map.clone() };
            Ok(ContainerPort {
                container_port: port.number("container_port", 1, 65_535)?.unwrap_or(80),
                name: port.text("name")?,
                protocol: port.text("protocol")?.unwrap_or_else(|| "TCP".to_owned()),
            })
        };
        ports.iter().map(port).collect()
    }
}
