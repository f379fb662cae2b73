//! Kubernetes' own test image: `netexec`, which answers HTTP and logs what it is asked, and `pause`.

use std::sync::{Arc, Mutex, MutexGuard};

use super::{Failed, Started};
use crate::lock::lock;
use crate::program::{Signal, Start, Stream};
use crate::shell::{Civil, Server};
use crate::time::Micros;

pub(crate) fn start(arguments: &[String], start: &Arc<Start>, now: Micros) -> Started {
    match arguments.first().map(String::as_str) {
        Some("pause") | None => Ok(Arc::new(Netexec::new(start, None))),
        Some("netexec") => {
            let port = |name: &str, default: u16| {
                let flag = |word: &String| word.trim_start_matches('-').strip_prefix(name).map(str::to_owned);
                let given = arguments.iter().enumerate().find_map(|(at, word)| match flag(word)?.strip_prefix('=') {
                    Some(value) => Some(value.to_owned()),
                    None => arguments.get(at + 1).cloned(),
                });
                given.and_then(|value| value.parse().ok()).unwrap_or(default)
            };
            let (http, udp) = (port("http-port", 8080), port("udp-port", 8081));
            let server = Netexec::new(start, Some(http));
            server.add(now, &format!("Started HTTP server on port {http}"));
            server.add(Micros(now.0 + 500), &format!("Started UDP server on port  {udp}"));
            Ok(Arc::new(server))
        }
        Some(other) => Err(Failed { lines: vec![format!("not simulated: agnhost {other}")], code: 127 }),
    }
}

struct Netexec {
    start: Arc<Start>,
    port: Option<u16>,
    lines: Mutex<Vec<(Stream, Micros, String)>>,
}

impl Netexec {
    fn new(start: &Arc<Start>, port: Option<u16>) -> Netexec {
        Netexec { start: Arc::clone(start), port, lines: Mutex::default() }
    }

    fn lines(&self) -> MutexGuard<'_, Vec<(Stream, Micros, String)>> {
        lock(&self.lines)
    }

    /// A line as klog writes it.
    fn add(&self, at: Micros, text: &str) {
        let c = Civil::of(at);
        let line = format!(
            "I{:02}{:02} {:02}:{:02}:{:02}.{:06}       1 log.go:244] {text}",
            c.month, c.day, c.hour, c.minute, c.second, c.micros
        );
        self.lines().push((Stream::Err, at, line));
    }
}

impl Server for Netexec {
    fn listens(&self, port: u16) -> bool {
        self.port == Some(port)
    }

    fn get(&self, path: &str, now: Micros) -> (u16, Vec<u8>) {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let body = match path {
            "/healthz" => String::new(),
            "/hostname" | "/hostName" => self.start.hostname.clone(),
            "/clientip" => "127.0.0.1:40000".to_owned(),
            "/echo" => query.strip_prefix("msg=").unwrap_or_default().to_owned(),
            _ => format!("NOW: {}", now.rfc3339()),
        };
        (200, body.into_bytes())
    }

    fn asked(&self, path: &str, now: Micros) {
        self.add(now, &format!("GET {path}"));
    }

    fn log(&self) -> Vec<(Stream, Micros, String)> {
        std::mem::take(&mut self.lines())
    }

    fn ended_by(&self, _signal: Signal) -> Option<i32> {
        Some(0)
    }
}
