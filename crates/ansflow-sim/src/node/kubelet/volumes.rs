//! The volumes of a pod: what is mounted where, and what the node says when one cannot be.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::refer::Refer;
use crate::faults::Place;
use crate::node::pod::{Container, Pod};
use crate::shell::files::{ContainerFiles, Volume};
use crate::time::Micros;

/// The volumes of a pod by name.
pub(super) type Volumes = BTreeMap<String, Volume>;

type Listed = Vec<(String, Vec<u8>, u32)>;

/// Puts what ConfigMaps and Secrets have now into what is mounted already.
pub(super) fn refresh(refer: &Refer<'_>, pod: &Pod, volumes: &Volumes, now: Micros) {
    for spec in &pod.spec.volumes {
        let Some(volume) = spec["name"].as_str().and_then(|name| volumes.get(name)) else { continue };
        // One that is gone meanwhile stays as it was.
        if let Ok(Some(files)) = listed(refer, pod, spec) {
            volume.replace(files, now);
        }
    }
}

/// Mounts what a pod asks for; or what stands against it, in the order of the volumes: name and message.
pub(super) fn mount(
    refer: &Refer<'_>,
    pod: &Pod,
    place: &Place<'_>,
    now: Micros,
) -> Result<Volumes, Vec<(String, String)>> {
    let (mut volumes, mut wrong) = (Volumes::new(), Vec::new());
    for spec in &pod.spec.volumes {
        let name = spec["name"].as_str().unwrap_or_default().to_owned();
        let faulty = refer.sim.faults().mount(place, &name);
        match faulty.map_or_else(|| one(refer, pod, spec, now), Err) {
            Ok(volume) => drop(volumes.insert(name, volume)),
            Err(why) => wrong.push((name.clone(), format!("MountVolume.SetUp failed for volume \"{name}\" : {why}"))),
        }
    }
    if wrong.is_empty() { Ok(volumes) } else { Err(wrong) }
}

fn one(refer: &Refer<'_>, pod: &Pod, spec: &Value, now: Micros) -> Result<Volume, String> {
    Ok(listed(refer, pod, spec)?.map_or_else(Volume::empty, |files| Volume::of(files, now)))
}

/// The files of a volume; nothing of one that begins empty.
fn listed(refer: &Refer<'_>, pod: &Pod, spec: &Value) -> Result<Option<Listed>, String> {
    let mode =
        |source: &Value| source["defaultMode"].as_u64().and_then(|mode| u32::try_from(mode).ok()).unwrap_or(0o644);
    if let Some(source) = spec.get("configMap") {
        return config_map(refer, source, mode(source)).map(Some);
    }
    if let Some(source) = spec.get("secret") {
        return secret(refer, source, "secretName", mode(source)).map(Some);
    }
    if let Some(source) = spec.get("downwardAPI") {
        return Ok(Some(downward(refer, pod, source, mode(source))));
    }
    let Some(source) = spec.get("projected") else { return Ok(None) };
    let mut files = Listed::new();
    for part in source["sources"].as_array().into_iter().flatten() {
        if let Some(part) = part.get("configMap") {
            files.extend(config_map(refer, part, mode(source))?);
        }
        if let Some(part) = part.get("secret") {
            files.extend(secret(refer, part, "name", mode(source))?);
        }
        if let Some(part) = part.get("downwardAPI") {
            files.extend(downward(refer, pod, part, mode(source)));
        }
        if let Some(part) = part.get("serviceAccountToken") {
            let path = part["path"].as_str().unwrap_or("token").to_owned();
            files.push((path, b"simulated".to_vec(), 0o644));
        }
    }
    Ok(Some(files))
}

fn config_map(refer: &Refer<'_>, source: &Value, mode: u32) -> Result<Listed, String> {
    let name = source["name"].as_str().unwrap_or_default();
    let Some(object) = refer.object("ConfigMap", name) else {
        // Every namespace gets this one; a pod may be quicker than who makes it.
        let optional = source["optional"] == true || name == "kube-root-ca.crt";
        return if optional { Ok(Listed::new()) } else { Err(format!("configmap \"{name}\" not found")) };
    };
    let mut data: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for (key, value) in object.get("data").and_then(Value::as_object).into_iter().flatten() {
        data.insert(key.clone(), value.as_str().unwrap_or_default().as_bytes().to_vec());
    }
    for (key, value) in object.get("binaryData").and_then(Value::as_object).into_iter().flatten() {
        data.insert(key.clone(), STANDARD.decode(value.as_str().unwrap_or_default()).unwrap_or_default());
    }
    chosen(data, source, mode, "config")
}

fn secret(refer: &Refer<'_>, source: &Value, field: &str, mode: u32) -> Result<Listed, String> {
    let name = source[field].as_str().unwrap_or_default();
    let Some(object) = refer.object("Secret", name) else {
        return if source["optional"] == true {
            Ok(Listed::new())
        } else {
            Err(format!("secret \"{name}\" not found"))
        };
    };
    let mut data: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for (key, value) in object.get("data").and_then(Value::as_object).into_iter().flatten() {
        data.insert(key.clone(), STANDARD.decode(value.as_str().unwrap_or_default()).unwrap_or_default());
    }
    chosen(data, source, mode, "secret")
}

/// All keys, or those that `items` names.
fn chosen(mut data: BTreeMap<String, Vec<u8>>, source: &Value, mode: u32, what: &str) -> Result<Listed, String> {
    let Some(items) = source["items"].as_array() else {
        return Ok(data.into_iter().map(|(key, bytes)| (key, bytes, mode)).collect());
    };
    let mut files = Listed::new();
    for item in items {
        let key = item["key"].as_str().unwrap_or_default();
        let mode = item["mode"].as_u64().and_then(|mode| u32::try_from(mode).ok()).unwrap_or(mode);
        match data.remove(key) {
            Some(bytes) => files.push((item["path"].as_str().unwrap_or(key).to_owned(), bytes, mode)),
            None if source["optional"] == true => {}
            None => return Err(format!("references non-existent {what} key: {key}")),
        }
    }
    Ok(files)
}

fn downward(refer: &Refer<'_>, pod: &Pod, source: &Value, mode: u32) -> Listed {
    let mut files = Listed::new();
    for item in source["items"].as_array().into_iter().flatten() {
        let text = refer.field(pod, item["fieldRef"]["fieldPath"].as_str().unwrap_or_default());
        files.push((item["path"].as_str().unwrap_or_default().to_owned(), text.into_bytes(), mode));
    }
    files
}

/// Puts the mounts of a container into its files.
pub(super) fn put(files: &mut ContainerFiles, container: &Container, volumes: &Volumes) {
    for mount in &container.volume_mounts {
        let Some(volume) = mount["name"].as_str().and_then(|name| volumes.get(name)) else { continue };
        let path = mount["mountPath"].as_str().unwrap_or_default();
        files.mount(path, volume, mount["subPath"].as_str().unwrap_or_default(), mount["readOnly"] == true);
    }
}
