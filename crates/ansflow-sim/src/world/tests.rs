//! What controllers can rely on: one order, virtual time, no lost wake-up.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::*;
use crate::config::Speed;
use crate::kinds;
use crate::object::Object;
use crate::store::Entry;

/// Copies every ConfigMap named `source` to `copy`, after a second, and writes down when it looked.
struct Copier {
    looked: Arc<Mutex<Vec<i64>>>,
    begun: Micros,
}

impl Controller for Copier {
    fn name(&self) -> &'static str {
        "copier"
    }

    fn interested(&self, change: &Entry, cx: &Cx<'_>, queue: &mut Keys) {
        if change.key().kind == kinds::id("", "ConfigMap") && change.object.name() == "source" {
            queue.add_at(cx.now().plus(Duration::from_secs(1)), change.key().clone());
        }
    }

    fn reconcile(&mut self, cx: &mut Cx<'_>, key: &Key) -> Outcome {
        self.looked.lock().unwrap().push(cx.now().since(self.begun).as_millis() as i64);
        let Some(source) = cx.stored(key) else { return Outcome::Done };
        let data = cx.view_of::<Value>(&source).unwrap()["data"].clone();
        let copy = json!({"apiVersion": "v1", "kind": "ConfigMap", "data": data,
            "metadata": {"name": "copy", "namespace": source.namespace()}});
        match cx.create(object(copy)) {
            Ok(_) => Outcome::Done,
            Err(_) => Outcome::Retry,
        }
    }
}

fn object(value: Value) -> Object {
    let Value::Object(object) = value else { panic!("{value}") };
    object
}

async fn started() -> Sim {
    Sim::start(SimConfig { speed: Speed::Manual, ..SimConfig::default() }).await.unwrap()
}

#[tokio::test]
async fn a_controller_acts_when_its_moment_comes_and_tries_again_after_growing_delays() {
    let sim = started().await;
    let looked = Arc::new(Mutex::new(Vec::new()));
    let begun = sim.now_micros();
    sim.world().add(1, Box::new(Copier { looked: looked.clone(), begun }));
    let kind = sim.kinds().of("v1", "ConfigMap").unwrap();
    let source =
        object(json!({"metadata": {"name": "source", "namespace": "default", "uid": "u"}, "data": {"a": "1"}}));
    sim.store().txn().put(kind.id, &source, &[]);
    sim.advance(Duration::from_millis(900));
    assert!(looked.lock().unwrap().is_empty());
    sim.advance(Duration::from_millis(200));
    let copy = sim.store().get(&Key::new(kind.id, "default", "copy")).unwrap();
    assert_eq!(copy.view::<Value>().unwrap()["data"]["a"], "1");
    sim.store().txn().put(kind.id, &source, &[]);
    sim.advance(Duration::from_millis(1_100));
    let looked = looked.lock().unwrap().clone();
    assert_eq!(looked[0], 1_000);
    let gaps: Vec<i64> = looked[1..6].windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert_eq!(gaps, [5, 10, 20, 40]);
    sim.stop().await;
}
