//! `ansflow token …`: API tokens of one's own.

use anyhow::Result;
use serde_json::{Value as Json, json};

use crate::cli::Output;
use crate::cli::remote::{RemoteArgs, TokenCommand};
use crate::client::Client;
use crate::exit::{Exit, Refused};
use crate::terminal::{data, err, out, table::table};

pub(super) async fn token(command: &TokenCommand, remote: &RemoteArgs, output: Output) -> Result<Exit> {
    let client = Client::of(remote)?;
    match command {
        TokenCommand::List => list(&client, output).await?,
        TokenCommand::Create { name, days, read_only } => {
            let body = json!({ "name": name, "expires_in_days": days, "read_only": read_only });
            let made = client.post("tokens", &body).await?;
            match output {
                Output::Table => {
                    err("this is the only time that the token is shown:\n");
                    data(&format!("{}\n", made["token"].as_str().unwrap_or_default()))?;
                }
                Output::Json | Output::Yaml => super::print_data(output, &made)?,
            }
        }
        TokenCommand::Revoke { token } => {
            let tokens = client.list("tokens", usize::MAX).await?;
            let found = tokens.iter().find(|view| view["id"] == **token || view["name"] == **token);
            let id = found.and_then(|view| view["id"].as_str()).ok_or_else(|| {
                Refused::invalid(format!("you have no token `{token}`"))
                    .exit(Exit::NotFound)
                    .help("`ansflow token list` lists them")
            })?;
            client.delete(&format!("tokens/{id}")).await?;
            out(&format!("token `{token}` is revoked\n"))?;
        }
    }
    Ok(Exit::Success)
}

async fn list(client: &Client, output: Output) -> Result<()> {
    let tokens = client.list("tokens", usize::MAX).await?;
    if output != Output::Table {
        return super::print_data(output, &Json::Array(tokens));
    }
    let rows: Vec<Vec<String>> = tokens
        .iter()
        .map(|token| {
            let text = |key: &str| token[key].as_str().unwrap_or("never").to_owned();
            let may = if token["read_only"] == true { "read" } else { "everything" };
            vec![text("name"), text("hint"), may.to_owned(), text("used_at"), text("expires_at")]
        })
        .collect();
    Ok(out(&table(&["NAME", "TOKEN", "MAY", "USED", "EXPIRES"], &rows))?)
}
