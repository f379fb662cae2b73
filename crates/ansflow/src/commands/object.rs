//! `ansflow object …`: what is in clusters that a server knows. Data goes to standard output, words go to standard error.

mod edit;
mod exec;
mod logs;
mod show;

use anyhow::Result;
use serde_json::{Value as Json, json};

use crate::cli::Output;
use crate::cli::object::{ObjectCommand, PlaceArgs};
use crate::cli::remote::RemoteArgs;
use crate::client::{Client, encode};
use crate::exit::Exit;
use crate::terminal::{err, out};

pub(super) async fn object(command: &ObjectCommand, remote: &RemoteArgs, output: Output) -> Result<Exit> {
    let client = Client::of(remote)?;
    match command {
        ObjectCommand::List { kind, search, labels, place } => {
            let mut path = address(place, &[kind]);
            for (name, text) in [("search", search), ("labels", labels)] {
                if let Some(text) = text {
                    path += &format!("&{name}={}", encode(text));
                }
            }
            show::list(&client, &path, output).await?;
        }
        ObjectCommand::Get { kind, name, place } => {
            show::object(&client.get(&address(place, &[kind, name])).await?, output)?;
        }
        ObjectCommand::Delete { kind, name, place } => {
            client.delete(&address(place, &[kind, name])).await?;
            out(&format!("{kind}/{name} is deleted\n"))?;
        }
        ObjectCommand::Edit { kind, name, file, dry_run, place } => {
            edit::edit(&client, &address(place, &[kind, name]), file.as_deref(), *dry_run, output).await?;
        }
        ObjectCommand::Create { file, dry_run, place } => {
            edit::create(&client, &address(place, &["objects"]), file, *dry_run, output).await?;
        }
        ObjectCommand::Logs(args) => logs::logs(&client, args).await?,
        ObjectCommand::Exec(args) => return exec::exec(&client, args).await,
        ObjectCommand::Scale { kind, name, replicas, current, place } => {
            let body = json!({ "replicas": replicas, "current": current });
            let done = client.post(&address(place, &[kind, name, "scale"]), &body).await?;
            let words = match done["before"] == done["after"] {
                true => format!("{kind}/{name} already has {replicas} replicas"),
                false => format!("{kind}/{name}: {} replicas, {} before", done["after"], done["before"]),
            };
            said(&done, &words, output)?;
        }
        ObjectCommand::Restart { kind, name, place } => {
            let done = client.post(&address(place, &[kind, name, "restart"]), &json!({})).await?;
            said(&done, done["message"].as_str().unwrap_or_default(), output)?;
        }
        ObjectCommand::History { kind, name, place } => {
            show::history(&client.get(&address(place, &[kind, name, "history"])).await?, output)?;
        }
        ObjectCommand::Rollback { kind, name, revision, place } => {
            let done =
                client.post(&address(place, &[kind, name, "rollback"]), &json!({ "revision": revision })).await?;
            said(&done, &format!("{kind}/{name} goes back to revision {}", done["revision"]), output)?;
        }
        ObjectCommand::Reveal { name, keys, place } => {
            let found = client.post(&address(place, &["secrets", name, "reveal"]), &json!({ "keys": keys })).await?;
            show::values(&found, output)?;
        }
    }
    Ok(Exit::Success)
}

/// Where something of a cluster is, below `/api/v1/`.
fn address(place: &PlaceArgs, parts: &[&str]) -> String {
    let parts: Vec<String> = parts.iter().map(|part| encode(part)).collect();
    let mut path = format!("kubernetes/{}?cluster_id={}", parts.join("/"), encode(&place.cluster));
    if let Some(namespace) = &place.namespace {
        path += &format!("&namespace={}", encode(namespace));
    }
    path
}

/// What was done, or for programs what there is now.
fn said(view: &Json, words: &str, output: Output) -> Result<()> {
    match output {
        Output::Table => Ok(out(&format!("{words}\n"))?),
        Output::Json | Output::Yaml => super::print_data(output, view),
    }
}

/// What the cluster warns of.
fn warned(view: &Json) {
    for warning in view["warnings"].as_array().into_iter().flatten().filter_map(Json::as_str) {
        err(&format!("warning: {warning}\n"));
    }
}
