//! A shell text or a script in a container, by the rules of the host: the same directory, variables and outputs, and
//! what it writes into the workspace is ours.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use ansflow_core::run::event::Gains;
use ansflow_core::spec::{Dialect, ScriptFile, Shell};
use ansflow_docker::Daemon;
use ansflow_docker::run::{Mount, Spec};

use super::desk::Desk;
use super::mounts::{self, Policy, same_place};
use super::{HOME, container};
use crate::attempt::shell::{LONGEST_ARGUMENT, end_trap, ended_in};
use crate::attempt::{NoGain, broken, failed, script};

/// Where a user without a home of its own finds one.
const HOME_INSIDE: &str = "/ansflow/home";

/// Asked to end, the shell waits for what it runs, which is asked too: with the shell the container would end, and what
/// runs in it would be killed in the middle. On the text's own first line, as is what says where the shell ends.
const END_WITH_IT: &str = "trap 'exit 143' TERM; ";
/// Has Docker's little init ask all that the shell runs, and not the shell alone.
const ASK_ALL: (&str, &str) = ("TINI_KILL_PROCESS_GROUP", "1");

pub(super) async fn text(desk: &Desk<'_>, daemon: &Daemon, shell: &Shell) -> Result<Gains, NoGain> {
    let cwd = desk.folder.file("cwd");
    // Podman's init asks the shell alone.
    let end_with_it = if daemon.about().is_podman { "" } else { END_WITH_IT };
    let text = format!("{}{end_with_it}{}", end_trap(&desk.order.directory, &cwd), shell.text);
    let (name, options): (_, &[&str]) = match shell.dialect {
        Dialect::Sh => ("sh", &["-e"]),
        Dialect::Bash => ("bash", &["-eo", "pipefail"]),
    };
    let mut spec = spec(desk, daemon, &shell.values).await?;
    spec.entrypoint = Some(vec![name.to_owned()]);
    spec.command = options.iter().map(|option| (*option).to_owned()).collect();
    // A container is given files that are there.
    spec.mounts.push(shared(desk, "cwd", b"", false)?);
    if text.len() < LONGEST_ARGUMENT {
        spec.command.extend(["-c".to_owned(), text, name.to_owned()]);
    } else {
        let file = shared(desk, "script", text.as_bytes(), true)?;
        spec.command.push(file.target.clone());
        spec.mounts.push(file);
    }
    end(desk, daemon, &spec).await?;
    Ok(Gains { directory: ended_in(&cwd, &desk.order.workspace), ..Gains::default() })
}

pub(super) async fn file(desk: &Desk<'_>, daemon: &Daemon, script: &ScriptFile) -> Result<Gains, NoGain> {
    let path = Path::new(&desk.order.directory).join(&script.path);
    // Its first line is read here, and means the programs there.
    let command = script::command(&path, &script.path)?;
    let word = |word: &std::ffi::OsStr| word.to_string_lossy().into_owned();
    let mut spec = spec(desk, daemon, &[]).await?;
    spec.entrypoint = Some(vec![word(command.get_program())]);
    spec.command = command.get_args().map(word).chain(script.args.iter().cloned()).collect();
    end(desk, daemon, &spec).await?;
    Ok(Gains::default())
}

async fn end(desk: &Desk<'_>, daemon: &Daemon, spec: &Spec) -> Result<(), NoGain> {
    let ended = async {
        container::prepare(desk, daemon, spec).await?;
        container::to_its_end(desk, daemon, spec, false).await
    };
    let ended = ended.await;
    // What was put there was for that container only.
    let _ = fs::remove_dir_all(desk.folder.file(HOME));
    container::ok(&ended?, None)
}

async fn spec(desk: &Desk<'_>, daemon: &Daemon, values: &[(String, String)]) -> Result<Spec, NoGain> {
    let Some(asked) = &desk.docker.container else { return Err(broken("no image is named for the step")) };
    let (workspace, directory) = (Path::new(&desk.order.workspace), Path::new(&desk.order.directory));
    // The daemon would make one, and make it root's.
    match fs::metadata(directory) {
        Ok(found) if found.is_dir() => {}
        Ok(_) => return Err(failed(format!("the working directory `{}` is a file", directory.display()))),
        Err(why) => {
            return Err(failed(format!("the working directory `{}` cannot be entered: {why}", directory.display())));
        }
    }
    let policy = Policy { workspace, directory, allowed: &desk.docker.allowed_mounts, socket: daemon.socket() };
    let mut spec = Spec::new(asked.image.to_string());
    spec.name = Some(desk.docker.name.clone());
    spec.labels = desk.docker.labels.clone();
    spec.working_dir = Some(desk.order.directory.clone());
    // A shell that is the first process of a container hears no SIGTERM, and buries nobody's children.
    spec.init = true;
    let ask_all = (ASK_ALL.0.to_owned(), ASK_ALL.1.to_owned());
    let (user, group) = (nix::unistd::geteuid(), nix::unistd::getegid());
    // We are root in the containers of a daemon of our own.
    let is_root = user.is_root() || desk.unless_ended(daemon.is_rootless()).await?;
    spec.user = Some(if is_root { "0:0".to_owned() } else { format!("{user}:{group}") });
    let output = mounts::output(desk)?;
    let place = output.target.clone();
    spec.mounts = vec![policy.workspace()?, output];
    spec.env = vec![ask_all, ("PWD".to_owned(), desk.order.directory.clone())];
    if !is_root {
        spec.mounts.push(Mount { target: HOME_INSIDE.to_owned(), ..same_place(&home(desk)?, false) });
        spec.env.push(("HOME".to_owned(), HOME_INSIDE.to_owned()));
    }
    spec.env.extend(desk.order.env.iter().chain(values).cloned());
    spec.env.extend(desk.order.facts().into_iter().map(|(name, value)| (name.to_owned(), value)));
    spec.env.push(("ANSFLOW_OUTPUT".to_owned(), place));
    Ok(spec)
}

/// Programs keep what they know at home, and the image has none for our user.
fn home(desk: &Desk<'_>) -> Result<std::path::PathBuf, NoGain> {
    let home = desk.folder.file(HOME);
    match DirBuilder::new().mode(0o700).create(&home) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            Err(broken(format!("failed to make `{}`: {error}", home.display())))
        }
        Ok(()) | Err(_) => Ok(home),
    }
}

/// A file of the attempt's folder that the container has at the same place.
fn shared(desk: &Desk<'_>, name: &str, content: &[u8], read_only: bool) -> Result<Mount, NoGain> {
    let path = desk.folder.file(name);
    let made = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path);
    made.and_then(|mut file| io::Write::write_all(&mut file, content))
        .map_err(|error| broken(format!("failed to write `{}`: {error}", path.display())))?;
    Ok(same_place(&path, read_only))
}
