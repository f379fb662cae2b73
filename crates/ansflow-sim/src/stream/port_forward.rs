//! `pods/portforward`: connections to the ports of a pod, as SPDY streams (kubectl) or as channels (Python, kube-rs).

use std::collections::BTreeMap;

use super::Socket;
use super::responder::Responder;
use super::spdy::{Event, Session};
use crate::object::Str;
use crate::sim::Sim;

/// Whose ports; of the channels' protocol also which.
pub(crate) struct Plan {
    pub(super) pod: Str,
    pub(super) ports: Vec<u16>,
}

/// What is at the other end of a connection.
trait Far {
    /// Why nobody takes the connection.
    fn refusal(&self, port: u16) -> Option<String>;
    fn page(&self, port: u16, path: &str) -> Option<(u16, Vec<u8>)>;
}

struct Pod<'a> {
    sim: &'a Sim,
    uid: Str,
}

impl Far for Pod<'_> {
    fn refusal(&self, port: u16) -> Option<String> {
        let uid = &self.uid;
        let nobody = !self.sim.containers().of(uid).iter().any(|container| container.listens(port));
        nobody.then(|| {
            format!(
                "error forwarding port {port} to pod {uid}, uid : failed to execute portforward in network namespace \
                 \"{uid}\": failed to connect to localhost:{port} inside namespace \"{uid}\", IPv4: dial tcp4 127.0.0.1:{port}: \
                 connect: connection refused IPv6 dial tcp6 [::1]:{port}: connect: connection refused "
            )
        })
    }

    fn page(&self, port: u16, path: &str) -> Option<(u16, Vec<u8>)> {
        let containers = self.sim.containers().of(&self.uid);
        containers.iter().find(|container| container.listens(port))?.page(path, self.sim.now_micros())
    }
}

/// The two streams of one connection, as they are opened.
#[derive(Default)]
struct Pair {
    error: Option<u32>,
    data: Option<u32>,
}

struct Connection {
    error: u32,
    port: u16,
    responder: Responder,
}

/// The connections of one SPDY session.
#[derive(Default)]
struct Connections {
    pairs: BTreeMap<String, Pair>,
    /// By the data stream.
    open: BTreeMap<u32, Connection>,
}

impl Connections {
    fn handle(&mut self, event: Event, session: &mut Session, far: &dyn Far) {
        match event {
            Event::Opened { id, headers } => self.opened(id, &headers, session, far),
            Event::Data { id, bytes } => {
                let Some(connection) = self.open.get_mut(&id) else { return };
                let port = connection.port;
                let answer = connection.responder.receive(&bytes, |path| far.page(port, path));
                session.send(id, &answer);
                if connection.responder.is_closed() {
                    self.close(id, session);
                }
            }
            Event::Finished { id } => self.close(id, session),
            Event::Reset { id } => {
                let of = self.open.iter().find(|(data, connection)| **data == id || connection.error == id);
                if let Some(data) = of.map(|(data, _)| *data) {
                    self.close(data, session);
                }
            }
            Event::Leaving => {}
        }
    }

    fn opened(&mut self, id: u32, headers: &[(String, String)], session: &mut Session, far: &dyn Far) {
        let header = |name: &str| headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let port = header("port").and_then(|port| port.parse::<u16>().ok()).filter(|port| *port > 0);
        let kind = header("streamtype").filter(|kind| matches!(*kind, "error" | "data"));
        let (Some(port), Some(kind)) = (port, kind) else { return session.reset(id) };
        // Old clients number nothing: the error stream comes first, the data stream is the next.
        let implied = if kind == "error" { id } else { id.saturating_sub(2) };
        let request = header("requestid").map_or_else(|| implied.to_string(), str::to_owned);
        let pair = self.pairs.entry(request.clone()).or_default();
        match kind {
            "error" => pair.error = Some(id),
            _ => pair.data = Some(id),
        }
        let (Some(error), Some(data)) = (pair.error, pair.data) else { return };
        self.pairs.remove(&request);
        match far.refusal(port) {
            Some(why) => {
                session.send(error, why.as_bytes());
                session.finish(error);
                session.finish(data);
            }
            None => {
                self.open.insert(data, Connection { error, port, responder: Responder::default() });
            }
        }
    }

    /// The other end hangs up.
    fn close(&mut self, data: u32, session: &mut Session) {
        if let Some(connection) = self.open.remove(&data) {
            session.finish(data);
            session.finish(connection.error);
        }
    }
}

/// SPDY frames in messages of any size.
pub(super) async fn run(sim: &Sim, plan: Plan, mut socket: Socket) {
    let far = Pod { sim, uid: plan.pod };
    let (mut session, mut connections) = (Session::new(), Connections::default());
    let mut stopping = sim.stopping();
    loop {
        let message = tokio::select! {
            message = socket.receive() => message,
            () = crate::http::over(&mut stopping) => None,
        };
        let Some(message) = message else { return };
        let Ok(events) = session.receive(&message) else { return socket.close().await };
        for event in events {
            connections.handle(event, &mut session, &far);
        }
        let out = session.take_output();
        if !out.is_empty() && !socket.send(out).await {
            return;
        }
    }
}

/// Two channels a port: data, and what went wrong. The first message of each names the port.
pub(super) async fn run_channels(sim: &Sim, plan: Plan, mut socket: Socket) {
    let far = Pod { sim, uid: plan.pod };
    let channel = |index: usize, error: bool| u8::try_from(index * 2 + usize::from(error)).unwrap_or(u8::MAX);
    for (index, port) in plan.ports.iter().enumerate() {
        let [low, high] = port.to_le_bytes();
        for error in [false, true] {
            if !socket.send(vec![channel(index, error), low, high]).await {
                return;
            }
        }
    }
    // All are connected at once; who is refused is over already.
    let mut responders: Vec<Option<Responder>> = Vec::new();
    for (index, port) in plan.ports.iter().enumerate() {
        let refusal = far.refusal(*port);
        responders.push(refusal.is_none().then(Responder::default));
        if let Some(why) = refusal
            && !socket.send([&[channel(index, true)], why.as_bytes()].concat()).await
        {
            return;
        }
    }
    let mut stopping = sim.stopping();
    // A channel cannot be closed alone: the connection is, when all of them are done.
    while responders.iter().flatten().any(|responder| !responder.is_closed()) {
        let message = tokio::select! {
            message = socket.receive() => message,
            () = crate::http::over(&mut stopping) => None,
        };
        let Some(message) = message else { return };
        let Some((first, bytes)) = message.split_first() else { continue };
        let index = usize::from(*first / 2);
        let (Some(port), Some(Some(responder))) = (plan.ports.get(index), responders.get_mut(index)) else { continue };
        let answer = responder.receive(bytes, |path| far.page(*port, path));
        if !answer.is_empty() && !socket.send([&[channel(index, false)], answer.as_slice()].concat()).await {
            return;
        }
    }
    socket.close().await;
}

#[cfg(test)]
mod tests;
