//! Files to a pod and from it, by commands in its containers.

use super::super::workspace::{pack, unpack};
use super::super::{OURS, RECEIVER, STEP, Task};
use crate::cluster::Cluster;
use crate::job::manifest::quoted;
use crate::stream::channels::End;
use crate::stream::exec::{Command, Heard, Session};
use bytes::Bytes;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use tokio::sync::mpsc;

/// So many pieces wait for the slower side.
const WAITING: usize = 16;
/// The largest of our own files that is fetched.
const LARGEST: usize = 4 * 1024 * 1024;

/// Brings the workspace: what was sent, and how many bytes that were.
pub(super) async fn send(
    cluster: &Cluster,
    task: &Task,
    pod: &str,
    folder: &Path,
) -> Result<(BTreeSet<PathBuf>, u64), String> {
    let there = quoted(&task.workspace);
    // The mark comes last: with half a workspace nothing begins.
    let text = format!("tar -xf - -C {there} && mkdir -p {} && : > {OURS}/ready", quoted(&task.directory));
    let mut session = open(cluster, task, pod, RECEIVER, &text, true).await?;
    let (to, mut from) = mpsc::channel(WAITING);
    let folder = folder.to_owned();
    let packing = tokio::task::spawn_blocking(move || pack(&folder, to));
    let mut bytes = 0;
    while let Some(piece) = from.recv().await {
        bytes += piece.len() as u64;
        session.write(&piece).await?;
    }
    let packed = packing.await.map_err(|error| error.to_string())?;
    let names = packed.map_err(|error| error.to_string())?;
    session.end_input().await?;
    to_its_end(session, |_| Ok(())).await?;
    Ok((names, bytes))
}

/// Fetches the workspace; gives how many files came.
pub(super) async fn fetch(
    cluster: &Cluster,
    task: &Task,
    pod: &str,
    folder: &Path,
    sent: &BTreeSet<PathBuf>,
) -> Result<u64, String> {
    let mut session =
        open(cluster, task, pod, STEP, &format!("tar -cf - -C {} .", quoted(&task.workspace)), false).await?;
    let (to, from) = mpsc::channel(WAITING);
    let (folder, sent) = (folder.to_owned(), sent.clone());
    let unpacking = tokio::task::spawn_blocking(move || unpack(&folder, &sent, from));
    let mut said = Vec::new();
    let end = loop {
        match session.next().await {
            // Whoever does not take any more has a reason, which it says.
            Heard::Out(bytes) if to.send(bytes.to_vec()).await.is_err() => break None,
            Heard::Out(_) => {}
            Heard::Err(bytes) => said.extend_from_slice(&bytes),
            other => break Some(other),
        }
    };
    match end {
        None | Some(Heard::End(End::Code(0))) => {}
        // What is half there must not count as the whole: nothing is deleted here.
        Some(end) => return Err(why(end, &said)),
    }
    // Says that it was all; whoever does not listen says why.
    let _ = to.send(Vec::new()).await;
    unpacking.await.map_err(|error| error.to_string())?.map_err(|error| error.to_string())
}

/// One of our own files; empty where it is not there.
pub(super) async fn file(cluster: &Cluster, task: &Task, pod: &str, name: &str) -> Result<Vec<u8>, String> {
    let session =
        open(cluster, task, pod, STEP, &format!("[ ! -e {OURS}/{name} ] || cat {OURS}/{name}"), false).await?;
    let mut content = Vec::new();
    to_its_end(session, |bytes| {
        content.extend_from_slice(&bytes);
        if content.len() > LARGEST {
            Err(format!("`{name}` is larger than {} MiB", LARGEST / 1024 / 1024))
        } else {
            Ok(())
        }
    })
    .await?;
    Ok(content)
}

/// Says that all was fetched: the pod may end.
pub(super) async fn done(cluster: &Cluster, task: &Task, pod: &str) -> Result<(), String> {
    to_its_end(open(cluster, task, pod, STEP, &format!(": > {OURS}/fetched"), false).await?, |_| Ok(())).await
}

async fn open(
    cluster: &Cluster,
    task: &Task,
    pod: &str,
    container: &str,
    text: &str,
    stdin: bool,
) -> Result<Session, String> {
    let command = Command {
        namespace: task.namespace.clone(),
        pod: pod.to_owned(),
        container: Some(container.to_owned()),
        command: ["sh", "-c", text].map(str::to_owned).to_vec(),
        stdin,
        tty: false,
    };
    Session::open(cluster, &command).await.map_err(|error| error.to_string())
}

async fn to_its_end(mut session: Session, mut out: impl FnMut(Bytes) -> Result<(), String>) -> Result<(), String> {
    let mut said = Vec::new();
    loop {
        match session.next().await {
            Heard::Out(bytes) => out(bytes)?,
            Heard::Err(bytes) => said.extend_from_slice(&bytes),
            Heard::End(End::Code(0)) => return Ok(()),
            end => return Err(why(end, &said)),
        }
    }
}

fn why(end: Heard, said: &[u8]) -> String {
    let said = crate::text::short(&String::from_utf8_lossy(said), 200);
    match end {
        Heard::End(End::Code(code)) => format!("it ended with code {code}: {said}"),
        Heard::End(End::Refused(why)) => why,
        Heard::Lost(why) => format!("the connection was lost: {why}"),
        Heard::Out(_) | Heard::Err(_) => said,
    }
}
