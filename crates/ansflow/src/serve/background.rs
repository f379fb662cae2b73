//! All that goes on besides answering requests: runs, messages, the clock. Each ends when it is told to, and not before.

use std::pin::Pin;

use ansflow_engine::{Notifier, schedules};
use ansflow_server::App;
use ansflow_server::clusters::TICK;
use anyhow::{Context, Result};
use tokio::sync::watch;

use super::{Parts, sources, when};

/// Something that goes on.
pub(super) type Task = Pin<Box<dyn Future<Output = Result<()>> + Send>>;

/// What goes on, each with its name.
pub(super) fn tasks(
    parts: &Parts,
    app: &App,
    stopped: &watch::Receiver<bool>,
    allow_loopback: bool,
) -> Result<Vec<(&'static str, Task)>> {
    Ok(vec![
        ("the fleet", fleet(parts, stopped.clone())),
        ("the notifier", notifier(parts, stopped.clone(), allow_loopback)?),
        ("the clock", clock(parts, stopped.clone())),
        ("looking at clusters", clusters(parts, app, stopped.clone())),
    ])
}

fn fleet(parts: &Parts, stopped: watch::Receiver<bool>) -> Task {
    let fleet = parts.fleet.clone();
    Box::pin(async move { fleet.run(when(stopped)).await.context("failed to drive runs") })
}

fn notifier(parts: &Parts, stopped: watch::Receiver<bool>, allow_loopback: bool) -> Result<Task> {
    let Parts { store, keyring, .. } = parts.clone();
    let settings = sources::settings(&store, &keyring);
    let notifier = Notifier::new(store, keyring, settings, allow_loopback).context("failed to set up messages")?;
    Ok(Box::pin(async move {
        notifier.run(when(stopped)).await;
        Ok(())
    }))
}

fn clock(parts: &Parts, stopped: watch::Receiver<bool>) -> Task {
    let Parts { store, files, keyring, .. } = parts.clone();
    Box::pin(async move {
        schedules::run(store, files, keyring, when(stopped)).await;
        Ok(())
    })
}

fn clusters(parts: &Parts, app: &App, stopped: watch::Receiver<bool>) -> Task {
    let (app, fleet) = (app.clone(), parts.fleet.clone());
    Box::pin(async move {
        tokio::select! {
            () = when(stopped) => {}
            () = ansflow_server::clusters::keep(app, TICK, move || fleet.leads()) => {}
        }
        Ok(())
    })
}
