//! What every request goes through: the cluster's address before its path, who we are in its headers.

use super::cause::{Trouble, Why};
use super::token::Tokens;
use super::wire::Connector;
use crate::access::{Access, ActsAs};
use futures_util::future::BoxFuture;
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use hyper::{Request, Response, StatusCode, Uri};
use hyper_util::client::legacy::Client;
use kube::client::Body;
use std::sync::Arc;
use std::task::{Context, Poll};
use tower::{BoxError, Service};

/// The door to one cluster.
#[derive(Clone)]
pub(super) struct Door {
    client: Client<Connector, Body>,
    base: Arc<Base>,
    tokens: Arc<Tokens>,
    headers: Arc<HeaderMap>,
}

/// `https://host:port` and the path before every path.
pub(super) struct Base {
    scheme: hyper::http::uri::Scheme,
    authority: hyper::http::uri::Authority,
    prefix: String,
}

impl Base {
    /// Of a server's address; an error says what it should look like.
    pub(super) fn new(server: &str) -> Result<Base, Why> {
        let wrong = |why: &str| Why::Other(format!("the server's address {why}; it looks like https://10.0.0.5:6443"));
        let uri: Uri = server.trim().parse().map_err(|_| wrong("cannot be read"))?;
        let parts = uri.into_parts();
        let scheme = parts.scheme.ok_or_else(|| wrong("does not begin with https://"))?;
        if !["https", "http"].contains(&scheme.as_str()) {
            return Err(wrong("does not begin with https://"));
        }
        let authority = parts.authority.ok_or_else(|| wrong("names no host"))?;
        if authority.as_str().contains('@') {
            return Err(wrong("has a user in it, which belongs into the credential"));
        }
        let path = parts.path_and_query.as_ref().map_or("", |path| path.path());
        Ok(Base { scheme, authority, prefix: path.trim_end_matches('/').to_owned() })
    }

    fn join(&self, uri: &Uri) -> Result<Uri, hyper::http::Error> {
        let path = uri.path_and_query().map_or("/", hyper::http::uri::PathAndQuery::as_str);
        Uri::builder()
            .scheme(self.scheme.clone())
            .authority(self.authority.clone())
            .path_and_query(format!("{}{path}", self.prefix))
            .build()
    }
}

impl Door {
    pub(super) fn new(
        client: Client<Connector, Body>,
        base: Base,
        tokens: Tokens,
        access: &Access,
    ) -> Result<Door, Why> {
        let mut headers = HeaderMap::new();
        headers.insert(USER_AGENT, HeaderValue::from_static(concat!("ansflow/", env!("CARGO_PKG_VERSION"))));
        if let Some(other) = &access.acts_as {
            impersonate(&mut headers, other)
                .map_err(|_| Why::Credential("`as…` has letters that no header may have".to_owned()))?;
        }
        Ok(Door { client, base: Arc::new(base), tokens: Arc::new(tokens), headers: Arc::new(headers) })
    }

    async fn send(self, mut request: Request<Body>) -> Result<Response<Incoming>, BoxError> {
        let host = self.base.authority.as_str();
        *request.uri_mut() = self.base.join(request.uri())?;
        for (name, value) in self.headers.iter() {
            request.headers_mut().append(name, value.clone());
        }
        let again = request.body().try_clone().map(|body| {
            let mut copy = Request::new(body);
            *copy.method_mut() = request.method().clone();
            *copy.uri_mut() = request.uri().clone();
            *copy.headers_mut() = request.headers().clone();
            copy
        });
        self.identify(&mut request).await.map_err(|why| Trouble::new(host, why))?;
        let answer = self.client.request(request).await?;
        // A token of a file or a program may have been renewed meanwhile.
        if answer.status() == StatusCode::UNAUTHORIZED
            && let Some(mut request) = again
            && self.tokens.renew().await
        {
            self.identify(&mut request).await.map_err(|why| Trouble::new(host, why))?;
            return Ok(self.client.request(request).await?);
        }
        Ok(answer)
    }

    async fn identify(&self, request: &mut Request<Body>) -> Result<(), Why> {
        if let Some(token) = self.tokens.token().await? {
            let mut value = HeaderValue::from_str(&format!("Bearer {}", token.as_str()))
                .map_err(|_| Why::Credential("the token has letters that no token has".to_owned()))?;
            value.set_sensitive(true);
            request.headers_mut().insert(AUTHORIZATION, value);
        }
        Ok(())
    }
}

fn impersonate(headers: &mut HeaderMap, other: &ActsAs) -> Result<(), hyper::http::Error> {
    let mut put = |name: &'static str, value: &str| {
        headers.append(HeaderName::from_static(name), HeaderValue::from_str(value)?);
        Ok::<(), hyper::http::Error>(())
    };
    put("impersonate-user", &other.user)?;
    if let Some(uid) = &other.uid {
        put("impersonate-uid", uid)?;
    }
    other.groups.iter().try_for_each(|group| put("impersonate-group", group))
}

impl Service<Request<Body>> for Door {
    type Response = Response<Incoming>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Response<Incoming>, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        Box::pin(self.clone().send(request))
    }
}
