//! What the demo shows: an administrator, sample pipelines, and one of them run. Done through the server's own API, as a
//! person would.

use std::path::Path;

use anyhow::{Context, Result};
use reqwest::Method;
use reqwest::header::{COOKIE, ORIGIN, SET_COOKIE};
use serde_json::{Value as Json, json};

use crate::client::config::Remote;
use crate::client::follow::{Follow, News};
use crate::client::{Client, encode};
use crate::simulated::NAME;

/// The name of the demo's administrator.
pub(super) const USER: &str = "admin";

/// Sample pipelines; the first is run.
const SAMPLES: [&str; 7] = [
    include_str!("tea-house.yml"),
    include_str!("release.yml"),
    include_str!("nightly.yml"),
    include_str!("flaky.yml"),
    include_str!("log.yml"),
    include_str!("web-shop.yml"),
    include_str!("simulated.yml"),
];

/// Stands in the samples for the kubeconfig of the demo's simulated cluster.
const KUBECONFIG: &str = "@KUBECONFIG@";

/// Sets a fresh server up and runs the first sample to its end: its status.
pub(super) async fn furnish(server: &str, code: &str, password: &str, kubeconfig: &Path) -> Result<String> {
    let anonymous = Client::at(Remote { server: server.to_owned(), token: None })?;
    let body = json!({ "code": code, "name": USER, "password": password });
    let request = anonymous.request(Method::POST, "auth/setup").header(ORIGIN, server).json(&body);
    let signed_in = anonymous.send(request).await.context("failed to set up the demo's administrator")?;
    let cookies = signed_in.headers().get_all(SET_COOKIE).iter();
    let cookies: Vec<&str> = cookies.filter_map(|cookie| cookie.to_str().ok()?.split(';').next()).collect();
    let asked = json!({ "name": "demo", "expires_in_days": 1, "read_only": false });
    let request = anonymous.request(Method::POST, "tokens").header(COOKIE, cookies.join("; ")).header(ORIGIN, server);
    let made: Json = anonymous.send(request.json(&asked)).await?.json().await?;
    let token = made["token"].as_str().map(str::to_owned);

    let client = Client::at(Remote { server: server.to_owned(), token })?;
    register(&client, kubeconfig).await.context("failed to register the demo's simulated cluster")?;
    let mut first = None;
    for text in SAMPLES {
        let text = text.replace(KUBECONFIG, &kubeconfig.to_string_lossy());
        let made = client.post("pipelines", &json!({ "text": text, "note": "sample" })).await;
        let made = made.context("failed to store a sample pipeline")?;
        let _ = first.get_or_insert(made);
    }
    let id = first.as_ref().and_then(|made| made["id"].as_str()).unwrap_or_default();
    let run = client.post(&format!("pipelines/{}/run", encode(id)), &json!({})).await?;
    let status = status(&client, run["id"].as_str().unwrap_or_default()).await?;
    client.delete(&format!("tokens/{}", encode(made["view"]["id"].as_str().unwrap_or_default()))).await?;
    Ok(status)
}

/// Makes the simulated cluster one of the server's, and has it looked at, so that it says itself that it is simulated.
async fn register(client: &Client, kubeconfig: &Path) -> Result<()> {
    let text = std::fs::read_to_string(kubeconfig)?;
    let credential = json!({ "method": "kubeconfig", "text": text, "context": null });
    let body = json!({ "name": NAME, "description": "nothing in it is real", "kind": "k8s", "credential": credential,
        "verify_tls": true });
    let made = client.post("kubernetes/clusters", &body).await?;
    let id = encode(made["id"].as_str().unwrap_or_default());
    let checked = client.post(&format!("kubernetes/clusters/{id}/check-connection"), &json!({})).await?;
    anyhow::ensure!(checked["valid"] == true, "{}", checked["message"].as_str().unwrap_or_default());
    Ok(())
}

async fn status(client: &Client, run: &str) -> Result<String> {
    let mut follow = Follow::new(client, run);
    let mut status = "unknown".to_owned();
    while let Some(news) = follow.next().await? {
        if let News::Event(event) = news
            && event["event"] == "run_finished"
        {
            event["status"].as_str().unwrap_or_default().clone_into(&mut status);
        }
    }
    Ok(status)
}
