//! Making a container and starting it, with its output from the first byte on.

use std::collections::HashMap;

use bollard::models::{
    ContainerCreateBody, HostConfig, HostConfigLogConfig, Mount as TheirMount, MountType, PortBinding,
};
use bollard::query_parameters::{AttachContainerOptionsBuilder, CreateContainerOptionsBuilder};

use super::follow::Running;
use super::spec::{Mount, Port, Pull, Source, Spec};
use super::started;
use crate::credentials::Login;
use crate::daemon::Daemon;
use crate::error::{Error, Result, said};
use crate::labels::DETACHED;
use crate::progress::OnLine;
use crate::transfer;

/// Sees to it that the daemon has the image, as the spec says, and says how it got it.
pub async fn ensure_image(
    daemon: &Daemon,
    spec: &Spec,
    login: Option<&Login>,
    on_line: &mut OnLine<'_>,
) -> Result<transfer::Local> {
    spec.check()?;
    let platform = spec.platform.as_deref();
    let found = match spec.pull {
        Pull::Always => return Ok(transfer::pull(daemon, &spec.image, platform, login, on_line).await?.image),
        Pull::Missing | Pull::Never => transfer::inspect(daemon, &spec.image).await,
    };
    match found {
        Err(Error::NoImage { .. }) if spec.pull == Pull::Missing => {}
        // Of another platform: the registry may have it for this one.
        Ok(found) if spec.pull == Pull::Missing && !found.is_for(platform) => {}
        other => return other,
    }
    Ok(transfer::pull(daemon, &spec.image, platform, login, on_line).await?.image)
}

/// Makes a container of an image that is there, and starts it. What did not start is removed again.
///
/// A future that is dropped may leave a container, made or started: it carries the spec's labels.
pub async fn start(daemon: &Daemon, spec: &Spec) -> Result<Running> {
    let image = spec.check()?;
    let options = CreateContainerOptionsBuilder::default().platform(spec.platform.as_deref().unwrap_or(""));
    let options = match &spec.name {
        Some(name) => options.name(name),
        None => options,
    };
    let made = daemon.docker.create_container(Some(options.build()), body(daemon, spec, &image)).await;
    let id = made.map_err(|error| started::not_made(error, spec, &image))?.id;
    let attach = AttachContainerOptionsBuilder::default().stdout(true).stderr(true).stream(true).build();
    // Before the start: what a container writes first is written at once.
    let attached = daemon.docker.attach_container(&id, Some(attach)).await;
    let begun = match attached {
        Ok(attached) => match daemon.docker.start_container(&id, None).await {
            Ok(()) => Ok(attached.output),
            Err(error) => Err(started::not_started(said(error), &image)),
        },
        Err(error) => Err(Error::daemon("attaching to the container", error)),
    };
    match begun {
        Ok(output) => Ok(Running::new(id, output)),
        Err(error) => {
            // That it did not start is what matters; what stays is swept by its labels.
            let _ = super::remove(daemon, &id).await;
            Err(error)
        }
    }
}

fn body(daemon: &Daemon, spec: &Spec, image: &str) -> ContainerCreateBody {
    let some = |words: &Vec<String>| (!words.is_empty()).then(|| words.clone());
    // An entrypoint of one empty word is Docker's way to say that the image's own is taken away.
    let entrypoint = spec.entrypoint.clone().map(|words| if words.is_empty() { vec![String::new()] } else { words });
    ContainerCreateBody {
        image: Some(image.to_owned()),
        cmd: some(&spec.command),
        entrypoint,
        env: Some(spec.env.iter().map(|(name, value)| format!("{name}={value}")).collect()),
        user: spec.user.clone(),
        working_dir: spec.working_dir.clone(),
        labels: Some(spec.labels.clone().into_iter().collect()),
        exposed_ports: Some(spec.ports.iter().map(port_name).collect()),
        attach_stdout: Some(true),
        attach_stderr: Some(true),
        host_config: Some(host(daemon, spec)),
        ..ContainerCreateBody::default()
    }
}

fn host(daemon: &Daemon, spec: &Spec) -> HostConfig {
    let memory = spec.memory.and_then(|memory| i64::try_from(memory).ok());
    let nanos = spec.milli_cpus.and_then(|milli| i64::try_from(milli.saturating_mul(1_000_000)).ok());
    let mut ports: HashMap<String, Option<Vec<PortBinding>>> = HashMap::new();
    for port in &spec.ports {
        let binding = PortBinding {
            host_ip: port.address.map(|address| address.to_string()),
            host_port: Some(port.host.map(|port| port.to_string()).unwrap_or_default()),
        };
        ports.entry(port_name(port)).or_default().get_or_insert_default().push(binding);
    }
    HostConfig {
        memory,
        memory_swap: memory,
        nano_cpus: nanos,
        network_mode: spec.network.clone(),
        mounts: Some(spec.mounts.iter().map(mount).collect()),
        port_bindings: Some(ports),
        init: spec.init.then_some(true),
        log_config: log(daemon, spec),
        ..HostConfig::default()
    }
}

/// A log that can be read again from its start, whatever the daemon's own setting: who attaches later leaves out what it
/// has. A container that stays is its user's, with the daemon's setting.
fn log(daemon: &Daemon, spec: &Spec) -> Option<HostConfigLogConfig> {
    let stays = spec.labels.contains_key(DETACHED);
    (!stays && !daemon.about().is_podman).then(|| HostConfigLogConfig {
        typ: Some("json-file".to_owned()),
        // Docker 20.10 takes no word for "without end", so a size that no disk has.
        config: Some([("max-size".to_owned(), "1000t".to_owned())].into()),
    })
}

fn port_name(port: &Port) -> String {
    format!("{}/{}", port.container, port.protocol.word())
}

/// By its parts and not as `source:target:mode`, in which a path with a colon would mean something else.
fn mount(mount: &Mount) -> TheirMount {
    let (typ, source) = match &mount.source {
        Source::Path(path) => (MountType::BIND, Some(path.display().to_string())),
        Source::Volume(name) => (MountType::VOLUME, Some(name.clone())),
        Source::Anonymous => (MountType::VOLUME, None),
        Source::Tmpfs => (MountType::TMPFS, None),
    };
    TheirMount {
        typ: Some(typ),
        source,
        target: Some(mount.target.clone()),
        read_only: Some(mount.read_only),
        ..TheirMount::default()
    }
}
