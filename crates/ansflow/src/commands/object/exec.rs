//! `ansflow object exec POD -- COMMAND`: a command in a container, over the server's WebSocket.

use std::io::{Read as _, Write as _};

use anyhow::{Context as _, Result};
use base64::Engine as _;
use bytes::{BufMut as _, Bytes, BytesMut};
use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::{Method, StatusCode, Version};
use serde_json::Value as Json;
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::address;
use crate::cli::object::ExecArgs;
use crate::client::{Client, encode};
use crate::exit::{Exit, Refused};
use crate::terminal::err;

/// The exit code of the command is ours.
pub(super) async fn exec(client: &Client, args: &ExecArgs) -> Result<Exit> {
    let mut socket = open(client, args).await?;
    let mut typed = args.stdin.then(typed);
    if typed.is_none() {
        socket.send(frame(&[])).await.context("the connection broke")?;
    }
    loop {
        tokio::select! {
            message = socket.next() => match message {
                Some(Ok(Message::Binary(message))) => if let Some(exit) = told(&message)? { return Ok(exit) },
                Some(Ok(Message::Close(why))) => {
                    let why = why.map(|why| why.reason.to_string()).filter(|why| !why.is_empty());
                    let why = why.unwrap_or_else(|| "the server closed the connection".to_owned());
                    return Err(Refused::invalid(why).exit(Exit::Failed).into());
                }
                Some(Ok(Message::Text(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                Some(Err(error)) => return Err(error).context("the connection broke; whether the command ended nobody knows"),
                None => return Err(Refused::invalid("the connection ended before the command did").exit(Exit::Failed).into()),
            },
            data = async { typed.as_mut()?.recv().await }, if typed.is_some() => {
                socket.send(frame(data.as_deref().unwrap_or_default())).await.context("the connection broke")?;
                if data.is_none() {
                    typed = None;
                }
            }
        }
    }
}

/// The standard input, read on a thread that nobody waits for: a terminal's never ends by itself.
fn typed() -> mpsc::Receiver<Vec<u8>> {
    let (tell, typed) = mpsc::channel(4);
    std::thread::spawn(move || {
        let mut stdin = std::io::stdin().lock();
        let mut data = vec![0_u8; 16 * 1024];
        while let Ok(length @ 1..) = stdin.read(&mut data) {
            if tell.blocking_send(data.get(..length).unwrap_or_default().to_vec()).is_err() {
                return;
            }
        }
    });
    typed
}

/// A message: shown, or the end.
fn told(message: &[u8]) -> Result<Option<Exit>> {
    let Some((channel, data)) = message.split_first() else { return Ok(None) };
    match channel {
        1 => {
            let mut out = std::io::stdout().lock();
            out.write_all(data)?;
            out.flush()?;
        }
        2 => std::io::stderr().lock().write_all(data)?,
        3 => {
            let status: Json = serde_json::from_slice(data).unwrap_or_default();
            return match status["exit_code"].as_u64() {
                Some(code) => Ok(Some(Exit::Code(u8::try_from(code).unwrap_or(u8::MAX)))),
                None => {
                    let why = status["message"].as_str().unwrap_or("the command could not be run");
                    err(&format!("{why}\n"));
                    Ok(Some(Exit::Failed))
                }
            };
        }
        _ => {}
    }
    Ok(None)
}

async fn open(client: &Client, args: &ExecArgs) -> Result<WebSocketStream<reqwest::Upgraded>> {
    let mut path = address(&args.place, &["pods", &args.pod, "exec"]) + "&tty=false";
    if let Some(container) = &args.container {
        path += &format!("&container={}", encode(container));
    }
    for word in &args.command {
        path += &format!("&command={}", encode(word));
    }
    let mut nonce = [0_u8; 16];
    getrandom::fill(&mut nonce).map_err(|error| anyhow::anyhow!("there is no chance here: {error}"))?;
    let request = client
        .request(Method::GET, &path)
        .version(Version::HTTP_11)
        .header("connection", "Upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", base64::engine::general_purpose::STANDARD.encode(nonce));
    let response = client.send(request).await?;
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        return Err(Refused::invalid(format!("the server answered {} to a WebSocket", response.status())).into());
    }
    let upgraded = response.upgrade().await.context("the server opened no WebSocket")?;
    Ok(WebSocketStream::from_raw_socket(upgraded, Role::Client, None).await)
}

/// Standard input; nothing at all says that it has ended.
fn frame(data: &[u8]) -> Message {
    let mut message = BytesMut::with_capacity(data.len() + 1);
    message.put_u8(0);
    message.put_slice(data);
    Message::Binary(Bytes::from(message))
}
