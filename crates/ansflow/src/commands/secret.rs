//! `ansflow secret …`: values go in and never come out.

use std::io::Read as _;

use anyhow::{Context, Result};
use serde_json::{Value as Json, json};

use crate::cli::Output;
use crate::cli::remote::{RemoteArgs, SecretCommand};
use crate::client::{Client, encode};
use crate::exit::{Exit, Refused};
use crate::terminal::{out, table::table};

pub(super) async fn secret(command: &SecretCommand, remote: &RemoteArgs, output: Output) -> Result<Exit> {
    let client = Client::of(remote)?;
    match command {
        SecretCommand::List => list(&client, output).await?,
        SecretCommand::Set { name, from_file, description } => {
            let mut value = String::new();
            match from_file {
                Some(path) => {
                    value = std::fs::read_to_string(path)
                        .with_context(|| Refused::invalid(format!("the file `{}` cannot be read", path.display())))?;
                }
                None => {
                    std::io::stdin().lock().read_to_string(&mut value).context("failed to read the value")?;
                }
            }
            // Editors and `echo` end a text with a newline that is no part of a password.
            let value = value.strip_suffix('\n').unwrap_or(&value);
            let body = json!({ "value": value, "description": description });
            client.put(&format!("secrets/{}", encode(name)), None, &body).await?;
            out(&format!("secret `{name}` is stored\n"))?;
        }
        SecretCommand::Remove { name } => {
            client.delete(&format!("secrets/{}", encode(name))).await?;
            out(&format!("secret `{name}` is removed\n"))?;
        }
    }
    Ok(Exit::Success)
}

async fn list(client: &Client, output: Output) -> Result<()> {
    let secrets = client.list("secrets", usize::MAX).await?;
    if output != Output::Table {
        return super::print_data(output, &Json::Array(secrets));
    }
    let rows: Vec<Vec<String>> = secrets
        .iter()
        .map(|secret| {
            let text = |key: &str| secret[key].as_str().unwrap_or_default().to_owned();
            vec![text("name"), text("updated_at"), text("updated_by"), text("description")]
        })
        .collect();
    Ok(out(&table(&["NAME", "UPDATED", "BY", "DESCRIPTION"], &rows))?)
}
