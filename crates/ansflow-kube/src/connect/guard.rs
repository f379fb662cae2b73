//! Where a cluster's settings cannot lead us. The connector resolves names itself and checks every address that it
//! connects to: a name that says one thing now and another a moment later gains nothing.

use super::cause::{Trouble, Why};
use ansflow_core::net::forbidden;
use futures_util::future::BoxFuture;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// Resolves a name; the port is given and stays.
pub type Lookup = Arc<dyn Fn(String, u16) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> + Send + Sync>;

/// Lets through where clusters may be.
#[derive(Clone)]
pub(super) struct Guard {
    pub(super) allow_loopback: bool,
    pub(super) lookup: Option<Lookup>,
}

impl Guard {
    /// The addresses of a host, a name or an address itself; every one of them may be asked.
    pub(super) async fn addresses(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, Trouble> {
        let at = format!("{host}:{port}");
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let found = match bare.parse::<IpAddr>() {
            Ok(address) => vec![SocketAddr::new(address, port)],
            Err(_) => {
                let found = match &self.lookup {
                    Some(lookup) => lookup(bare.to_owned(), port).await,
                    None => tokio::net::lookup_host((bare, port)).await.map(Iterator::collect),
                };
                found.map_err(|_| Trouble::new(&at, Why::Dns(bare.to_owned())))?
            }
        };
        // One bad address among good ones is no accident.
        for address in &found {
            if let Some(why) = forbidden(address.ip(), self.allow_loopback) {
                let leads =
                    if address.ip().to_string() == bare { String::new() } else { format!("`{bare}` leads to ") };
                return Err(Trouble::new(&at, Why::Guard(format!("{leads}{}, which {why}", address.ip()))));
            }
        }
        match found.is_empty() {
            true => Err(Trouble::new(&at, Why::Dns(bare.to_owned()))),
            false => Ok(found),
        }
    }
}
