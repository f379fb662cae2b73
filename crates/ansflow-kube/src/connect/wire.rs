//! A connection to a cluster: resolved and checked, through a proxy where there is one, in TLS where that is asked for.

use super::cause::{Trouble, Why, of_io};
use super::guard::Guard;
use super::tls::Tls;
use crate::access::Secret;
use futures_util::future::BoxFuture;
use hyper::Uri;
use hyper::http::HeaderValue;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tower::Service;

/// How long connecting may take, all of it.
const CONNECTING: Duration = Duration::from_secs(5);

/// How long one of several addresses may take.
const ONE_OF_MANY: Duration = Duration::from_secs(2);

/// Makes connections. The URI says where, and nobody else does.
#[derive(Clone)]
pub(super) struct Connector {
    pub(super) guard: Guard,
    pub(super) tls: Tls,
    pub(super) proxy: Option<Proxy>,
}

/// What stands between.
#[derive(Clone)]
pub(super) struct Proxy {
    uri: Uri,
    is_socks: bool,
    user: Option<(String, Secret)>,
}

/// A stream of bytes, whatever it is made of.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A connection, as hyper takes it.
pub(super) struct Wire(TokioIo<Box<dyn Stream>>);

impl Proxy {
    /// From `http://user:password@host:port` or `socks5://…`.
    pub(super) fn new(url: &str) -> Result<Proxy, Why> {
        let unknown = || Why::Proxy("its address is none; write `http://host:port` or `socks5://host:port`".to_owned());
        let uri: Uri = url.parse().map_err(|_| unknown())?;
        let is_socks = match uri.scheme_str() {
            Some("http") => false,
            Some("socks5" | "socks5h") => true,
            Some(other) => {
                return Err(Why::Proxy(format!("`{other}://` is not spoken; use an http:// or socks5:// proxy")));
            }
            None => return Err(unknown()),
        };
        let authority = uri.authority().ok_or_else(unknown)?.as_str();
        let user = authority.rsplit_once('@').map(|(user_info, _)| {
            let (user, password) = user_info.split_once(':').unwrap_or((user_info, ""));
            (decoded(user), Secret::new(decoded(password)))
        });
        let port = uri.port_u16().unwrap_or(if is_socks { 1080 } else { 80 });
        let host = uri.host().ok_or_else(unknown)?;
        let bare = format!("http://{host}:{port}").parse().map_err(|_| unknown())?;
        Ok(Proxy { uri: bare, is_socks, user })
    }
}

/// `%40` is `@`.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = (first == b'%').then(|| after.get(..2)).flatten();
        let byte = hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        bytes.push(byte.unwrap_or(first));
        rest = if byte.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

impl Connector {
    async fn connect(self, uri: Uri) -> Result<Wire, Trouble> {
        let host = uri.host().unwrap_or_default().to_owned();
        let is_tls = uri.scheme_str() == Some("https");
        let at = format!("{host}:{}", port(&uri));
        let opened = tokio::time::timeout(CONNECTING, async {
            let stream = self.open(&uri, &at).await?;
            let stream: Box<dyn Stream> = match is_tls {
                true => Box::new(self.tls.shake(&at, &host, stream).await?),
                false => stream,
            };
            Ok(Wire(TokioIo::new(stream)))
        });
        let late = Why::TimedOut { doing: "connecting", seconds: CONNECTING.as_secs() };
        opened.await.unwrap_or_else(|_| Err(Trouble::new(&at, late)))
    }

    async fn open(&self, uri: &Uri, at: &str) -> Result<Box<dyn Stream>, Trouble> {
        let guard = self.guard.clone();
        let Some(proxy) = &self.proxy else {
            return Ok(Box::new(dial(&guard, uri.clone()).await?.into_inner()));
        };
        // A name is the proxy's to resolve; an address is what it is.
        if uri.host().is_some_and(|host| host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok()) {
            guard.addresses(uri.host().unwrap_or_default(), port(uri)).await?;
        }
        let dial = tower::service_fn(move |uri: Uri| {
            let guard = guard.clone();
            async move { dial(&guard, uri).await }
        });
        let failed = |error: &(dyn std::error::Error + 'static)| {
            let trouble = Trouble::of(at, error);
            Trouble::new(at, Why::Proxy(trouble.to_string()))
        };
        let stream = if proxy.is_socks {
            let mut socks = SocksV5::new(proxy.uri.clone(), dial);
            if let Some((user, password)) = &proxy.user {
                socks = socks.with_auth(user.clone(), password.to_string());
            }
            socks.call(uri.clone()).await.map_err(|error| failed(&error))?
        } else {
            let mut tunnel = Tunnel::new(proxy.uri.clone(), dial);
            if let Some(value) = proxy.user.as_ref().and_then(|(user, password)| basic(user, password)) {
                tunnel = tunnel.with_auth(value);
            }
            tunnel.call(uri.clone()).await.map_err(|error| failed(&error))?
        };
        Ok(Box::new(stream.into_inner()))
    }
}

fn basic(user: &str, password: &str) -> Option<HeaderValue> {
    let both = crate::access::base64_of(&format!("{user}:{password}"));
    HeaderValue::from_str(&format!("Basic {}", both.as_str())).ok()
}

fn port(uri: &Uri) -> u16 {
    uri.port_u16().unwrap_or(if uri.scheme_str() == Some("http") { 80 } else { 443 })
}

/// A connection to the first address that answers.
async fn dial(guard: &Guard, uri: Uri) -> Result<TokioIo<TcpStream>, Trouble> {
    let host = uri.host().unwrap_or_default();
    let at = format!("{host}:{}", port(&uri));
    let addresses = guard.addresses(host, port(&uri)).await?;
    let limit = if addresses.len() > 1 { ONE_OF_MANY } else { CONNECTING };
    let mut last = Trouble::new(&at, Why::Dns(host.to_owned()));
    for address in addresses {
        match tokio::time::timeout(limit, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                // Small requests are not to wait for each other; a refusal costs only time.
                let _quick = stream.set_nodelay(true);
                return Ok(TokioIo::new(stream));
            }
            Ok(Err(error)) => last = Trouble::new(&at, of_io(&address.to_string(), &error)),
            Err(_) => {
                last = Trouble::new(&at, Why::TimedOut { doing: "connecting", seconds: limit.as_secs() });
            }
        }
    }
    Err(last)
}

impl Service<Uri> for Connector {
    type Response = Wire;
    type Error = Trouble;
    type Future = BoxFuture<'static, Result<Wire, Trouble>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Trouble>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        Box::pin(self.clone().connect(uri))
    }
}

impl Connection for Wire {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl Read for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, into)
    }
}

impl Write for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}
