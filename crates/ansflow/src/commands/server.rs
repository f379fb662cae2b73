//! `ansflow server`: serves until it is asked to stop; what it has started lives on.

use std::path::PathBuf;

use anyhow::{Context, Result};
use nix::sys::prctl;
use tokio::signal::unix::{SignalKind, signal};

use crate::cli::server::ServerArgs;
use crate::exit::{Exit, Refused};
use crate::log;
use crate::mounts;
use crate::serve::{Allowed, Options, Serving, notify};
use crate::terminal::err;

/// Requests, runs and the clock wait for each other's leave only on the database; two threads are enough.
const WORKERS: usize = 2;

pub(super) fn server(args: &ServerArgs) -> Result<Exit> {
    // Whoever was first is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    log::start(&args.log, args.log_format)?;
    // Steps run as the same user: they shall not read our memory and our environment.
    prctl::set_dumpable(false).context("failed to close this process' memory to others")?;
    let options = Options {
        listen: args.listen.clone(),
        data_dir: data_dir(args)?,
        database_url: database_url(args)?,
        allowed: Allowed {
            loopback: args.allow_loopback,
            mounts: mounts::allowed(&args.allowed_mounts)?,
            exec: allowed_exec(&args.allowed_exec)?,
        },
        simulated_cluster: None,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .enable_all()
        .build()
        .context("failed to start the runtime")?;
    let exit = runtime.block_on(serve(options));
    // Streams that are still open are cut, threads that wait for a lock are not waited for.
    runtime.shutdown_background();
    exit
}

async fn serve(options: Options) -> Result<Exit> {
    let mut interrupt = signal(SignalKind::interrupt()).context("failed to listen for signals")?;
    let mut terminate = signal(SignalKind::terminate()).context("failed to listen for signals")?;
    let mut serving = Serving::start(options).await?;
    err(&format!("ansflow listens on {}\n", serving.url()));
    if let Some(code) = serving.setup_code() {
        err(&format!("nobody can sign in yet: open {} and set it up with the code {code}\n", serving.url()));
    }
    notify::tell("READY=1");
    let outcome = tokio::select! {
        problem = serving.failed() => Err(problem),
        Some(()) = interrupt.recv() => Ok(Exit::Success),
        Some(()) = terminate.recv() => Ok(Exit::Success),
    };
    notify::tell("STOPPING=1");
    serving.stop().await;
    outcome
}

fn data_dir(args: &ServerArgs) -> Result<PathBuf> {
    let given = args.data_dir.clone().or_else(|| {
        if nix::unistd::geteuid().is_root() {
            return Some(PathBuf::from("/var/lib/ansflow"));
        }
        let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share"));
        let data = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
        data.or_else(home).map(|data| data.join("ansflow"))
    });
    let given = given.ok_or_else(|| {
        Refused::invalid("there is no place for the data: neither XDG_DATA_HOME nor HOME is set")
            .help("give --data-dir")
    })?;
    std::path::absolute(&given).with_context(|| format!("`{}` is no path", given.display()))
}

/// Programs that kubeconfigs may have run. A path that is none would allow nothing, unseen.
fn allowed_exec(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let given: Vec<PathBuf> = paths.iter().filter(|path| !path.as_os_str().is_empty()).cloned().collect();
    if let Some(path) = given.iter().find(|path| !path.is_absolute() || !path.is_file()) {
        return Err(Refused::invalid(format!("`--allow-exec {}` is no program", path.display()))
            .help("give the whole path of a file, such as /usr/local/bin/aws")
            .into());
    }
    Ok(given)
}

fn database_url(args: &ServerArgs) -> Result<Option<String>> {
    let Some(path) = &args.database_url_file else { return Ok(args.database_url.clone()) };
    let refused = || Refused::invalid(format!("the file `{}` with the database's URL cannot be read", path.display()));
    let text = std::fs::read_to_string(path).with_context(refused)?;
    Ok(Some(text.trim().to_owned()))
}
