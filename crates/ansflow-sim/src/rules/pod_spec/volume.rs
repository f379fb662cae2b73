//! What the volumes of a pod are checked for.

use serde_json::Value;

use super::super::names::LABEL;
use super::super::{Causes, labels, said};

/// The names of the volumes.
pub(super) fn validate<'v>(volumes: &'v Value, path: &str, causes: &mut Causes) -> Vec<&'v str> {
    let mut names: Vec<&str> = Vec::new();
    for (at, volume) in volumes.as_array().into_iter().flatten().enumerate() {
        let path = format!("{path}[{at}]");
        let name = volume["name"].as_str().unwrap_or_default();
        let sources: Vec<&String> =
            volume.as_object().into_iter().flatten().map(|(field, _)| field).filter(|field| *field != "name").collect();
        match sources.as_slice() {
            [] => said::required(causes, &path, "must specify a volume type"),
            [source] => self::source(source, &volume[source.as_str()], &path, causes),
            [_, more @ ..] => {
                for source in more {
                    said::forbidden(causes, &format!("{path}.{source}"), "may not specify more than 1 volume type");
                }
            }
        }
        if name.is_empty() {
            said::required(causes, &format!("{path}.name"), "");
        } else if !labels::host(name) {
            said::invalid(causes, &format!("{path}.name"), &volume["name"], LABEL);
        }
        if names.contains(&name) {
            said::duplicate(causes, &format!("{path}.name"), &volume["name"]);
        }
        names.push(name);
    }
    names
}

fn source(name: &str, of: &Value, path: &str, causes: &mut Causes) {
    let needed = match name {
        "secret" => "secretName",
        "configMap" => "name",
        "persistentVolumeClaim" => "claimName",
        "hostPath" => "path",
        _ => return,
    };
    if of[needed].as_str().unwrap_or_default().is_empty() {
        said::required(causes, &format!("{path}.{name}.{needed}"), "");
    }
    if of["defaultMode"].as_i64().is_some_and(|mode| !(0..=0o777).contains(&mode)) {
        let why = "must be a number between 0 and 0777 (octal), both inclusive";
        said::invalid(causes, &format!("{path}.{name}.defaultMode"), &of["defaultMode"], why);
    }
}
