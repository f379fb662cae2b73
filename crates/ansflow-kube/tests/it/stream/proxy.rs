//! A proxy between us and the cluster, as impatient as those of clouds are: it cuts what is idle, or all at once.

use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

pub(super) struct Proxy {
    pub(super) port: u16,
    cut: Arc<Notify>,
}

impl Proxy {
    /// In front of `https://HOST:PORT`; cuts connections on which nothing came for so long.
    pub(super) async fn before(server: &str, idle: Duration) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, cut) = (listener.local_addr().unwrap().port(), Arc::new(Notify::new()));
        let far = server.trim_start_matches("https://").trim_end_matches('/').to_owned();
        let all = cut.clone();
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let (far, cut) = (TcpStream::connect(far.clone()).await.unwrap(), all.clone());
                tokio::spawn(async move {
                    tokio::select! {
                        () = pass(near, far, idle) => {}
                        () = cut.notified() => {}
                    }
                });
            }
        });
        Proxy { port, cut }
    }

    /// Cuts everything that is open.
    pub(super) fn cut(&self) {
        self.cut.notify_waiters();
    }
}

async fn pass(mut near: TcpStream, mut far: TcpStream, idle: Duration) {
    let (mut one, mut other) = (vec![0; 16 * 1024], vec![0; 16 * 1024]);
    loop {
        let passed = tokio::select! {
            read = near.read(&mut one) => match read {
                Ok(0) | Err(_) => return,
                Ok(count) => far.write_all(&one[..count]).await,
            },
            read = far.read(&mut other) => match read {
                Ok(0) | Err(_) => return,
                Ok(count) => near.write_all(&other[..count]).await,
            },
            () = tokio::time::sleep(idle) => return,
        };
        if passed.is_err() {
            return;
        }
    }
}
