//! `docker_run`: a command in a container, which ends with its exit code.

use std::path::Path;

use ansflow_core::container::Protocol as TheirProtocol;
use ansflow_core::run::event::Gains;
use ansflow_core::spec::{DockerRun, PullPolicy};
use ansflow_docker::labels::DETACHED;
use ansflow_docker::run::{Port, Protocol, Pull, Spec};
use ansflow_docker::{Daemon, transfer};
use serde_json::json;

use super::container;
use super::desk::Desk;
use super::gains;
use super::mounts::{self, Policy};
use crate::attempt::{NoGain, failed};
use crate::docker::{UNTIL, UNTIL_RUN};

pub(super) async fn run(desk: &Desk<'_>, daemon: &Daemon, step: &DockerRun) -> Result<Gains, NoGain> {
    let name = step.image.reference(desk.docker.registry.as_ref()).map_err(|refused| failed(refused.to_string()))?;
    let mut spec = Spec::new(name.to_string());
    fill(&mut spec, desk, daemon, step)?;
    let image = container::prepare(desk, daemon, &spec).await?;
    let mut gains = gains::of(desk, &name, digest(&image, &name), image.size);
    // The image that the pipeline makes is another one, unless it was made before.
    gains.outputs.remove(gains::DOCKER_IMAGE);
    gains.masked.retain(|masked| masked != gains::DOCKER_IMAGE);
    if step.detach {
        let running = container::detached(desk, daemon, &spec).await?;
        let shown = spec.name.clone().unwrap_or_else(|| running.id().to_owned());
        let until = if step.remove { "until the run ends" } else { "until somebody removes it" };
        desk.say(&format!("the container `{shown}` runs {until}"));
    } else {
        let ended = container::to_its_end(desk, daemon, &spec, !step.remove).await?;
        container::ok(&ended, spec.memory)?;
        gains.outputs.insert("exit_code".to_owned(), json!(ended.code));
    }
    Ok(gains)
}

/// The registry's, where the image came from one.
fn digest<'i>(image: &'i transfer::Local, name: &ansflow_core::image::Reference) -> &'i str {
    let of_name = image.repo_digests.iter().filter_map(|known| known.rsplit_once('@'));
    let found =
        of_name.into_iter().find(|(repository, _)| *repository == name.name() || *repository == named_fully(name));
    found.map_or(&image.id, |(_, digest)| digest)
}

fn named_fully(name: &ansflow_core::image::Reference) -> String {
    format!("{}/{}", name.host(), name.repository())
}

fn fill(spec: &mut Spec, desk: &Desk<'_>, daemon: &Daemon, step: &DockerRun) -> Result<(), NoGain> {
    let (workspace, directory) = (Path::new(&desk.order.workspace), Path::new(&desk.order.directory));
    let allowed = &desk.docker.allowed_mounts;
    let policy = Policy { workspace, directory, allowed, socket: daemon.socket() };
    spec.pull = match step.pull {
        PullPolicy::Missing => Pull::Missing,
        PullPolicy::Always => Pull::Always,
        PullPolicy::Never => Pull::Never,
    };
    spec.platform = step.platform.clone();
    spec.name = Some(step.name.clone().unwrap_or_else(|| desk.docker.name.clone()));
    spec.command = step.command.clone();
    spec.entrypoint = step.entrypoint.clone();
    spec.env = environment(desk, step);
    spec.mounts = step.volumes.iter().map(|volume| policy.mount(volume)).collect::<Result<_, _>>()?;
    if step.mount_workspace {
        spec.mounts.insert(0, policy.workspace()?);
    }
    // A daemon that cannot be given the workspace cannot be given this either; and who is not waited for is not asked.
    if step.mount_workspace && !step.detach {
        let output = mounts::output(desk)?;
        spec.env.push(("ANSFLOW_OUTPUT".to_owned(), output.target.clone()));
        spec.mounts.push(output);
    }
    spec.ports = step.ports.iter().map(port).collect();
    spec.network = step.network.clone();
    spec.user = step.user.clone();
    spec.working_dir = step.working_dir.as_deref().map(|dir| directory.join(dir).display().to_string());
    spec.memory = step.memory;
    // The daemon counts in billionths, we in thousandths: never none, which would be no limit at all.
    spec.milli_cpus = step.nano_cpus.map(|nanos| nanos.div_ceil(1_000_000));
    spec.labels = desk.docker.labels.clone();
    match (step.detach, step.remove) {
        (true, true) => _ = spec.labels.insert(UNTIL.to_owned(), UNTIL_RUN.to_owned()),
        // Whoever asked for it removes it.
        (true | false, false) => _ = spec.labels.insert(DETACHED.to_owned(), "true".to_owned()),
        (false, true) => {}
    }
    Ok(())
}

/// The pipeline's and the step's, then what is said for the container, then where it is; nothing of this machine's.
fn environment(desk: &Desk<'_>, step: &DockerRun) -> Vec<(String, String)> {
    let said = desk.order.env.iter().chain(&step.environment).cloned();
    let facts = desk.order.facts().into_iter().map(|(name, value)| (name.to_owned(), value));
    said.chain(facts).collect()
}

fn port(port: &ansflow_core::container::Port) -> Port {
    let protocol = match port.protocol {
        TheirProtocol::Tcp => Protocol::Tcp,
        TheirProtocol::Udp => Protocol::Udp,
        TheirProtocol::Sctp => Protocol::Sctp,
    };
    Port { address: port.address, host: port.host, container: port.container, protocol }
}
