//! `ansflow cluster …`: clusters on a server. Credentials go in, from files or standard input, and never come out.

mod credential;
mod show;

use anyhow::Result;
use serde_json::{Value as Json, json};

use crate::cli::Output;
use crate::cli::cluster::{ClusterAddArgs, ClusterCommand, ClusterEditArgs};
use crate::cli::remote::RemoteArgs;
use crate::client::{Client, encode};
use crate::exit::{Exit, Refused};
use crate::terminal::{err, out};

const LIST: &str = "kubernetes/clusters";

pub(super) async fn cluster(command: &ClusterCommand, remote: &RemoteArgs, output: Output) -> Result<Exit> {
    let client = Client::of(remote)?;
    match command {
        ClusterCommand::List => show::list(&client.list(LIST, usize::MAX).await?, output)?,
        ClusterCommand::Get { cluster } => {
            show::one(&client.get(&find(&client, cluster).await?).await?, output)?;
        }
        ClusterCommand::Add(args) => return add(&client, args, output).await,
        ClusterCommand::Edit(args) => return edit(&client, args, output).await,
        ClusterCommand::Remove { cluster } => {
            client.delete(&find(&client, cluster).await?).await?;
            out(&format!("cluster `{cluster}` is removed\n"))?;
        }
        ClusterCommand::Test { cluster: Some(cluster), .. } => {
            let check = test(&client, &find(&client, cluster).await?).await?;
            show::check(cluster, &check, output)?;
            return Ok(ended(check["valid"] == true));
        }
        ClusterCommand::Test { cluster: None, .. } => return test_all(&client, output).await,
        ClusterCommand::Sync { cluster } => {
            let path = find(&client, cluster).await?;
            let begun = client.post(&format!("{path}/sync-resources"), &json!({})).await?;
            show::done(&begun, begun["message"].as_str().unwrap_or_default(), output)?;
        }
        ClusterCommand::Token { cluster, guide: true } => {
            let guide = client.get(&format!("{}/token-guide", find(&client, cluster).await?)).await?;
            show::guide(&guide, output)?;
        }
        ClusterCommand::Token { cluster, guide: false } => {
            let path = find(&client, cluster).await?;
            let works = client.post(&format!("{path}/validate-token"), &json!({})).await?;
            let status = client.get(&format!("{path}/token-status")).await?;
            show::token(&status, &works, output)?;
            return Ok(ended(works["accepted"] == true));
        }
    }
    Ok(Exit::Success)
}

/// Tries it, and stores it where it is connected – or where somebody says so all the same.
async fn add(client: &Client, args: &ClusterAddArgs, output: Output) -> Result<Exit> {
    let Some(credential) = credential::of(&args.way).await? else {
        return Err(Refused::invalid("nobody says how the cluster is reached")
            .help("give --kubeconfig, --token-stdin, --client-cert with --client-key, or --in-cluster")
            .into());
    };
    let kind = args.way.kind.map_or("k8s", |kind| kind.name());
    let body = json!({
        "name": args.name, "description": args.way.description.as_deref().unwrap_or_default(), "kind": kind,
        "server": args.address.as_deref().unwrap_or_default(), "credential": credential,
        "ca": credential::ca(&args.way)?, "verify_tls": !args.insecure_skip_tls_verify,
        "tls_server_name": args.way.tls_server_name, "proxy": args.way.proxy, "namespace": args.way.namespace,
    });
    let check = try_first(client, &body, args.way.yes).await?;
    let view = client.post(LIST, &body).await?;
    look(client, &view).await?;
    show::done(&view, &format!("{check}\ncluster `{}` is added", args.name), output)?;
    Ok(Exit::Success)
}

async fn edit(client: &Client, args: &ClusterEditArgs, output: Output) -> Result<Exit> {
    let path = find(client, &args.cluster).await?;
    let (before, tag) = client.get_tagged(&path).await?;
    let text = |given: &Option<String>, field: &str| given.as_deref().map_or_else(|| before[field].clone(), Json::from);
    let credential = credential::of(&args.way).await?;
    let is_kubeconfig = args.way.kubeconfig.is_some();
    // What a new kubeconfig says of the way there counts, where nothing else is typed.
    let way = |given: &Option<String>, field: &str| match given {
        None if is_kubeconfig => Json::Null,
        given => text(given, field),
    };
    let server = if is_kubeconfig || args.way.in_cluster { Json::from("") } else { text(&args.address, "server") };
    let verify = args.insecure_skip_tls_verify.map_or_else(|| before["verify_tls"].clone(), |skips| (!skips).into());
    let mut body = json!({
        "name": text(&args.name, "name"), "description": text(&args.way.description, "description"),
        "kind": args.way.kind.map_or_else(|| before["kind"].clone(), |kind| kind.name().into()),
        "server": server, "credential": credential, "ca": credential::ca(&args.way)?, "verify_tls": verify,
        "tls_server_name": way(&args.way.tls_server_name, "tls_server_name"),
        "proxy": way(&args.way.proxy, "proxy"), "namespace": way(&args.way.namespace, "namespace"),
    });
    body["id"] = before["id"].clone();
    // A name, a kind or a namespace may be changed of one that is away.
    let leads_otherwise = !body["credential"].is_null()
        || !body["ca"].is_null()
        || ["server", "verify_tls", "tls_server_name", "proxy"].iter().any(|field| body[*field] != before[*field]);
    if leads_otherwise {
        out(&format!("{}\n", try_first(client, &body, args.way.yes).await?))?;
    }
    if let Some(body) = body.as_object_mut() {
        body.remove("id");
    }
    let view = client.put(&path, Some(&tag), &body).await?;
    look(client, &view).await?;
    show::done(&view, &format!("cluster `{}` is changed", args.cluster), output)?;
    Ok(Exit::Success)
}

/// What a cluster says that is not stored yet; where it is not connected, nothing is.
async fn try_first(client: &Client, body: &Json, is_told: bool) -> Result<String> {
    let check = client.post(&format!("{LIST}/validate-connection"), body).await?;
    let message = check["message"].as_str().unwrap_or_default().to_owned();
    if check["valid"] == true {
        return Ok(message);
    }
    if is_told {
        err(&format!("warning: {message}\n"));
        return Ok("it is not connected".to_owned());
    }
    let help = check["help"].as_str().map(|help| format!("{help}; ")).unwrap_or_default();
    let refused = Refused::invalid(format!("{message}: nothing was stored")).exit(Exit::Failed);
    Err(refused.help(format!("{help}--yes stores it all the same")).into())
}

/// Has the server look at it at once.
async fn look(client: &Client, view: &Json) -> Result<()> {
    let id = encode(view["id"].as_str().unwrap_or_default());
    client.post(&format!("{LIST}/{id}/sync-resources"), &json!({})).await?;
    Ok(())
}

async fn test(client: &Client, path: &str) -> Result<Json> {
    client.post(&format!("{path}/check-connection"), &json!({})).await
}

/// A cluster that is not connected ends it with 1, after all were asked.
async fn test_all(client: &Client, output: Output) -> Result<Exit> {
    let (mut checks, mut are_well) = (Vec::new(), true);
    for cluster in client.list(LIST, usize::MAX).await? {
        let id = encode(cluster["id"].as_str().unwrap_or_default());
        let mut check = test(client, &format!("{LIST}/{id}")).await?;
        are_well &= check["valid"] == true;
        if output == Output::Table {
            show::check(cluster["name"].as_str().unwrap_or_default(), &check, output)?;
        }
        check["name"] = cluster["name"].clone();
        checks.push(check);
    }
    if output != Output::Table {
        super::print_data(output, &Json::Array(checks))?;
    }
    Ok(ended(are_well))
}

fn ended(is_well: bool) -> Exit {
    if is_well { Exit::Success } else { Exit::Failed }
}

/// The path of a cluster that is named by its name or id.
async fn find(client: &Client, named: &str) -> Result<String> {
    let all = client.list(LIST, usize::MAX).await?;
    let found = all.iter().find(|one| one["name"] == *named).or(all.iter().find(|one| one["id"] == *named));
    if let Some(id) = found.and_then(|one| one["id"].as_str()) {
        return Ok(format!("{LIST}/{}", encode(id)));
    }
    let refused = Refused::invalid(format!("there is no cluster `{named}`")).exit(Exit::NotFound);
    let near = ansflow_core::suggest::nearest(named, all.iter().filter_map(|one| one["name"].as_str()));
    Err(match near {
        Some(near) => refused.help(format!("did you mean `{near}`?")).into(),
        None => refused.help("`ansflow cluster list` lists them").into(),
    })
}
