//! `ansflow runs …`: runs on a server.

mod decide;
mod list;
mod logs;
mod watch;

use anyhow::Result;
use serde_json::{Value as Json, json};

use super::pipeline;
use crate::cli::Output;
use crate::cli::remote::{RemoteArgs, RunsCommand};
use crate::client::{Client, encode};
use crate::exit::{Exit, Refused};
use crate::terminal::out;

pub(super) async fn runs(command: &RunsCommand, remote: &RemoteArgs, output: Output) -> Result<Exit> {
    let client = Client::of(remote)?;
    match command {
        RunsCommand::List { pipeline, status, branch, limit } => {
            let filter =
                list::Filter { pipeline: pipeline.as_deref(), status: status.as_deref(), branch: branch.as_deref() };
            list::list(&client, filter, *limit, output).await?;
        }
        RunsCommand::Get { run } => {
            let id = find(&client, run).await?;
            list::show(&client.get(&format!("runs/{id}")).await?, output)?;
        }
        RunsCommand::Logs { run, step, follow, attempt } => {
            let id = find(&client, run).await?;
            match (step, follow) {
                (Some(step), true) => logs::follow(&client, &id, step, *attempt).await?,
                (Some(step), false) => logs::print(&client, &id, step, *attempt).await?,
                (None, true) => return watch::watch(&client, &id, output).await,
                (None, false) => logs::all(&client, &id).await?,
            }
        }
        RunsCommand::Watch { run } => return watch::watch(&client, &find(&client, run).await?, output).await,
        RunsCommand::Cancel { run } => {
            let id = find(&client, run).await?;
            let view = client.post(&format!("runs/{id}/cancel"), &json!({})).await?;
            said(&view, "is being cancelled", output)?;
        }
        RunsCommand::Retry { run, from, failed, wait } => {
            let id = find(&client, run).await?;
            let body = json!({ "from": from, "failed_only": failed });
            let run = client.post(&format!("runs/{id}/retry"), &body).await?;
            return started(&client, &run, *wait, output).await;
        }
        RunsCommand::Approve(args) => decide::decide(&client, args, decide::Answer::Yes, output).await?,
        RunsCommand::Reject(args) => decide::decide(&client, args, decide::Answer::No, output).await?,
    }
    Ok(Exit::Success)
}

/// A run was started: its name, and its story where that is wanted.
pub(super) async fn started(client: &Client, run: &Json, wait: bool, output: Output) -> Result<Exit> {
    if wait {
        return watch::watch(client, run["id"].as_str().unwrap_or_default(), output).await;
    }
    said(run, "is started", output)?;
    Ok(Exit::Success)
}

fn said(run: &Json, what: &str, output: Output) -> Result<()> {
    if output != Output::Table {
        return super::print_data(output, run);
    }
    let name = run["pipeline"]["name"].as_str().unwrap_or_default();
    Ok(out(&format!("{name} #{} {what} ({})\n", run["number"], run["id"].as_str().unwrap_or_default()))?)
}

/// The id of a run that is named by its id or as `PIPELINE#NUMBER`.
async fn find(client: &Client, named: &str) -> Result<String> {
    let Some((name, number)) = named.rsplit_once('#') else { return Ok(encode(named)) };
    let wrong = || {
        Refused::invalid(format!("there is no run `{named}`"))
            .exit(Exit::NotFound)
            .help("`ansflow runs list` lists them; a run is named by its id or as PIPELINE#NUMBER")
    };
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let id = pipeline::find(client, name).await?;
    let path = format!("runs?pipeline={id}&search=%23{number}");
    let found = client.list(&path, 200).await?;
    let run = found.iter().find(|run| run["number"] == number).and_then(|run| run["id"].as_str());
    Ok(run.ok_or_else(wrong)?.to_owned())
}
