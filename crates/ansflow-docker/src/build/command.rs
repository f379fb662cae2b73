//! BuildKit by a command: the buildx plugin, run as the program that it is, or a docker command that has it built in.
//!
//! No value is an argument that need not be: build arguments go by the environment, secrets and logins by files in a
//! private folder.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Command;
use tokio::sync::mpsc;

use super::plain::Tail;
use super::private::Private;
use super::throttle::{Throttle, cut};
use super::{Build, Builder, Checked};
use crate::daemon::{Daemon, Place};
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::program;
use crate::progress::OnLine;

/// Where packages put the plugin; the user's own folder comes first.
const PLUGINS: [&str; 4] = [
    "/usr/local/lib/docker/cli-plugins",
    "/usr/local/libexec/docker/cli-plugins",
    "/usr/lib/docker/cli-plugins",
    "/usr/libexec/docker/cli-plugins",
];
/// Names that the command itself would obey.
const OBEYED: [&str; 11] = [
    "PATH",
    "HOME",
    "TMPDIR",
    "SHELL",
    "IFS",
    "TZDIR",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "SSH_AUTH_SOCK",
    "GODEBUG",
    "LANG",
];
const OBEYED_STARTS: [&str; 6] = ["LD_", "DOCKER_", "BUILDX_", "COMPOSE_", "XDG_", "GO"];

/// What has BuildKit here.
pub(super) async fn find(environment: &Environment) -> Builder {
    let own = environment.docker_config().map(|folder| folder.join("cli-plugins"));
    let folders = own.into_iter().chain(PLUGINS.map(PathBuf::from));
    let plugin = folders.map(|folder| folder.join("docker-buildx")).find(|file| file.is_file());
    if let Some(plugin) = plugin {
        return Builder::Buildx(plugin);
    }
    // The first of several may be a late one without its plugin.
    for docker in environment.programs("docker") {
        if has_buildkit(&docker, environment).await {
            return Builder::Docker(docker);
        }
    }
    Builder::Classic
}

/// From 18.09 to 22 the command has BuildKit itself; later ones only know the plugin.
async fn has_buildkit(docker: &Path, environment: &Environment) -> bool {
    let mut command = Command::new(docker);
    command.arg("--version").env_clear().envs(environment.variables());
    let Ok(output) = program::ask(command, b"", Duration::from_secs(10)).await else { return false };
    let text = String::from_utf8_lossy(&output.stdout);
    let version = text.strip_prefix("Docker version ").and_then(|rest| rest.split('.').next()?.parse::<u32>().ok());
    version.is_some_and(|major| (19..23).contains(&major))
}

/// Builds: the image's id.
pub(super) async fn build(
    daemon: &Daemon,
    checked: &Checked<'_>,
    program: &Path,
    is_buildx: bool,
    on_line: &mut OnLine<'_>,
) -> Result<String> {
    let build = checked.build;
    let name = program.display().to_string();
    let failed = |why: String| Error::Program { program: name.clone(), why };
    let private = Private::new(build.scratch.as_deref())?;
    let id_file = private.path("id");
    let mut command = Command::new(program);
    command.env_clear().envs(environment(daemon, build, &private)?.variables());
    arguments(&mut command, checked, &private, is_buildx)?;
    command.arg(format!("--iidfile={}", id_file.display())).arg("--").arg(&checked.context);
    command.current_dir(&checked.context).kill_on_drop(true);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| failed(format!("could not be started: {error}")))?;

    let (sender, mut lines) = mpsc::channel(64);
    if let Some(stdout) = child.stdout.take() {
        tokio::spawn(read_lines(stdout, sender.clone()));
    }
    if let Some(stderr) = child.stderr.take() {
        tokio::spawn(read_lines(stderr, sender));
    }
    let (mut tail, mut throttle) = (Tail::default(), Throttle::new(Instant::now()));
    while let Some(line) = lines.recv().await {
        if throttle.lets(&line, Instant::now()) {
            on_line(&line);
            tail.push(&line);
        }
    }
    let status = child.wait().await.map_err(|error| failed(format!("could not be waited for: {error}")))?;
    if !status.success() {
        let text = std::fs::read_to_string(&checked.dockerfile).unwrap_or_default();
        return Err(Error::Build(Box::new(tail.failure(&text))));
    }
    let id = std::fs::read_to_string(&id_file).map_err(|error| failed(format!("named no image: {error}")))?;
    Ok(id.trim().to_owned())
}

fn arguments(command: &mut Command, checked: &Checked<'_>, private: &Private, is_buildx: bool) -> Result<()> {
    let build = checked.build;
    command.args(["build", "--progress=plain"]).arg(format!("--file={}", checked.dockerfile.display()));
    if is_buildx {
        command.arg("--load");
    }
    command.args(build.tags.iter().map(|tag| format!("--tag={tag}")));
    for (name, value) in &build.args {
        // BuildKit's own switches are no secrets, and the command would take them for itself.
        let is_switch = name.starts_with("BUILDKIT_");
        if OBEYED.contains(&name.as_str()) || OBEYED_STARTS.iter().any(|start| name.starts_with(start)) {
            let why = "the docker command would obey it itself: give it another name in the Dockerfile";
            return Err(Error::invalid("the build argument", name, why));
        }
        command.arg(if is_switch { format!("--build-arg={name}={value}") } else { format!("--build-arg={name}") });
    }
    command.args(build.labels.iter().map(|(name, value)| format!("--label={name}={value}")));
    command.args(build.cache_from.iter().map(|name| format!("--cache-from={name}")));
    for (id, file) in private.secrets(build)? {
        command.arg(format!("--secret=id={id},src={}", file.display()));
    }
    command.args(build.target.iter().map(|target| format!("--target={target}")));
    command.args(build.platform.iter().map(|platform| format!("--platform={platform}")));
    command.args(build.network.iter().map(|network| format!("--network={network}")));
    command.args(build.no_cache.then_some("--no-cache")).args(build.pull.then_some("--pull"));
    Ok(())
}

/// The daemon that we speak to, the arguments' values, and the user's settings with the logins of this build.
fn environment(daemon: &Daemon, build: &Build, private: &Private) -> Result<Environment> {
    let mut environment = daemon.environment().clone();
    let own = environment.docker_config();
    for (name, value) in &build.args {
        environment.set(name, value.clone());
    }
    environment.remove("DOCKER_CONTEXT");
    environment.set("DOCKER_BUILDKIT", "1");
    environment.set("DOCKER_HOST", daemon.place().to_string());
    if let Place::Tcp { tls: Some(files), .. } = daemon.place() {
        environment.set("DOCKER_TLS_VERIFY", "1");
        environment.set("DOCKER_CERT_PATH", files.folder.display().to_string());
    }
    if !build.logins.is_empty() {
        let folder = private.docker_config(daemon.environment(), &build.logins)?;
        environment.set("DOCKER_CONFIG", folder.display().to_string());
        // Which builder is in use stays the user's choice.
        if let Some(own) = own.filter(|_| environment.get("BUILDX_CONFIG").is_none()) {
            environment.set("BUILDX_CONFIG", own.join("buildx").display().to_string());
        }
    }
    Ok(environment)
}

/// Lines as they come; one that does not end is given in pieces.
async fn read_lines(mut from: impl AsyncRead + Unpin, lines: mpsc::Sender<String>) {
    const MOST: usize = 64 * 1024;
    let (mut buffer, mut chunk) = (Vec::new(), vec![0; 8192]);
    while let Ok(length @ 1..) = from.read(&mut chunk).await {
        buffer.extend_from_slice(&chunk[..length]);
        while let Some(at) = buffer.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = buffer.drain(..=at).collect();
            if send(&lines, &line).await.is_none() {
                return;
            }
        }
        if buffer.len() > MOST && send(&lines, &std::mem::take(&mut buffer)).await.is_none() {
            return;
        }
    }
    if !buffer.is_empty() {
        send(&lines, &buffer).await;
    }
}

async fn send(lines: &mpsc::Sender<String>, line: &[u8]) -> Option<()> {
    let text = String::from_utf8_lossy(line);
    lines.send(cut(text.trim_end_matches(['\n', '\r'])).to_owned()).await.ok()
}
