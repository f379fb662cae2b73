//! `ansflow object logs`: what pods write, as data.

use anyhow::{Context as _, Result};
use serde_json::Value as Json;

use super::address;
use crate::cli::object::LogArgs;
use crate::client::{Client, encode, sse};
use crate::terminal::{clean::clean, data, err};

/// Of one pod as text; while it goes on, and of many, line by line with whose it is.
pub(super) async fn logs(client: &Client, args: &LogArgs) -> Result<()> {
    match (&args.pod, args.follow) {
        (Some(pod), false) => {
            let text = client.text(&query(address(&args.place, &["pods", pod, "log"]), args)).await?;
            Ok(data(&clean(&text))?)
        }
        (Some(pod), true) => {
            follow(client, query(address(&args.place, &["pods", pod, "log", "stream"]), args), false).await
        }
        (None, _) => follow(client, query(address(&args.place, &["pods", "log", "stream"]), args), true).await,
    }
}

fn query(mut path: String, args: &LogArgs) -> String {
    let mut put = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            path += &format!("&{name}={}", encode(&value));
        }
    };
    put("selector", args.selector.clone());
    put("container", args.container.clone());
    put("previous", args.previous.then(|| "true".to_owned()));
    put("tail", args.tail.map(|tail| tail.to_string()));
    put("since_s", args.since.map(|since| since.to_string()));
    put("search", args.search.clone());
    path
}

async fn follow(client: &Client, path: String, is_named: bool) -> Result<()> {
    let mut stream = sse::Stream::new(client, path, None);
    loop {
        let message = stream.next().await?;
        let said: Json = serde_json::from_str(&message.data).context("a piece of the log is no JSON")?;
        match message.event.as_str() {
            "lines" => {
                for line in said["lines"].as_array().into_iter().flatten() {
                    let text = line["text"].as_str().unwrap_or_default();
                    let whose = |key: &str| line[key].as_str().unwrap_or_default();
                    let whose =
                        if is_named { format!("{}/{}: ", whose("pod"), whose("container")) } else { String::new() };
                    data(&clean(&format!("{whose}{text}\n")))?;
                }
            }
            "end" => {
                err(&format!("{}\n", said["message"].as_str().unwrap_or_default()));
                return Ok(());
            }
            _ => err(&format!("{}\n", said["message"].as_str().unwrap_or_default())),
        }
    }
}
