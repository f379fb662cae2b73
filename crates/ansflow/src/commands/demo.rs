//! `ansflow demo`: to look around. Ctrl-C leaves nothing running and nothing behind.

use anyhow::{Context, Result};
use tokio::signal::unix::{SignalKind, signal};

use crate::cli::server::DemoArgs;
use crate::demo::Demo;
use crate::exit::Exit;

pub(super) fn demo(args: &DemoArgs) -> Result<Exit> {
    // Whoever was first is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("failed to start the runtime")?;
    let exit = runtime.block_on(show(args));
    runtime.shutdown_background();
    exit
}

async fn show(args: &DemoArgs) -> Result<Exit> {
    let mut interrupt = signal(SignalKind::interrupt()).context("failed to listen for signals")?;
    let mut terminate = signal(SignalKind::terminate()).context("failed to listen for signals")?;
    let mut demo = Demo::start(&args.listen).await?;
    demo.tell(args.address_file.as_deref())?;
    let outcome = tokio::select! {
        problem = demo.failed() => Err(problem),
        Some(()) = interrupt.recv() => Ok(Exit::Success),
        Some(()) = terminate.recv() => Ok(Exit::Success),
    };
    demo.end().await?;
    outcome
}
