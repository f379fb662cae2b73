//! The smallest client that can prepare a test: one connection for each request.

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::kubeconfig::Access;

#[derive(Clone)]
pub(super) struct Client {
    access: Arc<Access>,
    tls: Arc<ClientConfig>,
    /// `127.0.0.1:6443`
    authority: String,
}

fn said(why: impl std::fmt::Display) -> String {
    why.to_string()
}

impl Client {
    pub(super) fn new(access: Access) -> Result<Client, String> {
        let mut roots = RootCertStore::empty();
        for root in CertificateDer::pem_slice_iter(access.ca.as_bytes()) {
            roots.add(root.map_err(said)?).map_err(said)?;
        }
        let builder = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(said)?
            .with_root_certificates(roots);
        let tls = match &access.certificate {
            Some((certificate, key)) => {
                let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(certificate.as_bytes()).collect();
                let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(said)?;
                builder.with_client_auth_cert(chain.map_err(said)?, key).map_err(said)?
            }
            None => builder.with_no_client_auth(),
        };
        let rest = access.server.strip_prefix("https://").ok_or("the server is not https://")?;
        let host = rest.split('/').next().unwrap_or(rest);
        let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
        let authority = if has_port { host.to_owned() } else { format!("{host}:443") };
        Ok(Client { access: Arc::new(access), tls: Arc::new(tls), authority })
    }

    pub(super) fn access(&self) -> &Access {
        &self.access
    }

    pub(super) async fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Result<(u16, Value), String> {
        let answer = self.send(method, path, body).await?;
        let code = answer.status().as_u16();
        let read = answer.into_body().collect().await.map_err(said)?.to_bytes();
        let text = || Value::String(String::from_utf8_lossy(&read).into_owned());
        Ok((code, serde_json::from_slice(&read).unwrap_or_else(|_| text())))
    }

    /// The first line of an answer that does not end.
    pub(super) async fn first_line(&self, path: &str) -> Result<String, String> {
        let mut body = self.send("GET", path, None).await?.into_body();
        let mut read = Vec::new();
        while !read.contains(&b'\n')
            && let Some(frame) = body.frame().await
        {
            read.extend_from_slice(frame.map_err(said)?.data_ref().unwrap_or(&Bytes::new()));
        }
        Ok(String::from_utf8_lossy(&read).lines().next().unwrap_or_default().to_owned())
    }

    async fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Response<Incoming>, String> {
        let tcp = TcpStream::connect(&self.authority).await.map_err(said)?;
        let host = self.authority.rsplit_once(':').map_or("", |(host, _)| host).trim_matches(['[', ']']).to_owned();
        let name = ServerName::try_from(host).map_err(said)?;
        let stream = TlsConnector::from(self.tls.clone()).connect(name, tcp).await.map_err(said)?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(said)?;
        tokio::spawn(connection);
        let mut request = Request::builder().method(method).uri(path).header("host", &self.authority);
        if let Some(token) = &self.access.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = Full::new(Bytes::from(body.map(Value::to_string).unwrap_or_default()));
        sender.send_request(request.body(body).map_err(said)?).await.map_err(said)
    }
}
