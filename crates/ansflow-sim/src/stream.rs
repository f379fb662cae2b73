//! What goes on: logs that are followed, commands and ports of containers. Here it is decided whether and with which
//! container; the sockets are `http/upgrade.rs`'s, the conversations are in the files below.

mod attach;
mod channels;
mod exec;
mod log;
mod port_forward;
mod responder;
mod socket;
mod spdy;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;

use crate::api::{Answer, Call, Reply};
use crate::containers::{Container, Log};
use crate::object::{Object, ObjectExt, Str};
use crate::sim::Sim;
use crate::status::Status;
use crate::store::Key;
use crate::time::Micros;

pub(crate) use self::channels::choose;
pub(crate) use self::socket::Socket;

/// A log that is read, and then followed where that is asked for.
pub(crate) struct Logs {
    pub(crate) log: Arc<Log>,
    reader: log::Reader,
}

/// A conversation over a WebSocket.
pub(crate) enum Session {
    Exec(exec::Plan),
    Attach(attach::Plan),
    Forward(port_forward::Plan),
}

/// A pod's container, by names that were checked.
struct Place {
    pod: Str,
    name: String,
    answers: Option<String>,
}

/// Answers `log`, `exec`, `attach` and `portforward` of a pod.
pub(crate) fn answer(call: &Call<'_>, sub: &str, pod: &Object) -> Result<Answer, Status> {
    let options = &call.request.options;
    let name = options.get("container").unwrap_or_default();
    match sub {
        "log" => return logs(call, pod),
        "exec" | "attach" => drop(container(pod, name)?),
        _ => {}
    }
    if pod.text("/spec/nodeName").is_empty() {
        return Err(Status::bad_request(format!("pod {} does not have a host assigned", pod.name())));
    }
    reachable(call.sim, pod)?;
    let socket = call.request.header("upgrade").is_some_and(|value| value.eq_ignore_ascii_case("websocket"));
    if !socket || call.request.header("sec-websocket-key").is_none() {
        return Err(Status::bad_request("Upgrade request required"));
    }
    let flag = |name: &str| options.flag(name);
    Ok(Answer::Upgrade(Box::new(match sub {
        "exec" => {
            let command = options.all("command");
            if command.is_empty() {
                return Err(Status::bad_request("you must specify at least 1 command for the container"));
            }
            let place = place(call.sim, pod, container(pod, name)?);
            let (stdin, stdout, stderr, tty) = (flag("stdin"), flag("stdout"), flag("stderr"), flag("tty"));
            Session::Exec(exec::Plan { place, command, stdin, stdout, stderr: stderr && !tty, tty })
        }
        "attach" => {
            let place = place(call.sim, pod, container(pod, name)?);
            let tty = flag("tty");
            let (stdin, stdout, stderr) = (flag("stdin"), flag("stdout"), flag("stderr"));
            Session::Attach(attach::Plan { place, stdin, stdout, stderr, tty })
        }
        _ => {
            let ports = options.all("ports");
            let ports = ports.iter().flat_map(|ports| ports.split(',')).filter_map(|port| port.parse().ok()).collect();
            Session::Forward(port_forward::Plan { pod: pod.uid().into(), ports })
        }
    })))
}

/// Answers to commands are the pod's own, or those of its namespace.
fn place(sim: &Sim, pod: &Object, name: String) -> Place {
    let annotation = |object: &Object| {
        let all = object.at("/metadata/annotations")?;
        Some(all.get(crate::programs::ANSWERS)?.as_str()?.to_owned())
    };
    let space = || {
        let kind = sim.kinds().find("", "v1", "namespaces")?;
        let space = sim.store().get(&Key::new(kind.id, "", pod.text("/metadata/namespace")))?;
        annotation(&space.thaw(&kind))
    };
    let answers = annotation(pod).or_else(space);
    Place { pod: pod.uid().into(), name, answers }
}

fn logs(call: &Call<'_>, pod: &Object) -> Result<Answer, Status> {
    let wanted = log::wanted(pod.name(), &call.request.options)?;
    let name = container(pod, &wanted.container)?;
    // A pod without a node has no log, and that is no error.
    if pod.text("/spec/nodeName").is_empty() {
        let headers = Vec::new();
        return Ok(Answer::Whole(Reply { code: 204, content_type: "", headers, body: Bytes::new() }));
    }
    reachable(call.sim, pod)?;
    let which = log::which(pod, &name, &wanted)?;
    let container = call.sim.containers().get(pod.uid(), &name);
    match container.as_ref().and_then(|container| container.log(which == log::Which::Previous)) {
        Some(log) => Ok(Answer::Log(Box::new(Logs { log, reader: log::Reader::new(wanted) }))),
        None => {
            let id = container.and_then(|container| container.id()).unwrap_or_default();
            let text = format!("unable to retrieve container logs for containerd://{id}");
            let reply = Reply { code: 200, content_type: "text/plain", headers: Vec::new(), body: text.into() };
            Ok(Answer::Whole(reply))
        }
    }
}

/// A node that has no address cannot be asked: it was made by hand, and nobody is there.
fn reachable(sim: &Sim, pod: &Object) -> Result<(), Status> {
    let Some(kind) = sim.kinds().find("", "v1", "nodes") else { return Ok(()) };
    let Some(node) = sim.store().get(&Key::new(kind.id, "", pod.text("/spec/nodeName"))) else { return Ok(()) };
    let node = node.thaw(&kind);
    match node.at("/status/addresses").and_then(Value::as_array) {
        Some(addresses) if !addresses.is_empty() => Ok(()),
        _ => Err(Status::new(500, "", "no preferred addresses found; known addresses: []")),
    }
}

/// The container that is meant; the only one where none is named.
fn container(pod: &Object, name: &str) -> Result<String, Status> {
    let list = |pointer: &str| pod.at(pointer).and_then(Value::as_array).cloned().unwrap_or_default();
    let names =
        |items: &[Value]| items.iter().filter_map(|item| item["name"].as_str()).map(str::to_owned).collect::<Vec<_>>();
    let main = names(&list("/spec/containers"));
    let all = [names(&list("/spec/initContainers")), main.clone(), names(&list("/spec/ephemeralContainers"))].concat();
    match (name, main.as_slice()) {
        ("", [only]) => Ok(only.clone()),
        ("", _) => {
            let (pod, all) = (pod.name(), all.join(" "));
            Err(Status::bad_request(format!(
                "a container name must be specified for pod {pod}, choose one of: [{all}]"
            )))
        }
        (name, _) if all.iter().any(|known| known == name) => Ok(name.to_owned()),
        (name, _) => Err(Status::bad_request(format!("container {name} is not valid for pod {}", pod.name()))),
    }
}

impl Logs {
    /// What is new; nothing when it is over.
    pub(crate) fn next(&mut self, now: Micros) -> Option<Vec<u8>> {
        let bytes = self.reader.read(&self.log, now);
        (!bytes.is_empty() || !self.reader.is_over(&self.log)).then_some(bytes)
    }
}

impl Session {
    /// The subprotocols that it is spoken in.
    pub(crate) fn protocols(&self) -> &'static [&'static str] {
        match self {
            Session::Exec(_) | Session::Attach(_) => &["v5.channel.k8s.io", "v4.channel.k8s.io"],
            Session::Forward(_) => &["SPDY/3.1+portforward.k8s.io", "v4.channel.k8s.io"],
        }
    }

    /// Talks until one side is done.
    pub(crate) async fn run(self, sim: Sim, protocol: &str, socket: Socket) {
        match self {
            Session::Exec(plan) => exec::run(&sim, plan, socket).await,
            Session::Attach(plan) => attach::run(&sim, plan, socket).await,
            Session::Forward(plan) if protocol.starts_with("SPDY") => port_forward::run(&sim, plan, socket).await,
            Session::Forward(plan) => port_forward::run_channels(&sim, plan, socket).await,
        }
    }
}

impl std::fmt::Debug for Logs {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Logs")
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Session::Exec(_) => "Exec",
            Session::Attach(_) => "Attach",
            Session::Forward(_) => "Forward",
        })
    }
}

impl Place {
    fn container(&self, sim: &Sim) -> Option<Arc<Container>> {
        sim.containers().get(&self.pod, &self.name)
    }
}
