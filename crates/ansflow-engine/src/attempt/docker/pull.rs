//! An image from a registry.

use ansflow_core::image::{Address, Reference};
use ansflow_core::run::event::Gains;
use ansflow_core::spec::DockerPull;
use ansflow_docker::registry::Registry;
use ansflow_docker::{Daemon, transfer};

use super::desk::Desk;
use super::gains;
use super::verdict::verdict;
use crate::attempt::{NoGain, failed};

pub(super) async fn pull(desk: &Desk<'_>, daemon: &Daemon, step: &DockerPull) -> Result<Gains, NoGain> {
    let registry = desk.docker.registry.as_ref();
    let name = step.image.reference(registry).map_err(|refused| failed(refused.to_string()))?;
    let login = desk.login(name.host()).await;
    let platform = step.platform.as_deref();
    if step.all_tags {
        for tag in tags(desk, &name, registry).await? {
            // The one that is meant comes last, and is what is left.
            if name.tag() != Some(tag.as_str()) {
                let other = name.clone().with_tag(&tag).map_err(|refused| failed(refused.to_string()))?.to_string();
                let mut on_line = desk.on_line();
                desk.unless_ended(transfer::pull(daemon, &other, platform, login.as_ref(), &mut on_line)).await?;
            }
        }
    }
    let mut on_line = desk.on_line();
    let text = name.to_string();
    let pulled = desk.unless_ended(transfer::pull(daemon, &text, platform, login.as_ref(), &mut on_line)).await?;
    let digest = pulled.digest.as_deref().or(name.digest()).unwrap_or(&pulled.image.id);
    Ok(gains::of(desk, &name, digest, pulled.image.size))
}

/// Every tag of the image, as its registry says.
async fn tags(desk: &Desk<'_>, name: &Reference, registry: Option<&Address>) -> Result<Vec<String>, NoGain> {
    let address = match registry.filter(|registry| name.is_on(registry)) {
        Some(registry) => registry.clone(),
        None => Address::parse(name.host()).map_err(|refused| failed(refused.to_string()))?,
    };
    let login = desk.login(name.host()).await;
    let registry = Registry::new(address, login).map_err(verdict)?;
    let listed = desk.unless_ended(registry.tags(name.repository())).await?;
    if listed.is_cut {
        return Err(failed(format!("`{}` has more tags than are pulled at once: name one", name.name())));
    }
    Ok(listed.names)
}
