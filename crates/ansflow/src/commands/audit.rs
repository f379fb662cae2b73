//! `ansflow audit …`: who did what to clusters and in them, and whether that is still what was written down.

use ansflow_core::duration;
use anyhow::Result;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;

use super::print_data;
use crate::cli::Output;
use crate::cli::audit::{AuditCommand, AuditListArgs};
use crate::cli::remote::RemoteArgs;
use crate::client::{Client, encode};
use crate::exit::{Exit, Refused};
use crate::terminal::{err, out, table::table};

pub(super) async fn audit(command: &AuditCommand, remote: &RemoteArgs, output: Output) -> Result<Exit> {
    let client = Client::of(remote)?;
    match command {
        AuditCommand::List(args) => list(&client, args, output).await,
        AuditCommand::Verify => verify(&client, output).await,
    }
}

async fn list(client: &Client, args: &AuditListArgs, output: Output) -> Result<Exit> {
    let since = args.since.as_deref().map(|text| since(text, Timestamp::now())).transpose()?.map(|at| at.to_string());
    let asked = [("actor", &args.actor), ("action", &args.action), ("object", &args.object), ("since", &since)];
    let query = asked.into_iter().filter_map(|(name, text)| Some(format!("{name}={}", encode(text.as_deref()?))));
    let found = client.list(&format!("audit?{}", query.collect::<Vec<_>>().join("&")), args.limit).await?;
    if output != Output::Table {
        print_data(output, &Json::Array(found))?;
        return Ok(Exit::Success);
    }
    let rows: Vec<Vec<String>> = found.iter().map(row).collect();
    out(&table(&["ENTRY", "AT", "BY", "ACTION", "OBJECT", "DETAIL"], &rows))?;
    Ok(Exit::Success)
}

fn row(entry: &Json) -> Vec<String> {
    let text = |key: &str| entry[key].as_str().unwrap_or_default().to_owned();
    let via = match entry["via"].as_str() {
        None | Some("session" | "") => String::new(),
        Some(token) => format!(" ({token})"),
    };
    let by = format!("{}{via}", text("actor"));
    vec![entry["seq"].to_string(), second(&text("at")), by, text("action"), text("object"), detail(&entry["detail"])]
}

/// To the second: which came first is said by its number.
fn second(at: &str) -> String {
    at.parse::<Timestamp>().map_or_else(|_| at.to_owned(), |at| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// `keys=password,user · container=web`: what is empty is left out.
fn detail(detail: &Json) -> String {
    let words = |value: &Json| match value {
        Json::Null => None,
        Json::String(text) => Some(text.clone()),
        Json::Array(all) => Some(all.iter().map(word).collect::<Vec<_>>().join(",")),
        other => Some(other.to_string()),
    };
    let fields = detail.as_object().into_iter().flatten();
    let told = fields.filter_map(|(name, value)| Some((name, words(value).filter(|text| !text.is_empty())?)));
    told.map(|(name, text)| format!("{name}={text}")).collect::<Vec<_>>().join(" · ")
}

fn word(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A time, or how long ago it is.
fn since(text: &str, now: Timestamp) -> Result<Timestamp, Refused> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    let refused = || Refused::invalid(format!("`--since {text}` is neither a span nor a time"));
    let help = "write 30m, 2h, 7d, or a time as 2026-11-22T05:00:00Z";
    let ms = duration::parse(text).ok().and_then(|ms| i64::try_from(ms).ok());
    let at = ms.and_then(|ms| now.checked_sub(SignedDuration::from_millis(ms)).ok());
    at.ok_or_else(|| refused().help(help))
}

async fn verify(client: &Client, output: Output) -> Result<Exit> {
    let found = client.get("audit/verify").await?;
    let broken = found["broken"].as_str();
    let exit = if broken.is_none() { Exit::Success } else { Exit::Failed };
    if output != Output::Table {
        print_data(output, &found)?;
        return Ok(exit);
    }
    let rows = found["rows"].as_u64().unwrap_or_default();
    let holds = match (rows, found["hash"].as_str()) {
        (1.., Some(hash)) => format!("the chain holds up to entry {rows}, whose hash is {hash}\n"),
        _ => "the chain holds no entry\n".to_owned(),
    };
    out(&holds)?;
    if let Some(broken) = broken {
        err(&format!("it breaks at entry {}: {broken}\n", rows + 1));
        err("whoever may write to the database did this; compare with a backup of it\n");
    }
    Ok(exit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn since_is_a_span_or_a_time() {
        let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        let at = |text: &str| since(text, now).map(|at| at.to_string()).ok();
        assert_eq!(at("2h").as_deref(), Some("2026-11-22T10:00:00Z"));
        assert_eq!(at("7d").as_deref(), Some("2026-11-15T12:00:00Z"));
        assert_eq!(at("2026-11-01T00:00:00Z").as_deref(), Some("2026-11-01T00:00:00Z"));
        assert_eq!(at("yesterday"), None);
    }

    #[test]
    fn a_detail_is_told_in_one_line() {
        let told =
            detail(&serde_json::json!({ "keys": ["user", "password"], "container": "web", "was": null, "n": 3 }));
        assert_eq!(told, "keys=user,password · container=web · n=3");
    }
}
