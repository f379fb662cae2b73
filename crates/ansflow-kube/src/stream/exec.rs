//! A command in a container: the conversation over its WebSocket, both ways, kept alive.
//!
//! A ping goes out every 15 s, so that a proxy that cuts idle connections never finds this one idle. A connection that is lost
//! before the exit code came is told as that: whether the command ended nobody knows, and it is never repeated from here.

use super::channels::{self, End, Frame, PROTOCOLS};
use crate::cluster::{Cluster, Socket};
use crate::error::Error;
use crate::kind::{Kind, encoded};
use bytes::Bytes;
use futures_util::{SinkExt as _, StreamExt as _};
use std::time::Duration;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};
use tokio_tungstenite::tungstenite::Message;

/// How often the other side is asked for a sign of life. Proxies cut after 60 s, some after 30.
pub const PING: Duration = Duration::from_secs(15);

/// After so long without one, from who gave signs before, the connection is lost.
const SILENCE: Duration = Duration::from_secs(60);

/// What is to run, and where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Command {
    /// The pod's namespace.
    pub namespace: String,
    /// The pod.
    pub pod: String,
    /// Its container; none: the pod's default one.
    pub container: Option<String>,
    /// The words; no shell.
    pub command: Vec<String>,
    /// Whether something will be written to it.
    pub stdin: bool,
    /// With a terminal: both outputs are one.
    pub tty: bool,
}

/// A command that runs.
pub struct Session {
    socket: Socket,
    ping: Interval,
    /// When the other side answered a ping last, if it ever did.
    alive: Option<Instant>,
    over: bool,
}

/// What is heard of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// Standard output.
    Out(Bytes),
    /// Standard error.
    Err(Bytes),
    /// It is over.
    End(End),
    /// The connection is gone, and why; whether the command ended is not known.
    Lost(String),
}

impl Session {
    /// Starts a command.
    pub async fn open(cluster: &Cluster, command: &Command) -> Result<Session, Error> {
        let socket = cluster.upgrade(&path(command)?, &PROTOCOLS).await?;
        Ok(Session::over(socket))
    }

    fn over(socket: Socket) -> Session {
        Session { socket, ping: interval_at(Instant::now(), PING), alive: None, over: false }.pinging(PING)
    }

    /// With another pause between two signs of life.
    #[must_use]
    pub fn pinging(mut self, every: Duration) -> Session {
        self.ping = interval_at(Instant::now() + every, every);
        self.ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        self
    }

    /// What is heard next. After the end, or the loss, it is heard again. Nothing is lost when the future is dropped.
    pub async fn next(&mut self) -> Heard {
        if self.over {
            return Heard::Lost("it is over".to_owned());
        }
        loop {
            let message = tokio::select! {
                message = self.socket.stream.next() => message,
                _ = self.ping.tick() => {
                    if self.alive.is_some_and(|alive| alive.elapsed() > SILENCE) {
                        return self.lost(format!("no sign of life for {} s", SILENCE.as_secs()));
                    }
                    match self.socket.stream.send(Message::Ping(Bytes::new())).await {
                        Ok(()) => continue,
                        Err(error) => return self.lost(error.to_string()),
                    }
                }
            };
            match message {
                Some(Ok(Message::Binary(message))) => match channels::read(message) {
                    Frame::Out(out) if out.is_empty() => {}
                    Frame::Out(out) => return Heard::Out(out),
                    Frame::Err(err) if err.is_empty() => {}
                    Frame::Err(err) => return Heard::Err(err),
                    Frame::End(end) => {
                        self.over = true;
                        return Heard::End(end);
                    }
                    Frame::Other => {}
                },
                Some(Ok(Message::Pong(_))) => self.alive = Some(Instant::now()),
                Some(Ok(Message::Close(_))) | None => {
                    return self.lost("it was closed before the exit code".to_owned());
                }
                // Pings are answered by the stream itself, and no text is ever sent.
                Some(Ok(Message::Ping(_) | Message::Text(_) | Message::Frame(_))) => {}
                Some(Err(error)) => return self.lost(error.to_string()),
            }
        }
    }

    /// Writes to its standard input; an error is why nothing can be written any more.
    pub async fn write(&mut self, data: &[u8]) -> Result<(), String> {
        self.send(channels::stdin(data)).await
    }

    /// Says that nothing more will be written. False: the cluster's protocol (`v4`) cannot say it.
    pub async fn end_input(&mut self) -> Result<bool, String> {
        match channels::stdin_ended(&self.socket.protocol) {
            Some(message) => self.send(message).await.map(|()| true),
            None => Ok(false),
        }
    }

    /// The terminal has another size.
    pub async fn resize(&mut self, columns: u16, rows: u16) -> Result<(), String> {
        self.send(channels::resize(columns, rows)).await
    }

    async fn send(&mut self, message: Bytes) -> Result<(), String> {
        self.socket.stream.send(Message::Binary(message)).await.map_err(|error| error.to_string())
    }

    fn lost(&mut self, why: String) -> Heard {
        self.over = true;
        Heard::Lost(why)
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Session")
    }
}

fn path(command: &Command) -> Result<String, Error> {
    let unknown = || Error::UnknownKind { word: "Pod".to_owned(), near: None };
    let pods = Kind::builtin("", "Pod").ok_or_else(unknown)?;
    let mut path = format!("{}/exec?", pods.path_of(Some(&command.namespace), &command.pod));
    if let Some(container) = &command.container {
        path.push_str(&format!("container={}&", encoded(container)));
    }
    // With a terminal there is one output only; to ask for two is refused.
    let flags = [("stdin", command.stdin), ("stdout", true), ("stderr", !command.tty), ("tty", command.tty)];
    for (flag, _) in flags.iter().filter(|(_, is)| *is) {
        path.push_str(&format!("{flag}=true&"));
    }
    let words: Vec<String> = command.command.iter().map(|word| format!("command={}", encoded(word))).collect();
    path.push_str(&words.join("&"));
    Ok(path)
}
