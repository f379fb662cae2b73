//! `ansflow healthcheck`: whether the server of this machine is ready, for container engines. Plain HTTP/1.1 and no
//! more, because it is started every few seconds.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use anyhow::{Context, Result};

use crate::exit::{Exit, Refused};

const PATIENCE: Duration = Duration::from_secs(3);

pub(super) fn healthcheck(listen: &str) -> Result<Exit> {
    let wrong = || Refused::invalid(format!("`{listen}` is no address")).help("write HOST:PORT");
    let found = listen.to_socket_addrs().ok().and_then(|mut found| found.next());
    let mut address: SocketAddr = found.ok_or_else(wrong)?;
    if address.ip().is_unspecified() {
        // It listens everywhere, here too.
        address.set_ip(if address.is_ipv4() { [127, 0, 0, 1].into() } else { std::net::Ipv6Addr::LOCALHOST.into() });
    }
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE).with_context(|| format!("{address} is closed"))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.take(4_096).read_to_string(&mut answer).context("the server did not answer in time")?;
    let status = answer.split_whitespace().nth(1).unwrap_or_default();
    if status == "200" {
        return Ok(Exit::Success);
    }
    Err(Refused::invalid(format!("the server is not ready: {status}")).exit(Exit::Failed).into())
}
