//! Steps on images and containers.

use serde_json::Value as Json;

use super::directory::inside;
use super::fields::Fields;
use crate::catalog::Format;
use crate::container::limits;
use crate::expr::Lookup;
use crate::image::{self, Address, Reference};
use crate::spec::{Container, DockerBuild, DockerPull, DockerPush, DockerRun, ImageName, PullPolicy, StepSpec};

pub(super) fn build(fields: &Fields<'_>, directory: &str) -> Result<StepSpec, String> {
    let context = fields.text("context")?.unwrap_or_else(|| ".".to_owned());
    let context = below(fields, "context", directory, &context)?;
    let dockerfiles = match fields.text("dockerfile")? {
        // As Docker looks for it: where the step works. As compose files mean it: in the context.
        Some(path) => {
            let mut places = vec![below(fields, "dockerfile", directory, &path)?];
            places.extend(below(fields, "dockerfile", &context, &path).ok().filter(|other| *other != places[0]));
            places
        }
        None => vec![below(fields, "dockerfile", &context, "Dockerfile")?],
    };
    Ok(StepSpec::DockerBuild(Box::new(DockerBuild {
        image: image_name(fields)?,
        dockerfiles,
        context,
        build_args: fields.pairs("build_args")?,
        secrets: secrets(fields)?,
        target_stage: fields.text("target_stage")?,
        platform: fields.formed("platform", Format::Platform)?,
        no_cache: fields.boolean("no_cache")?,
        pull: fields.boolean_or("pull", true)?,
        labels: fields.pairs("labels")?,
        cache_from: fields.list("cache_from")?,
    })))
}

pub(super) fn run(fields: &Fields<'_>) -> Result<StepSpec, String> {
    let pull = match fields.text("pull")?.as_deref() {
        None | Some("missing") => PullPolicy::Missing,
        Some("always") => PullPolicy::Always,
        Some("never") => PullPolicy::Never,
        Some(other) => {
            let why = format!("`{}` is none of `missing`, `always`, `never`", other.escape_debug());
            return Err(fields.scope.say("pull", &why));
        }
    };
    let misfit =
        |param: &'static str| move |misfit: crate::catalog::Misfit| fields.scope.say(param, &misfit.to_string());
    let memory = fields.text("memory")?.map(|text| limits::memory(&text)).transpose().map_err(misfit("memory"))?;
    let nano_cpus = fields.text("cpus")?.map(|text| limits::nano_cpus(&text)).transpose().map_err(misfit("cpus"))?;
    let entrypoint = fields.words("entrypoint")?;
    Ok(StepSpec::DockerRun(Box::new(DockerRun {
        image: image_name(fields)?,
        command: fields.words("command")?,
        entrypoint: fields.step.params.contains_key("entrypoint").then_some(entrypoint),
        environment: fields.pairs("environment")?,
        volumes: fields.endpoints("volumes")?,
        ports: fields.endpoints("ports")?,
        working_dir: fields.text("working_dir")?,
        name: fields.formed("name", Format::ContainerName)?,
        network: fields.formed("network", Format::Network)?,
        user: fields.formed("user", Format::User)?,
        memory,
        nano_cpus,
        detach: fields.boolean("detach")?,
        remove: fields.boolean_or("remove", true)?,
        pull,
        platform: fields.formed("platform", Format::Platform)?,
        mount_workspace: fields.boolean_or("mount_workspace", true)?,
    })))
}

pub(super) fn push(fields: &Fields<'_>) -> Result<StepSpec, String> {
    let built = match fields.scope.lookup(&["docker_image".to_owned()]) {
        Lookup::Value(Json::String(text)) => Some(text),
        Lookup::Value(_) | Lookup::Absent(_) | Lookup::Unknown(_) | Lookup::Masked(_) => None,
    };
    Ok(StepSpec::DockerPush(Box::new(DockerPush {
        image: image_name(fields)?,
        built,
        is_built: is_the_context(fields),
        all_tags: fields.boolean("all_tags")?,
        platform: fields.formed("platform", Format::Platform)?,
    })))
}

pub(super) fn pull(fields: &Fields<'_>) -> Result<StepSpec, String> {
    Ok(StepSpec::DockerPull(Box::new(DockerPull {
        image: image_name(fields)?,
        all_tags: fields.boolean("all_tags")?,
        platform: fields.formed("platform", Format::Platform)?,
    })))
}

/// The image that a shell text or a script runs in.
pub(super) fn container(fields: &Fields<'_>) -> Result<Option<Container>, String> {
    let Some(text) = fields.formed("image", Format::Image)? else { return Ok(None) };
    let image =
        image::join(None, None, &text, None).map_err(|refused| fields.scope.say("image", &refused.to_string()))?;
    Ok(Some(Container { image }))
}

/// How the step names its image. A tag that the step gives wins over that of an image that came by value as a whole:
/// who writes `tag` beside `{{ docker_image }}` means another tag of the same image.
fn image_name(fields: &Fields<'_>) -> Result<ImageName, String> {
    let image = fields.required("image")?;
    let image = image.trim();
    let refuse = |refused: &dyn std::fmt::Display| fields.scope.say("image", &refused.to_string());
    let reference = Reference::parse(image).map_err(|refused| refuse(&refused))?;
    let tag = fields.formed("tag", Format::Tag)?;
    let image = match &tag {
        Some(_) if is_the_context(fields) => reference.name(),
        Some(_) | None => image.to_owned(),
    };
    let registry_url = fields.text("registry_url")?.filter(|text| !text.trim().is_empty());
    let registry_url = registry_url.map(|text| Address::parse(&text)).transpose();
    Ok(ImageName {
        image,
        tag,
        project: fields.formed("project", Format::Project)?,
        registry: fields.text("registry")?.filter(|text| !text.trim().is_empty()),
        registry_url: registry_url.map_err(|refused| fields.scope.say("registry_url", &refused.to_string()))?,
        username: fields.text("username")?,
        password: fields.text("password")?,
    })
}

/// Whether the step's image is `{{ docker_image }}` and nothing else.
fn is_the_context(fields: &Fields<'_>) -> bool {
    let text = fields.step.params.get("image").and_then(Json::as_str).unwrap_or_default();
    let hole = text.trim().strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}"));
    hole.is_some_and(|inner| inner.trim() == "docker_image")
}

/// A path below a directory of the workspace, relative to the workspace.
fn below(fields: &Fields<'_>, param: &str, directory: &str, path: &str) -> Result<String, String> {
    let path = path.trim();
    if path.starts_with('/') {
        return fields.scope.below_workspace(path).map_err(|why| fields.scope.say(param, &why));
    }
    inside(format!("{directory}/{path}").trim_start_matches('/')).map_err(|why| fields.scope.say(param, &why))
}

fn secrets(fields: &Fields<'_>) -> Result<Vec<(String, String)>, String> {
    let secrets = fields.pairs("secrets")?;
    // An id is the name of a file, and a word of an option with commas.
    let is_id =
        |id: &str| !id.starts_with(['-', '.']) && id.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c));
    match secrets.iter().find(|(id, _)| !is_id(id)) {
        Some((id, _)) => {
            let why = format!("`{}` is no id of a secret; use letters, digits, `_`, `.` and `-`", id.escape_debug());
            Err(fields.scope.say("secrets", &why))
        }
        None => Ok(secrets),
    }
}
