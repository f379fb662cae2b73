//! A browser that shows a run: an `EventSource` for its events, and one for the output of each attempt. Written down
//! from the standard of server-sent events, so that it shares no mistake with our own client.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::Value as Json;
use tokio::task::JoinHandle;

use super::api::Api;

/// A browser waits for seconds before it connects again; who waits shorter sees more crashes.
const RECONNECT: Duration = Duration::from_millis(30);
const PATIENCE: Duration = Duration::from_secs(60);

/// What was on the screen.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) events: Vec<Json>,
    /// Lines by step and attempt.
    pub(crate) logs: BTreeMap<(String, u64), Vec<Json>>,
    /// How often it had to connect.
    pub(crate) connections: usize,
}

/// Looks at a run until the server says that it has ended; says yes where people are asked.
pub(crate) async fn browse(api: Api, run: String) -> Seen {
    let mut seen = Seen::default();
    let mut logs = BTreeMap::<(String, u64), JoinHandle<(Vec<Json>, usize)>>::new();
    let mut events = EventSource::new(api.clone(), format!("runs/{run}/events"));
    loop {
        let (kind, data) = events.next().await;
        if kind == "end" {
            break;
        }
        let step = data["step"].as_str().unwrap_or_default().to_owned();
        match data["event"].as_str() {
            Some("step_started") => {
                let attempt = data["attempt"].as_u64().unwrap();
                let path = format!("runs/{run}/steps/{step}/log/stream?attempt={attempt}");
                let log = tokio::spawn(read(EventSource::new(api.clone(), path)));
                assert!(logs.insert((step, attempt), log).is_none(), "an attempt starts once: {data}");
            }
            Some("approval_opened") => {
                let (api, run) = (api.clone(), run.clone());
                tokio::spawn(async move { api.approve(&run, &step).await });
            }
            _ => (),
        }
        seen.events.push(data);
    }
    seen.connections = events.connections;
    for (which, log) in logs {
        let (lines, connections) = log.await.unwrap();
        seen.connections += connections;
        seen.logs.insert(which, lines);
    }
    seen
}

async fn read(mut stream: EventSource) -> (Vec<Json>, usize) {
    let mut lines = Vec::new();
    loop {
        let (kind, mut data) = stream.next().await;
        match data["lines"].take() {
            Json::Array(more) => lines.extend(more),
            other => panic!("{kind} without lines: {other}"),
        }
        if kind == "end" {
            return (lines, stream.connections);
        }
    }
}

/// <https://html.spec.whatwg.org/multipage/server-sent-events.html>
struct EventSource {
    api: Api,
    path: String,
    last_event_id: String,
    connection: Option<reqwest::Response>,
    connections: usize,
    bytes: Vec<u8>,
    event: String,
    data: String,
    id: Option<String>,
}

impl EventSource {
    fn new(api: Api, path: String) -> Self {
        let (last_event_id, event, data) = (String::new(), String::new(), String::new());
        Self { api, path, last_event_id, connection: None, connections: 0, bytes: Vec::new(), event, data, id: None }
    }

    /// The next event that is dispatched.
    async fn next(&mut self) -> (String, Json) {
        loop {
            while let Some(end) = self.bytes.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.bytes.drain(..=end).collect();
                if let Some(event) = self.line(std::str::from_utf8(&line[..end]).unwrap()) {
                    return event;
                }
            }
            let more = match &mut self.connection {
                Some(connection) => connection.chunk().await.ok().flatten(),
                None => None,
            };
            match more {
                Some(more) => self.bytes.extend_from_slice(&more),
                None => self.connect().await,
            }
        }
    }

    fn line(&mut self, line: &str) -> Option<(String, Json)> {
        if line.is_empty() {
            if let Some(id) = self.id.take() {
                self.last_event_id = id;
            }
            let (event, data) = (std::mem::take(&mut self.event), std::mem::take(&mut self.data));
            let kind = if event.is_empty() { "message".to_owned() } else { event };
            return (!data.is_empty()).then(|| (kind, serde_json::from_str(&data).unwrap()));
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.event),
            "data" => self.data += value,
            "id" => self.id = Some(value.to_owned()),
            _ => (),
        }
        None
    }

    async fn connect(&mut self) {
        // What was not complete is as if it had never come.
        (self.bytes, self.event, self.data, self.id) = (Vec::new(), String::new(), String::new(), None);
        let began = Instant::now();
        loop {
            if self.connections > 0 {
                tokio::time::sleep(RECONNECT).await;
            }
            let url = format!("{}/api/v1/{}", self.api.url, self.path);
            let mut request = self.api.http.get(url).bearer_auth(&self.api.token).header("Accept", "text/event-stream");
            if !self.last_event_id.is_empty() {
                request = request.header("Last-Event-ID", &self.last_event_id);
            }
            self.connections += 1;
            match request.send().await {
                Ok(response) => {
                    // A browser gives up for good at any other answer.
                    assert_eq!(response.status(), 200, "{} after {:?}", self.path, self.last_event_id);
                    assert_eq!(response.headers()["content-type"], "text/event-stream");
                    self.connection = Some(response);
                    return;
                }
                Err(away) => assert!(began.elapsed() < PATIENCE, "{}: {away:?}", self.path),
            }
        }
    }
}
