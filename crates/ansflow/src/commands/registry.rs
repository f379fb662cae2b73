//! `ansflow registry …`: image registries on a server. Passwords go in, by a prompt or standard input, and never come out.

mod password;
mod show;

use anyhow::Result;
use serde_json::{Value as Json, json};

use crate::cli::Output;
use crate::cli::registry::{RegistryAddArgs, RegistryCommand, RegistryEditArgs};
use crate::cli::remote::RemoteArgs;
use crate::client::{Client, encode};
use crate::exit::{Exit, Refused};
use crate::terminal::out;

pub(super) async fn registry(command: &RegistryCommand, remote: &RemoteArgs, output: Output) -> Result<Exit> {
    let client = Client::of(remote)?;
    match command {
        RegistryCommand::List => show::list(&client.list(LIST, usize::MAX).await?, output)?,
        RegistryCommand::Add(args) => add(&client, args, output).await?,
        RegistryCommand::Edit(args) => edit(&client, args, output).await?,
        RegistryCommand::Remove { registry } => {
            client.delete(&find(&client, registry).await?).await?;
            out(&format!("registry `{registry}` is removed\n"))?;
        }
        RegistryCommand::Test { registry } => return test(&client, registry, output).await,
        RegistryCommand::Default { registry } => {
            let path = find(&client, registry).await?;
            let view = client.post(&format!("{path}/set-default"), &Json::Null).await?;
            show::done(&view, &format!("registry `{registry}` is the default"), output)?;
        }
        RegistryCommand::Repositories { registry, search } => {
            let search = search.as_deref().map(|text| format!("?search={}", encode(text))).unwrap_or_default();
            let found = client.get(&format!("{}/repositories{search}", find(&client, registry).await?)).await?;
            show::names(&found, output)?;
        }
        RegistryCommand::Tags { registry, repository, search, digests } => {
            let path = find(&client, registry).await?;
            let search = search.as_deref().map(|text| format!("&search={}", encode(text))).unwrap_or_default();
            let found = client.get(&format!("{path}/tags?repository={}{search}", encode(repository))).await?;
            match digests {
                true => show::images(&images(&client, &path, repository, &found).await?, output)?,
                false => show::names(&found, output)?,
            }
        }
        RegistryCommand::Image { registry, repository, tag } => {
            let found = image(&client, &find(&client, registry).await?, repository, tag).await?;
            show::image(&found, output)?;
        }
    }
    Ok(Exit::Success)
}

const LIST: &str = "docker/registries";

async fn add(client: &Client, args: &RegistryAddArgs, output: Output) -> Result<()> {
    let password = match &args.user {
        Some(user) => Some(password::read(args.password_stdin, user)?),
        None => None,
    };
    let body = json!({
        "name": args.name, "kind": args.kind.name(), "address": args.address.as_deref().unwrap_or_default(),
        "insecure": args.insecure, "username": args.user.as_deref().unwrap_or_default(),
        "password": password,
    });
    let mut view = client.post(LIST, &body).await?;
    if args.default {
        let id = encode(view["id"].as_str().unwrap_or_default());
        view = client.post(&format!("{LIST}/{id}/set-default"), &Json::Null).await?;
    }
    show::done(&view, &format!("registry `{}` is added", args.name), output)
}

async fn edit(client: &Client, args: &RegistryEditArgs, output: Output) -> Result<()> {
    let path = find(client, &args.registry).await?;
    let (before, tag) = client.get_tagged(&path).await?;
    let text = |given: &Option<String>, field: &str| given.as_deref().map_or_else(|| before[field].clone(), Json::from);
    let username = if args.no_login { Json::from("") } else { text(&args.user, "username") };
    let password = match args.ask_password || args.password_stdin {
        true => Some(password::read(args.password_stdin, username.as_str().unwrap_or_default())?),
        false => None,
    };
    let body = json!({
        "name": text(&args.name, "name"),
        "kind": args.kind.map_or_else(|| before["kind"].clone(), |kind| kind.name().into()),
        "address": text(&args.address, "address"),
        "insecure": args.insecure.map_or_else(|| before["insecure"].clone(), Json::from),
        "username": username,
        "password": password,
    });
    let view = client.put(&path, Some(&tag), &body).await?;
    show::done(&view, &format!("registry `{}` is changed", args.registry), output)
}

/// A registry that does not answer, or not as it should, ends with 1.
async fn test(client: &Client, named: &str, output: Output) -> Result<Exit> {
    let check = client.post(&format!("{}/test-connection", find(client, named).await?), &Json::Null).await?;
    let message = check["message"].as_str().unwrap_or_default();
    match output {
        Output::Table => out(&format!("{message}\n"))?,
        Output::Json | Output::Yaml => super::print_data(output, &check)?,
    }
    Ok(if check["ok"] == true { Exit::Success } else { Exit::Failed })
}

/// What a tag stands for.
async fn image(client: &Client, path: &str, repository: &str, tag: &str) -> Result<Json> {
    client.get(&format!("{path}/image?repository={}&tag={}", encode(repository), encode(tag))).await
}

/// What each tag of a page stands for, asked one after another: a registry is somebody else's machine.
async fn images(client: &Client, path: &str, repository: &str, tags: &Json) -> Result<Vec<Json>> {
    let mut images = Vec::new();
    for tag in tags["items"].as_array().into_iter().flatten().filter_map(Json::as_str) {
        let mut found = image(client, path, repository, tag).await?;
        found["tag"] = tag.into();
        images.push(found);
    }
    Ok(images)
}

/// The path of a registry that is named by its name or id.
async fn find(client: &Client, named: &str) -> Result<String> {
    let all = client.list(LIST, usize::MAX).await?;
    let found = all.iter().find(|one| one["name"] == *named).or(all.iter().find(|one| one["id"] == *named));
    if let Some(id) = found.and_then(|one| one["id"].as_str()) {
        return Ok(format!("{LIST}/{}", encode(id)));
    }
    let refused = Refused::invalid(format!("there is no registry `{named}`")).exit(Exit::NotFound);
    let near = ansflow_core::suggest::nearest(named, all.iter().filter_map(|one| one["name"].as_str()));
    Err(match near {
        Some(near) => refused.help(format!("did you mean `{near}`?")).into(),
        None => refused.help("`ansflow registry list` lists them").into(),
    })
}
