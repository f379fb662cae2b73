//! An image to a registry. Pushed twice it is the same digest: a push that was cut off is simply done again.

use ansflow_core::image::Reference;
use ansflow_core::run::event::Gains;
use ansflow_core::spec::DockerPush;
use ansflow_docker::transfer::Local;
use ansflow_docker::{Daemon, Error, transfer};

use super::desk::Desk;
use super::gains;
use crate::attempt::{NoGain, failed};

pub(super) async fn push(desk: &Desk<'_>, daemon: &Daemon, step: &DockerPush) -> Result<Gains, NoGain> {
    let target = step.image.reference(desk.docker.registry.as_ref()).map_err(|refused| failed(refused.to_string()))?;
    let (source, image) = find(desk, daemon, step, &target).await?;
    if let Some(wanted) = step.platform.as_deref().filter(|wanted| !image.is_for(Some(wanted))) {
        let why = format!("is for {}, not for {wanted}: build it with that `platform`", image.platform);
        return Err(failed(format!("the image `{source}` {why}")));
    }
    let login = desk.login(target.host()).await;
    let mut names = if step.all_tags { others(desk, daemon, &source, &target).await? } else { Vec::new() };
    // The one that is meant comes last, and its digest is the step's.
    names.push((source, target.clone()));
    let mut digest = String::new();
    for (source, target) in names {
        if source != target {
            desk.unless_ended(transfer::tag(daemon, &source.to_string(), &target.to_string())).await?;
            desk.say(&format!("{source} is pushed as {target}"));
        }
        let (name, mut on_line) = (target.to_string(), desk.on_line());
        let pushed = desk.unless_ended(transfer::push(daemon, &name, login.as_ref(), &mut on_line)).await?;
        digest = pushed.digest;
    }
    desk.say(&format!("digest: {digest}"));
    Ok(gains::of(desk, &target, &digest, image.size))
}

/// The image that is meant, by the first of its possible names that the daemon knows.
async fn find(
    desk: &Desk<'_>,
    daemon: &Daemon,
    step: &DockerPush,
    target: &Reference,
) -> Result<(Reference, Local), NoGain> {
    let sources = step.sources(target);
    for source in &sources {
        let looked = desk.unless_ended(async {
            match transfer::inspect(daemon, &source.to_string()).await {
                Err(Error::NoImage { .. }) => Ok(None),
                other => other.map(Some),
            }
        });
        if let Some(image) = looked.await? {
            return Ok((source.clone(), image));
        }
    }
    let names: Vec<String> = sources.iter().map(|source| format!("`{source}`")).collect();
    Err(failed(format!("the Docker daemon has no image {}: build or pull it first", names.join(" or "))))
}

/// The other tags of the image, each with its name at the registry.
async fn others(
    desk: &Desk<'_>,
    daemon: &Daemon,
    source: &Reference,
    target: &Reference,
) -> Result<Vec<(Reference, Reference)>, NoGain> {
    let tags = desk.unless_ended(transfer::tags(daemon, &source.name())).await?;
    let tags = tags.iter().filter(|tag| source.tag() != Some(tag.as_str()));
    let pair = |tag: &String| Ok((source.clone().with_tag(tag)?, target.clone().with_tag(tag)?));
    let pairs: Result<_, ansflow_core::image::Refused> = tags.map(pair).collect();
    pairs.map_err(|refused| failed(refused.to_string()))
}
