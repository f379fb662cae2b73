//! A way to the tests' cluster that can be cut and mended: a control plane that is gone for a while.

use std::io;
use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Handle;
use tokio::sync::watch;

/// A wire that can be cut: what goes through it breaks, and nobody listens any more.
#[derive(Debug, Clone)]
pub struct Wire {
    address: SocketAddr,
    is_whole: watch::Sender<bool>,
}

impl Wire {
    /// To the host of a server's address; it lives in that runtime.
    pub(super) fn to(server: &str, runtime: &Handle) -> io::Result<Wire> {
        let far = server.trim_start_matches("https://").trim_end_matches('/').to_owned();
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let is_whole = watch::Sender::new(true);
        let state = is_whole.subscribe();
        runtime.spawn(async move { pass(TcpListener::from_std(listener)?, address, &far, state).await });
        Ok(Wire { address, is_whole })
    }

    /// Where its near end is. The certificate there is still the cluster's own.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whether anything comes through.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        *self.is_whole.borrow()
    }

    /// What goes through it breaks, and who comes is refused.
    pub fn cut(&self) {
        self.is_whole.send_replace(false);
    }

    /// It is as it was.
    pub fn mend(&self) {
        self.is_whole.send_replace(true);
    }
}

/// Until nobody has the wire any more.
async fn pass(first: TcpListener, address: SocketAddr, far: &str, mut state: watch::Receiver<bool>) -> io::Result<()> {
    let mut listener = Some(first);
    loop {
        let Some(open) = &listener else {
            state.wait_for(|is_whole| *is_whole).await.map_err(io::Error::other)?;
            listener = Some(TcpListener::bind(address).await?);
            continue;
        };
        tokio::select! {
            accepted = open.accept() => {
                let (mut near, far, mut state) = (accepted?.0, far.to_owned(), state.clone());
                tokio::spawn(async move {
                    let Ok(mut far) = TcpStream::connect(far).await else { return };
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                        _ = state.wait_for(|is_whole| !is_whole) => {}
                    }
                });
            }
            cut = async { state.wait_for(|is_whole| !is_whole).await.map(drop) } => {
                cut.map_err(io::Error::other)?;
                listener = None;
            }
        }
    }
}
