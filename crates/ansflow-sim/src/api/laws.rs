//! Laws: whoever follows a watch ends with what a list shows, revisions never go back, and nothing answers 500.

use std::collections::BTreeMap;

use bytes::Bytes;
use hyper::{HeaderMap, Method};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::options::Options;
use super::watch::Next;
use super::{Answer, Request, answer};
use crate::config::{SimConfig, Speed, Who};
use crate::sim::Sim;

/// Something that a client does to one of a few objects.
#[derive(Debug, Clone)]
enum Deed {
    Create(u8, u8),
    Apply(u8, u8, u8, bool),
    Merge(u8, u8),
    Json(u8, u8),
    Put(u8, u8, bool),
    Hold(u8, bool),
    Delete(u8),
    DeleteAll,
}

fn deed() -> impl Strategy<Value = Deed> {
    let (name, value) = (0..3_u8, 0..4_u8);
    prop_oneof![
        2 => (name.clone(), value.clone()).prop_map(|(name, value)| Deed::Create(name, value)),
        3 => (name.clone(), value.clone(), 0..2_u8, any::<bool>()).prop_map(|(name, value, by, force)| Deed::Apply(name, value, by, force)),
        2 => (name.clone(), value.clone()).prop_map(|(name, value)| Deed::Merge(name, value)),
        1 => (name.clone(), value.clone()).prop_map(|(name, value)| Deed::Json(name, value)),
        2 => (name.clone(), value, any::<bool>()).prop_map(|(name, value, stale)| Deed::Put(name, value, stale)),
        1 => (name.clone(), any::<bool>()).prop_map(|(name, held)| Deed::Hold(name, held)),
        2 => name.prop_map(Deed::Delete),
        1 => Just(Deed::DeleteAll),
    ]
}

struct Client<'a> {
    sim: &'a Sim,
    path: String,
}

impl Client<'_> {
    fn ask(&self, method: Method, path: &str, media: &'static str, body: &Value) -> (u16, Value) {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let mut headers = somebody();
        headers.insert("user-agent", "client/1".parse().unwrap());
        headers.insert("content-type", media.parse().unwrap());
        let body = if body.is_null() { Bytes::new() } else { body.to_string().into() };
        let options = Options::parse(query);
        let request = Request { method, path: path.to_owned(), options, headers, body, peer: None };
        match answer(self.sim, &request) {
            Answer::Whole(reply) => (reply.code, serde_json::from_slice(&reply.body).unwrap()),
            other => panic!("{other:?}"),
        }
    }

    fn at(&self, name: u8) -> String {
        format!("{}/o{name}", self.path)
    }

    fn does(&self, deed: &Deed) -> (u16, Value) {
        let object = |name: u8, value: u8| {
            let labels = if value.is_multiple_of(2) { json!({"even": "yes"}) } else { json!({}) };
            json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": format!("o{name}"), "labels": labels},
                "data": {format!("k{value}"): "v", "same": value.to_string()}})
        };
        match *deed {
            Deed::Create(name, value) => self.ask(Method::POST, &self.path, "application/json", &object(name, value)),
            Deed::Apply(name, value, by, force) => {
                let path = format!("{}?fieldManager=m{by}&force={force}", self.at(name));
                self.ask(Method::PATCH, &path, "application/apply-patch+yaml", &object(name, value))
            }
            Deed::Merge(name, value) => {
                let patch = json!({"data": {"merged": value.to_string(), "same": null}});
                self.ask(Method::PATCH, &self.at(name), "application/merge-patch+json", &patch)
            }
            Deed::Json(name, value) => {
                let patch = json!([{"op": "replace", "path": "/data/same", "value": value.to_string()}]);
                self.ask(Method::PATCH, &self.at(name), "application/json-patch+json", &patch)
            }
            Deed::Put(name, value, stale) => {
                let mut object = object(name, value);
                if stale {
                    object["metadata"]["resourceVersion"] = "1".into();
                }
                self.ask(Method::PUT, &self.at(name), "application/json", &object)
            }
            Deed::Hold(name, held) => {
                let finalizers = if held { json!(["example.com/hold"]) } else { Value::Null };
                let patch = json!({"metadata": {"finalizers": finalizers}});
                self.ask(Method::PATCH, &self.at(name), "application/merge-patch+json", &patch)
            }
            Deed::Delete(name) => self.ask(Method::DELETE, &self.at(name), "application/json", &Value::Null),
            Deed::DeleteAll => self.ask(Method::DELETE, &self.path, "application/json", &Value::Null),
        }
    }

    /// The lines that a watch has to tell, from a revision on.
    fn told(&self, query: &str) -> Vec<Value> {
        let request = Request {
            method: Method::GET,
            path: self.path.clone(),
            options: Options::parse(&format!("watch=true&{query}")),
            headers: somebody(),
            body: Bytes::new(),
            peer: None,
        };
        let Answer::Watch(mut watch) = answer(self.sim, &request) else { panic!("no watch") };
        let mut lines = Vec::new();
        while let Next::Lines(bytes) = watch.next(self.sim) {
            lines.extend(bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(<[u8]>::to_vec));
        }
        lines.iter().map(|line| serde_json::from_slice(line).unwrap()).collect()
    }
}

fn config() -> SimConfig {
    SimConfig { speed: Speed::Manual, tokens: vec![("secret".to_owned(), Who::admin())], ..SimConfig::default() }
}

fn somebody() -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("authorization", "Bearer secret".parse().unwrap());
    headers
}

fn revision(object: &Value) -> u64 {
    object["metadata"]["resourceVersion"].as_str().unwrap().parse().unwrap()
}

/// Objects after all that a watcher was told.
fn followed(events: &[Value]) -> BTreeMap<String, Value> {
    let mut known = BTreeMap::new();
    let mut before = 0;
    for event in events {
        let object = &event["object"];
        assert!(revision(object) > before, "revisions went back: {events:#?}");
        before = revision(object);
        let name = object["metadata"]["name"].as_str().unwrap().to_owned();
        let was_there = match event["type"].as_str().unwrap() {
            "ADDED" => known.insert(name, object.clone()).is_none(),
            "MODIFIED" => known.insert(name, object.clone()).is_some(),
            "DELETED" => known.remove(&name).is_some(),
            other => panic!("{other}"),
        };
        let is_new = event["type"] == "ADDED";
        assert!(is_new || was_there, "told of an object that was not there: {event}");
    }
    known
}

fn listed(list: &Value) -> BTreeMap<String, Value> {
    let items = list["items"].as_array().unwrap().iter().map(|item| {
        let mut item = item.clone();
        item["kind"] = "ConfigMap".into();
        item["apiVersion"] = "v1".into();
        (item["metadata"]["name"].as_str().unwrap().to_owned(), item)
    });
    items.collect()
}

#[tokio::test]
async fn who_follows_ends_with_what_is_listed() {
    let sim = Sim::start(config()).await.unwrap();
    let rounds = std::cell::Cell::new(0);
    let config = ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let ran = runner.run(&prop::collection::vec(deed(), 1..40), |deeds| {
        let round = rounds.get() + 1;
        rounds.set(round);
        let namespace = json!({"metadata": {"name": format!("round-{round}")}});
        let everywhere = Client { sim: &sim, path: "/api/v1/namespaces".to_owned() };
        let (code, _) = everywhere.ask(Method::POST, &everywhere.path, "application/json", &namespace);
        prop_assert_eq!(code, 201);
        let client = Client { sim: &sim, path: format!("/api/v1/namespaces/round-{round}/configmaps") };
        let from = sim.store().revision();
        for deed in &deeds {
            let (code, told) = client.does(deed);
            prop_assert!(code < 500, "{deed:?} answered {told}");
        }
        for selector in ["", "&labelSelector=even"] {
            let (_, list) =
                client.ask(Method::GET, &format!("{}?{}", client.path, &selector), "application/json", &Value::Null);
            let events = client.told(&format!("resourceVersion={from}{selector}"));
            prop_assert_eq!(followed(&events), listed(&list));
        }
        Ok(())
    });
    sim.stop().await;
    ran.unwrap();
}

#[tokio::test]
async fn the_same_seed_and_the_same_requests_make_the_same_bytes() {
    let start = Some("2026-11-21T04:23:40Z".parse().unwrap());
    let mut told = Vec::new();
    for seed in [7, 7, 8] {
        let sim = Sim::start(SimConfig { seed, start, ..config() }).await.unwrap();
        let client = Client { sim: &sim, path: "/api/v1/namespaces/default/configmaps".to_owned() };
        for name in 0..3 {
            client.does(&Deed::Create(name, name));
            client.does(&Deed::Apply(name, 2, 1, true));
            sim.advance(std::time::Duration::from_millis(700));
        }
        // The authority's certificate, which every namespace has, is another each time.
        let path = format!("{}?labelSelector=even", client.path);
        let (_, list) = client.ask(Method::GET, &path, "application/json", &Value::Null);
        told.push(list.to_string());
        sim.stop().await;
    }
    assert_eq!(told[0], told[1]);
    assert_ne!(told[0], told[2]);
}
