//! `ansflow pipeline …`: pipelines on a server.

mod apply;
mod list;
mod transfer;

use anyhow::Result;
use serde_json::{Map, Value as Json, json};

use crate::cli::Output;
use crate::cli::remote::{PipelineCommand, PipelineRunArgs, RemoteArgs};
use crate::client::{Client, encode};
use crate::exit::{Exit, Refused};
use crate::run::prepare;
use crate::terminal::{data, out};

pub(super) async fn pipeline(command: &PipelineCommand, remote: &RemoteArgs, output: Output) -> Result<Exit> {
    let client = Client::of(remote)?;
    match command {
        PipelineCommand::List { search } => list::list(&client, search.as_deref(), output).await?,
        PipelineCommand::Get { pipeline } => {
            let view = client.get(&format!("pipelines/{}", find(&client, pipeline).await?)).await?;
            list::show(&view, output)?;
        }
        PipelineCommand::Apply { files, note } => return apply::apply(&client, files, note, output).await,
        PipelineCommand::Delete { pipeline } => {
            client.delete(&format!("pipelines/{}", find(&client, pipeline).await?)).await?;
            out(&format!("pipeline `{pipeline}` is deleted; its runs are kept\n"))?;
        }
        PipelineCommand::Run(args) => return run(&client, args, output).await,
        PipelineCommand::Clone { pipeline, name } => {
            let path = format!("pipelines/{}/clone", find(&client, pipeline).await?);
            list::show(&client.post(&path, &json!({ "name": name })).await?, output)?;
        }
        PipelineCommand::Export { pipeline } => {
            let path = format!("pipelines/{}/export", find(&client, pipeline).await?);
            data(&client.text(&path).await?)?;
        }
        PipelineCommand::Import { files, on_conflict } => {
            return transfer::import(&client, files, *on_conflict, output).await;
        }
        PipelineCommand::Versions { pipeline } => {
            let path = format!("pipelines/{}/versions", find(&client, pipeline).await?);
            list::versions(&client.list(&path, usize::MAX).await?, output)?;
        }
    }
    Ok(Exit::Success)
}

async fn run(client: &Client, args: &PipelineRunArgs, output: Output) -> Result<Exit> {
    let id = find(client, &args.pipeline).await?;
    let variables: Map<String, Json> = prepare::variables(&args.vars)?;
    let body = json!({
        "variables": variables, "branch": args.branch, "commit": args.commit, "from": args.from, "only": args.only,
    });
    let run = client.post(&format!("pipelines/{id}/run"), &body).await?;
    super::runs::started(client, &run, args.wait, output).await
}

/// The id of a pipeline that is named by its name or id.
pub(super) async fn find(client: &Client, named: &str) -> Result<String> {
    if named.starts_with("pl_") {
        return Ok(encode(named));
    }
    let found = client.list(&format!("pipelines?search={}", encode(named)), usize::MAX).await?;
    if let Some(id) = found.iter().find(|one| one["name"] == *named).and_then(|one| one["id"].as_str()) {
        return Ok(id.to_owned());
    }
    let refused = Refused::invalid(format!("there is no pipeline `{named}`")).exit(Exit::NotFound);
    let all = client.list("pipelines", 1_000).await?;
    let near = ansflow_core::suggest::nearest(named, all.iter().filter_map(|one| one["name"].as_str()));
    Err(match near {
        Some(near) => refused.help(format!("did you mean `{near}`?")).into(),
        None => refused.help("`ansflow pipeline list` lists them").into(),
    })
}
