//! Reading objects: one, a page of them, their names alone, or the table that the cluster would show.

use super::ask::{Ask, METADATA_LIST};
use super::query::Query;
use super::{Cluster, Listed, Page, Selector};
use crate::error::Error;
use crate::facts::{Claim, DaemonSet, Deployment, Event, Job, Node, Pod, ReplicaSet, StatefulSet};
use crate::kind::Kind;
use crate::object::{Key, Obj};
use hyper::Method;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

/// As `kubectl get` shows it.
const TABLE: &str = "application/json;as=Table;g=meta.k8s.io;v=v1,application/json";

/// What objects of a list are read as: whole, or in a slim form of which only a few fields are kept.
pub trait Item: DeserializeOwned + Send + 'static {
    /// Whether a watch remembers which there are, so that it can tell of those that went away in a gap.
    const REMEMBERED: bool = true;

    /// Lists do not repeat what their items are: an object that must know is told.
    fn is_a(&mut self, _kind: &Kind) {}
}

impl Item for Obj {
    fn is_a(&mut self, kind: &Kind) {
        // Of an object without its inside the cluster says that it is one, and not what it is.
        if self.kind() == "PartialObjectMetadata" {
            self.map_mut().retain(|field, _| field == "metadata");
        }
        self.fill("kind", &kind.kind);
        self.fill("apiVersion", &kind.api_version());
    }
}

impl Item for Claim {}
impl Item for DaemonSet {}
impl Item for Deployment {}
/// That an event is forgotten tells nothing, and there are many.
impl Item for Event {
    const REMEMBERED: bool = false;
}

impl Item for Job {}
impl Item for Node {}
impl Item for Pod {}
impl Item for ReplicaSet {}
impl Item for StatefulSet {}

#[derive(Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
struct Raw<T> {
    #[serde(default)]
    metadata: Meta,
    #[serde(default, deserialize_with = "crate::facts::or_default")]
    items: Vec<T>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Meta {
    resource_version: String,
    r#continue: String,
    remaining_item_count: Option<u64>,
}

impl Cluster {
    /// An object; None where there is none of that name.
    pub async fn get(&self, key: &Key) -> Result<Option<Obj>, Error> {
        let kind = self.kind_of(&key.group, None, &key.kind).await?;
        self.get_as(&kind, key.namespace.as_deref(), &key.name).await
    }

    /// An object of a kind, whole or slim; None where there is none of that name.
    pub async fn get_as<T: Item>(&self, kind: &Kind, namespace: Option<&str>, name: &str) -> Result<Option<T>, Error> {
        match self.json::<T>(&Ask::get(kind.path_of(namespace, name))).await {
            Ok(mut object) => {
                object.is_a(kind);
                Ok(Some(object))
            }
            Err(error) if error.code() == 404 => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A page of the objects of a kind, of one namespace or of all.
    pub async fn list<T: Item>(
        &self,
        kind: &Kind,
        namespace: Option<&str>,
        selector: &Selector,
        page: &Page,
    ) -> Result<Listed<T>, Error> {
        let mut query = Query::of(selector);
        query.page(page);
        self.listed(kind, Ask::get(query.on(&kind.path(namespace)))).await
    }

    /// The same, names, labels and owners alone: what is in the objects does not travel.
    pub async fn names(
        &self,
        kind: &Kind,
        namespace: Option<&str>,
        selector: &Selector,
        page: &Page,
    ) -> Result<Listed<Obj>, Error> {
        let mut query = Query::of(selector);
        query.page(page);
        let mut ask = Ask::get(query.on(&kind.path(namespace)));
        ask.accept = METADATA_LIST;
        self.listed(kind, ask).await
    }

    /// A page as the cluster itself would show it: `columnDefinitions`, and `rows` with `cells` and the whole of each
    /// object.
    pub async fn table(
        &self,
        kind: &Kind,
        namespace: Option<&str>,
        selector: &Selector,
        page: &Page,
    ) -> Result<Json, Error> {
        let mut query = Query::of(selector);
        query.page(page);
        query.put("includeObject", "Object");
        let mut ask = Ask::get(query.on(&kind.path(namespace)));
        ask.accept = TABLE;
        self.json(&ask).await
    }

    /// Every object of a kind, page by page.
    pub async fn all<T: Item>(
        &self,
        kind: &Kind,
        namespace: Option<&str>,
        selector: &Selector,
    ) -> Result<Vec<T>, Error> {
        let (mut page, mut found) = (Page::first(500), Vec::new());
        loop {
            let listed = self.list(kind, namespace, selector, &page).await?;
            found.extend(listed.items);
            match listed.next {
                Some(next) => page.after = Some(next),
                None => return Ok(found),
            }
        }
    }

    pub(super) async fn listed<T: Item>(&self, kind: &Kind, ask: Ask) -> Result<Listed<T>, Error> {
        let raw: Raw<T> = self.json(&ask).await?;
        let mut items = raw.items;
        items.iter_mut().for_each(|item| item.is_a(kind));
        let next = Some(raw.metadata.r#continue).filter(|next| !next.is_empty());
        let remaining = raw.metadata.remaining_item_count;
        Ok(Listed { items, next, remaining, version: raw.metadata.resource_version })
    }

    /// The JSON at any path: `/version`, `/openapi/v3`.
    pub async fn ask(&self, path: &str) -> Result<Json, Error> {
        self.json(&Ask::get(path)).await
    }

    /// Posts any object, such as a `SelfSubjectReview`, and reads what becomes of it.
    pub async fn post(&self, path: &str, body: &Json) -> Result<Json, Error> {
        self.json(&Ask::new(Method::POST, path).with(super::ask::JSON, body)).await
    }
}
