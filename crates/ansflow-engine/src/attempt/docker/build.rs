//! A build of an image, of files of the workspace.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use ansflow_core::image::Reference;
use ansflow_core::run::event::Gains;
use ansflow_core::spec::DockerBuild;
use ansflow_docker::Daemon;
use ansflow_docker::build::{self, Build};
use ansflow_docker::labels::{RUN, STEP};
use zeroize::Zeroizing;

use super::desk::Desk;
use super::gains;
use crate::attempt::secret_file::SecretFolder;
use crate::attempt::{NoGain, broken, failed};

/// Labels that begin so are ours: they say whose a container is.
const OURS: &str = "io.ansflow.";

pub(super) async fn build(desk: &Desk<'_>, daemon: &Daemon, step: &DockerBuild) -> Result<Gains, NoGain> {
    let name = step.image.reference(desk.docker.registry.as_ref()).map_err(|refused| failed(refused.to_string()))?;
    let private = SecretFolder::new(desk.folder)
        .map_err(|error| broken(format!("failed to make a place for the build's secrets: {error}")))?;
    let mut build = asked(desk, step)?;
    sign_in(desk, &mut build).await;
    build.tags = vec![name.to_string()];
    build.scratch = Some(private.path().to_owned());
    let mut on_line = desk.on_line();
    let built = desk.unless_ended(build::build(daemon, &build, &mut on_line)).await?;
    desk.say(&format!("built {name}: {}", built.image.id));
    Ok(gains::of(desk, &name, &built.image.id, built.image.size))
}

fn asked(desk: &Desk<'_>, step: &DockerBuild) -> Result<Build, NoGain> {
    let workspace = Path::new(&desk.order.workspace);
    let context = within(workspace, &workspace.join(&step.context), "the build context")?;
    let places = || step.dockerfiles.iter().map(|place| workspace.join(place));
    let dockerfile = places().find(|place| place.is_file()).ok_or_else(|| {
        let looked: Vec<String> = step.dockerfiles.iter().map(|place| format!("`{place}`")).collect();
        failed(format!("there is no Dockerfile at {} in the workspace", looked.join(" or ")))
    })?;
    let dockerfile = within(workspace, &dockerfile, "the Dockerfile")?;
    if let Some((name, _)) = step.labels.iter().find(|(name, _)| name.starts_with(OURS)) {
        return Err(failed(format!(
            "the label `{name}` cannot be given: those that begin with `{OURS}` are AnsFlow's"
        )));
    }
    let is_secret = |value: &String| desk.masker.mask(value) != *value;
    if let Some((name, _)) = step.labels.iter().find(|(_, value)| is_secret(value)) {
        let why = "whoever has an image can read its labels";
        return Err(failed(format!("the label `{name}` cannot be given, because its value holds a secret: {why}")));
    }
    for (name, _) in step.build_args.iter().filter(|(_, value)| is_secret(value)) {
        let remedy = format!("give it in `secrets`, and read it with `RUN --mount=type=secret,id={name}`");
        desk.say(&format!("warning: the build argument `{name}` holds a secret, which stays in the image: {remedy}"));
    }
    let mut build = Build::new(context);
    build.dockerfile = Some(dockerfile);
    build.args = step.build_args.clone();
    build.secrets = step.secrets.iter().map(|(id, value)| (id.clone(), Zeroizing::new(value.clone()))).collect();
    build.target = step.target_stage.clone();
    build.platform = step.platform.clone();
    build.no_cache = step.no_cache;
    build.pull = step.pull;
    build.cache_from = step.cache_from.clone();
    build.labels = step.labels.iter().cloned().collect();
    // Not the instance: a container that somebody makes of the image has the image's labels, and is not ours.
    build.labels.extend(
        [RUN, STEP].into_iter().filter_map(|name| Some((name.to_owned(), desk.docker.labels.get(name)?.clone()))),
    );
    Ok(build)
}

/// Logins for where the base images are, as far as the Dockerfile says it in plain words, and for what the order knows.
async fn sign_in(desk: &Desk<'_>, build: &mut Build) {
    let text = build.dockerfile.as_deref().and_then(|file| fs::read_to_string(file).ok()).unwrap_or_default();
    let ordered = desk.docker.logins.iter().map(|login| login.host.clone());
    let hosts: BTreeSet<String> =
        ordered.chain(hosts(&text)).chain(build.cache_from.iter().filter_map(|name| host(name))).collect();
    for host in hosts {
        if let Some(login) = desk.login(&host).await {
            build.logins.push((host, login));
        }
    }
}

/// The registries that `FROM` and `COPY --from` name. A stage is named as an image is, and asks nobody for anything.
fn hosts(dockerfile: &str) -> impl Iterator<Item = String> + '_ {
    dockerfile.lines().flat_map(|line| {
        let mut words = line.split_whitespace();
        let instruction = words.next().unwrap_or_default().to_ascii_uppercase();
        let image = match instruction.as_str() {
            "FROM" => words.find(|word| !word.starts_with("--")),
            "COPY" => words.find_map(|word| word.strip_prefix("--from=")),
            _ => None,
        };
        image.and_then(host)
    })
}

fn host(image: &str) -> Option<String> {
    Reference::parse(image).ok().map(|image| image.host().to_owned())
}

/// Links are followed: what one leads to outside is not the run's to give away.
fn within(workspace: &Path, path: &Path, what: &str) -> Result<PathBuf, NoGain> {
    let problem = |why: &dyn std::fmt::Display| failed(format!("{what} `{}` cannot be used: {why}", path.display()));
    let found = path.canonicalize().map_err(|error| problem(&error))?;
    let workspace = workspace.canonicalize().map_err(|error| problem(&error))?;
    if found.starts_with(&workspace) { Ok(found) } else { Err(problem(&"it lies outside the workspace")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registries_of_base_images_are_read_from_the_dockerfile() {
        let text = "# FROM not.example.com/x\nFROM --platform=linux/amd64 a.example.com:5000/base:1 AS one\nfrom node\n\
                    COPY --from=b.example.com/tools /x /x\nFROM $BASE\nRUN echo FROM c.example.com/x\n";
        let found: Vec<String> = hosts(text).collect();
        assert_eq!(found, ["a.example.com:5000", "docker.io", "b.example.com"]);
    }
}
