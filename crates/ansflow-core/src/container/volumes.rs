//! Directories of the host and volumes that a container sees.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use super::endpoints::{Endpoint, Fill, field};
use super::name::is_name;

/// Something of the host in a container's tree.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Mount {
    /// What is mounted.
    pub source: MountSource,
    /// Where, an absolute path of the container without `..`.
    pub target: String,
    /// Whether the container can only read it.
    pub read_only: bool,
}

/// What is mounted.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MountSource {
    /// A path of the host: absolute, or relative to the step's directory. Whether it may be mounted is another question.
    Path(String),
    /// A volume of the daemon, by name.
    Volume(String),
    /// A new volume that goes with the container.
    Anonymous,
}

impl Endpoint for Mount {
    const KEYS: &'static [&'static [&'static str]] = &[
        &["host", "host_path", "source", "src", "volume"],
        &["container", "container_path", "target", "destination", "dst", "bind"],
        &["mode"],
        &["read_only", "readonly"],
    ];

    fn pair(key: &str, value: &Json) -> Result<Map<String, Json>, String> {
        let mut map = Map::from_iter([("host".to_owned(), json!(key))]);
        match value {
            Json::String(text) => {
                let (target, mode) = match text.rsplit_once(':') {
                    Some((target, mode)) => (target, Some(mode)),
                    None => (text.as_str(), None),
                };
                map.insert("container".to_owned(), json!(target));
                map.extend(mode.map(|mode| ("mode".to_owned(), json!(mode))));
            }
            Json::Object(inner) => {
                for (key, value) in inner {
                    let keys = Self::KEYS[1..].iter().find(|keys| keys.contains(&key.as_str()));
                    let keys = keys.ok_or_else(|| format!("has no key `{}`", key.escape_debug()))?;
                    map.insert(keys[0].to_owned(), value.clone());
                }
            }
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::Array(_) => {
                return Err(format!("`{}` must lead to a path of the container", key.escape_debug()));
            }
        }
        Ok(map)
    }

    fn of_text(text: &str, fill: Fill<'_>) -> Result<Self, String> {
        let mut parts = text.split(':');
        let first = parts.next().unwrap_or_default();
        let (target, mode) = (parts.next(), parts.next());
        if parts.next().is_some() {
            return Err(format!("`{}` has too many colons; write `HOST:CONTAINER:MODE`", text.escape_debug()));
        }
        let mode = mode.map(fill).transpose()?;
        match target {
            Some(target) => judged(Some(fill(first)?), Some(fill(target)?), mode.as_deref()),
            None => judged(None, Some(fill(first)?), None),
        }
    }

    fn of_map(map: &Map<String, Json>, fill: Fill<'_>) -> Result<Self, String> {
        let field = |key: &str| field(map, key, fill);
        let mode = match (field("mode")?, field("read_only")?.as_deref()) {
            (mode, None) => mode,
            (None, Some("true")) => Some("ro".to_owned()),
            (None, Some("false")) => None,
            (Some(_), Some(_)) => return Err("has both `mode` and `read_only`; keep one".to_owned()),
            (None, Some(_)) => return Err("`read_only` is `true` or `false`".to_owned()),
        };
        judged(field("host")?, field("container")?, mode.as_deref())
    }
}

fn judged(source: Option<String>, target: Option<String>, mode: Option<&str>) -> Result<Mount, String> {
    let target = target.ok_or("has no `container`, the path inside")?;
    let read_only = match mode {
        None | Some("rw") => false,
        Some("ro") => true,
        Some(other) => {
            return Err(format!("`{}` is no mode of a volume; write `ro` or `rw`", other.escape_debug()));
        }
    };
    Ok(Mount { source: judged_source(source)?, target: judged_target(&target)?, read_only })
}

fn judged_source(source: Option<String>) -> Result<MountSource, String> {
    let Some(source) = source else { return Ok(MountSource::Anonymous) };
    if source.contains('\0') {
        return Err("a path holds a NUL character".to_owned());
    }
    if source.starts_with('$') || source.starts_with('~') {
        let shown = source.escape_debug();
        return Err(format!(
            "`{shown}` is for a shell, and none reads it; write `./…`, or `{{{{ working_directory }}}}/…`"
        ));
    }
    if source == "." || source == ".." || source.contains('/') {
        return Ok(MountSource::Path(source));
    }
    match is_name(&source) {
        true => Ok(MountSource::Volume(source)),
        false => {
            let shown = source.escape_debug();
            Err(format!("`{shown}` is neither a path nor a name of a volume; write `./{shown}` for a directory"))
        }
    }
}

fn judged_target(target: &str) -> Result<String, String> {
    let shown = target.escape_debug();
    if !target.starts_with('/') || target.contains(['\0', ':']) {
        return Err(format!("`{shown}` is no absolute path of the container; it begins with `/`"));
    }
    let parts: Vec<&str> = target.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    if parts.contains(&"..") {
        return Err(format!("`{shown}` has `..` in it, and a path of the container has none"));
    }
    match parts.is_empty() {
        true => Err(format!("`{shown}` is the whole tree of the container, and nothing can be mounted over it")),
        false => Ok(format!("/{}", parts.join("/"))),
    }
}
