//! What a container answers to a request of its node: probes and hooks.

use serde_json::Value;

use super::probes::{Answer, Asked};
use crate::containers::Container as Running;
use crate::node::pod::Container;
use crate::time::Micros;

/// Asks a container as a hook does; why that failed, where it did.
pub(super) fn request(
    get: &Value,
    running: &Running,
    container: &Container,
    address: &str,
    now: Micros,
) -> Result<(), String> {
    let port = port(&get["port"], container)?;
    let bad = |answer| match answer {
        Answer::Good => Ok(()),
        Answer::Bad(why) | Answer::Unknown(why) => Err(why),
    };
    if !running.listens(port) {
        return bad(refused(get, address, port));
    }
    match running.http(get["path"].as_str().unwrap_or("/"), now) {
        Some(200..400) => Ok(()),
        Some(code) => Err(format!("HTTP probe failed with statuscode: {code}")),
        None => Err(format!("Get \"{}\": EOF", url(get, address, port))),
    }
}

pub(super) fn http(get: &Value, asked: &Asked<'_>, at: usize) -> Answer {
    let port = match port(&get["port"], asked.pod.container(at)) {
        Ok(port) => port,
        Err(why) => return Answer::Unknown(why),
    };
    let path = get["path"].as_str().unwrap_or("/");
    if !asked.container.listens(port) {
        return refused(get, asked.address, port);
    }
    match asked.container.http(path, asked.now) {
        Some(200..400) => Answer::Good,
        Some(code) => Answer::Bad(format!("HTTP probe failed with statuscode: {code}")),
        None => Answer::Bad(format!("Get \"{}\": EOF", url(get, asked.address, port))),
    }
}

pub(super) fn tcp(socket: &Value, asked: &Asked<'_>, at: usize, grpc: bool) -> Answer {
    match port(&socket["port"], asked.pod.container(at)) {
        Err(why) => Answer::Unknown(why),
        Ok(port) if asked.container.listens(port) => Answer::Good,
        Ok(port) if grpc => Answer::Bad(format!(
            "timeout: failed to connect service \"{}:{port}\" within 1s: context deadline exceeded",
            asked.address
        )),
        Ok(port) => Answer::Bad(format!("dial tcp {0}:{port}: connect: connection refused", asked.address)),
    }
}

pub(super) fn refused(get: &Value, address: &str, port: u16) -> Answer {
    let url = url(get, address, port);
    Answer::Bad(format!("Get \"{url}\": dial tcp {address}:{port}: connect: connection refused"))
}

fn url(get: &Value, address: &str, port: u16) -> String {
    let scheme = get["scheme"].as_str().unwrap_or("HTTP").to_ascii_lowercase();
    let host = get["host"].as_str().unwrap_or(address);
    let path = get["path"].as_str().unwrap_or("/");
    format!("{scheme}://{host}:{port}/{}", path.trim_start_matches('/'))
}

/// A port by number or by name.
pub(super) fn port(port: &Value, container: &Container) -> Result<u16, String> {
    match port {
        Value::String(name) => match container.ports.iter().find(|port| port.name == *name) {
            Some(port) => Ok(port.container_port),
            None => name.parse().map_err(|_| format!("strconv.Atoi: parsing \"{name}\": invalid syntax")),
        },
        number => {
            let number = number.as_u64().and_then(|number| u16::try_from(number).ok());
            number.ok_or_else(|| "invalid port number".to_owned())
        }
    }
}
