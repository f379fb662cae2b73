//! `ansflow login`, `logout`, `whoami`.

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use anyhow::{Context, Result};
use reqwest::Method;
use reqwest::header::{COOKIE, ORIGIN, SET_COOKIE};
use serde_json::json;

use crate::cli::Output;
use crate::cli::remote::{LoginArgs, RemoteArgs};
use crate::client::Client;
use crate::client::config::{Config, Remote, address};
use crate::exit::{Exit, Refused};
use crate::terminal::{err, out};

/// Signs in with a name and a password, and keeps an API token in their place; with `--token`, keeps that one.
pub(super) async fn login(args: &LoginArgs, remote: &RemoteArgs) -> Result<Exit> {
    let config = Config::read()?;
    let server = match remote.server.as_deref().or(config.server.as_deref()) {
        Some(server) => address(server)?,
        None => address(&ask("server")?)?,
    };
    if server.starts_with("http://") && !is_loopback(&server) {
        err(&format!("warning: {server} is not encrypted; your password and token can be read on the way\n"));
    }
    let token = match remote.token()? {
        Some(token) => token,
        None => new_token(args, &server).await?,
    };
    let client = Client::at(Remote { server: server.clone(), token: Some(token.clone()) })?;
    let me = client.get("auth/me").await?;
    Config { server: Some(server.clone()), token: Some(token) }.write()?;
    out(&format!("signed in to {server} as {}\n", me["name"].as_str().unwrap_or_default()))?;
    Ok(Exit::Success)
}

async fn new_token(args: &LoginArgs, server: &str) -> Result<String> {
    let name = args.user.clone().map_or_else(|| ask("user"), Ok)?;
    let password = password(args)?;
    let client = Client::at(Remote { server: server.to_owned(), token: None })?;
    let body = json!({ "name": name, "password": password });
    let signed_in = client.send(client.request(Method::POST, "auth/login").header(ORIGIN, server).json(&body)).await?;
    let cookies = signed_in.headers().get_all(SET_COOKIE).iter();
    let cookies: Vec<&str> = cookies.filter_map(|cookie| cookie.to_str().ok()?.split(';').next()).collect();
    let cookies = cookies.join("; ");
    let own = |method, path: &str| client.request(method, path).header(COOKIE, &cookies).header(ORIGIN, server);
    let asked = json!({ "name": token_name(), "expires_in_days": args.days, "read_only": false });
    let made = client.send(own(Method::POST, "tokens").json(&asked)).await?;
    let made: serde_json::Value = made.json().await.context("the server's answer is no JSON")?;
    // The session was only for this. That it could not be ended is no reason to have no token.
    let _ = client.send(own(Method::POST, "auth/logout")).await;
    made["token"].as_str().map(str::to_owned).context("the server's answer holds no token")
}

/// Forgets the token, and has the server forget it.
pub(super) async fn logout(remote: &RemoteArgs) -> Result<Exit> {
    let config = Config::read()?;
    let Some(server) = config.server.clone() else {
        out("nobody was signed in\n")?;
        return Ok(Exit::Success);
    };
    if config.token.is_some() && remote.server.as_deref().is_none_or(|named| named == server) {
        let client = Client::at(Remote { server: server.clone(), token: config.token.clone() })?;
        if let Err(problem) = revoke(&client, config.token.as_deref().unwrap_or_default()).await {
            err(&format!("warning: the token could not be revoked on the server: {problem}\n"));
        }
    }
    Config { server: Some(server.clone()), token: None }.write()?;
    out(&format!("signed out of {server}\n"))?;
    Ok(Exit::Success)
}

async fn revoke(client: &Client, token: &str) -> Result<()> {
    let tokens = client.list("tokens", usize::MAX).await?;
    let ours = tokens.iter().find(|view| {
        let hint = view["hint"].as_str().unwrap_or_default();
        view["name"] == token_name() && !hint.is_empty() && token.starts_with(hint)
    });
    match ours.and_then(|view| view["id"].as_str()) {
        Some(id) => client.delete(&format!("tokens/{id}")).await,
        None => Ok(()),
    }
}

/// Says who we are.
pub(super) async fn whoami(remote: &RemoteArgs, output: Output) -> Result<Exit> {
    let client = Client::of(remote)?;
    let mut me = client.get("auth/me").await?;
    match output {
        Output::Table => {
            let name = me["name"].as_str().unwrap_or_default();
            let role = me["role"].as_str().unwrap_or_default();
            let only = if me["read_only"] == true { ", with a token that may only read" } else { "" };
            out(&format!("{name} ({role}) on {}{only}\n", client.address()))?;
        }
        Output::Json | Output::Yaml => {
            me["server"] = client.address().into();
            super::print_data(output, &me)?;
        }
    }
    Ok(Exit::Success)
}

fn password(args: &LoginArgs) -> Result<String> {
    if args.password_stdin {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).context("failed to read the password")?;
        return Ok(line.trim_end_matches(['\r', '\n']).to_owned());
    }
    if !std::io::stdin().is_terminal() {
        return Err(Refused::invalid("there is no terminal to ask for the password")
            .help("use --password-stdin, or --token with an API token")
            .into());
    }
    rpassword::prompt_password("password: ").context("failed to read the password")
}

fn ask(what: &str) -> Result<String> {
    if !std::io::stdin().is_terminal() {
        return Err(Refused::invalid(format!("no {what} is named")).help(format!("give it with --{what}")).into());
    }
    let mut stderr = std::io::stderr();
    write!(stderr, "{what}: ").and_then(|()| stderr.flush()).context("failed to ask")?;
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("failed to read the answer")?;
    Ok(line.trim().to_owned())
}

fn token_name() -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    format!("command line on {}", host.trim())
}

fn is_loopback(server: &str) -> bool {
    let host = reqwest::Url::parse(server).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    matches!(host.as_str(), "localhost" | "[::1]") || host.starts_with("127.")
}
