//! What kinds there are, asked of the cluster.

use super::Cluster;
use super::ask::Ask;
use crate::connect::Why;
use crate::discovery::{GroupList, Place, kinds};
use crate::error::Error;
use http_body_util::BodyExt as _;
use hyper::StatusCode;
use hyper::header::{ETAG, HeaderValue, IF_NONE_MATCH};
use std::sync::Arc;

/// Every group in one document; older clusters know the beta of it.
const AGGREGATED: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,\
     application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

impl Cluster {
    /// The kinds of a place, or the old ones where nothing changed.
    pub(crate) async fn groups(&self, path: &str, old: &Place) -> Result<Place, Error> {
        let mut ask = Ask::get(path);
        ask.accept = AGGREGATED;
        if let Some(etag) = old.etag.as_deref().and_then(|etag| HeaderValue::from_str(etag).ok()) {
            ask.headers.insert(IF_NONE_MATCH, etag);
        }
        let answer = match self.send(&ask).await? {
            answer if answer.status() == StatusCode::NOT_MODIFIED => return Ok(old.clone()),
            answer if answer.status().is_success() => answer,
            // Whatever it is, the usual way tells.
            _ => self.open(&Ask { headers: Default::default(), ..ask.clone() }).await?,
        };
        let (parts, body) = answer.into_parts();
        let body = body.collect().await.map_err(|error| crate::connect::Trouble::of(self.host(), &error))?.to_bytes();
        let list: GroupList = self.parse(&ask, &parts.headers, &body)?;
        if list.kind != "APIGroupDiscoveryList" {
            let why = "it does not tell its kinds in one document, as Kubernetes does since 1.27".to_owned();
            return Err(self.trouble(Why::NotKubernetes(why)).into());
        }
        let etag = parts.headers.get(ETAG).and_then(|etag| etag.to_str().ok()).map(str::to_owned);
        Ok(Place { etag, kinds: Arc::new(kinds(&list.items)) })
    }
}
