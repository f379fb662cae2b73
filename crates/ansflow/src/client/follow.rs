//! A run on a server, followed to its end: its events, and the output of its steps in between, in an order that a
//! reader expects: all lines of an attempt come before the event that ends it.

use std::collections::{BTreeMap, VecDeque};

use anyhow::{Context, Result};
use serde_json::Value as Json;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;

use super::{Client, encode, sse};

/// So many events may wait to be looked at.
const EVENTS: usize = 64;
/// So many lines.
const LINES: usize = 1_024;

/// What followed.
#[derive(Debug, Clone)]
pub(crate) enum News {
    /// An event of the run, in the language of `ansflow run -o json`.
    Event(Json),
    /// A line of a step's output.
    Line {
        /// Whose.
        step: String,
        /// What, with `number`, `offset`, `at`, `stream` and `text`.
        line: Json,
    },
}

/// Follows a run.
pub(crate) struct Follow {
    client: Client,
    run: String,
    /// Read beside the lines, so that whoever prints without pause keeps no event from arriving.
    events: mpsc::Receiver<Result<sse::Message>>,
    reader: AbortHandle,
    /// Events that were read and wait for the lines that come before them.
    held: VecDeque<Json>,
    logs: BTreeMap<String, AbortHandle>,
    sender: mpsc::Sender<Logged>,
    lines: mpsc::Receiver<Logged>,
    ended: bool,
}

enum Logged {
    Line(String, Json),
    End(String),
    Failed(anyhow::Error),
}

impl Follow {
    /// From its first event on.
    pub(crate) fn new(client: &Client, run: &str) -> Self {
        let stream = sse::Stream::new(client, format!("runs/{}/events", encode(run)), None);
        // A reader that is slow holds up the server's sender, and nothing piles up here.
        let (tell, events) = mpsc::channel(EVENTS);
        let (sender, lines) = mpsc::channel(LINES);
        let reader = tokio::spawn(read(stream, tell)).abort_handle();
        let (client, run, logs) = (client.clone(), run.to_owned(), BTreeMap::new());
        Self { client, run, events, reader, held: VecDeque::new(), logs, sender, lines, ended: false }
    }

    /// The next thing to show; none: the run has ended and all of it was shown.
    pub(crate) async fn next(&mut self) -> Result<Option<News>> {
        loop {
            if let Some(event) = self.held.front()
                && !self.waits_for_lines(event)
            {
                let event = self.held.pop_front().unwrap_or_default();
                self.begin_log(&event);
                return Ok(Some(News::Event(event)));
            }
            if self.ended && self.held.is_empty() && self.logs.is_empty() {
                return Ok(None);
            }
            tokio::select! {
                Some(logged) = self.lines.recv() => match logged {
                    Logged::Line(step, line) => return Ok(Some(News::Line { step, line })),
                    Logged::End(step) => drop(self.logs.remove(&step)),
                    Logged::Failed(error) => return Err(error),
                },
                Some(message) = self.events.recv(), if !self.ended => {
                    let message = message?;
                    if message.event == "end" {
                        self.ended = true;
                    } else {
                        let event = serde_json::from_str(&message.data).context("an event of the run is no JSON")?;
                        self.held.push_back(event);
                    }
                }
            }
        }
    }

    /// Whether lines of its step are still on the way.
    fn waits_for_lines(&self, event: &Json) -> bool {
        let ends = matches!(event["event"].as_str(), Some("step_finished" | "retry_scheduled" | "step_started"));
        match event["event"].as_str() {
            Some("run_finished") => !self.logs.is_empty(),
            _ => ends && event["step"].as_str().is_some_and(|step| self.logs.contains_key(step)),
        }
    }

    fn begin_log(&mut self, event: &Json) {
        let (Some("step_started"), Some(step)) = (event["event"].as_str(), event["step"].as_str()) else { return };
        let path = format!("runs/{}/steps/{}/log/stream?attempt={}", encode(&self.run), encode(step), event["attempt"]);
        let stream = sse::Stream::new(&self.client, path, None);
        let task = tokio::spawn(log(stream, step.to_owned(), self.sender.clone()));
        self.logs.insert(step.to_owned(), task.abort_handle());
    }
}

impl Drop for Follow {
    fn drop(&mut self) {
        self.reader.abort();
        self.logs.values().for_each(AbortHandle::abort);
    }
}

/// Passes on what the stream says, up to its end.
async fn read(mut stream: sse::Stream, to: mpsc::Sender<Result<sse::Message>>) {
    loop {
        let message = stream.next().await;
        let is_last = message.as_ref().map_or(true, |message| message.event == "end");
        // Nobody listens any more: whoever followed has gone.
        if to.send(message).await.is_err() || is_last {
            return;
        }
    }
}

async fn log(mut stream: sse::Stream, step: String, to: mpsc::Sender<Logged>) {
    loop {
        let message = match stream.next().await {
            Ok(message) => message,
            Err(error) => return drop(to.send(Logged::Failed(error)).await),
        };
        let mut chunk: Json = serde_json::from_str(&message.data).unwrap_or_default();
        if let Json::Array(lines) = chunk["lines"].take() {
            for line in lines {
                if to.send(Logged::Line(step.clone(), line)).await.is_err() {
                    return;
                }
            }
        }
        if message.event == "end" {
            return drop(to.send(Logged::End(step)).await);
        }
    }
}
