//! Clusters that the server looks at by itself, by a clock of the test's own.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use ansflow_server::clusters::keep;
use ansflow_sim::testing::Cluster;
use serde_json::{Value as Json, json};
use tokio::task::JoinHandle;

use super::{add, staging, start, with};
use crate::world::TestApp;

/// A server that looks at clusters, where it leads.
struct Keeper {
    leads: Arc<AtomicBool>,
    asked: Arc<AtomicU32>,
    keeping: JoinHandle<()>,
}

impl Keeper {
    fn of(app: &TestApp) -> Keeper {
        let (leads, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
        let (leading, asking) = (leads.clone(), asked.clone());
        let leads_now = move || {
            asking.fetch_add(1, Ordering::SeqCst);
            leading.load(Ordering::SeqCst)
        };
        let keeping = tokio::spawn(keep(app.app.clone(), Duration::from_millis(2), leads_now));
        Keeper { leads, asked, keeping }
    }

    /// Until it has done all that it does at a time, as things are now.
    async fn has_looked_around(&self) {
        let before = self.asked.load(Ordering::SeqCst);
        while self.asked.load(Ordering::SeqCst) < before + 2 {
            tokio::task::yield_now().await;
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.keeping.abort();
    }
}

/// The cluster, as soon as it is so.
async fn seen(app: &TestApp, path: &str, what: &str, is_so: impl Fn(&Json) -> bool) -> Json {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        let view = app.get(path).await.json;
        if is_so(&view) {
            return view;
        }
        assert!(Instant::now() < until, "waited in vain until {what}: {view}");
    }
}

#[tokio::test]
async fn simulated_two_failures_in_a_row_change_the_state_and_one_does_not() {
    let far = Cluster::get().await;
    let Some(faults) = far.simulated() else { return };
    let space = far.namespace().await;
    let path = format!("/api/v1/namespaces/{space}/serviceaccounts/default/token");
    let wanted = json!({ "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {} });
    let (code, made) = far.ask("POST", &path, Some(&wanted)).await;
    assert_eq!(code, 201, "{made}");
    let fault = |what: Json| {
        let user = format!("system:serviceaccount:{space}:default");
        faults.put(json!({ "on": { "user": user }, "what": { "http": what } }));
    };
    let app = start().await;
    let (server, ca) = (&far.access().server, &far.access().ca);
    let credential = json!({ "method": "token", "token": made["status"]["token"] });
    let path = add(&app, with(staging(), &json!({ "server": server, "ca": ca, "credential": credential }))).await;
    let keeper = Keeper::of(&app);
    assert_eq!(seen(&app, &path, "it is there", |_| true).await["state"], "unknown");

    app.pass(600);
    keeper.has_looked_around().await;
    assert_eq!(app.get(&path).await.json["state"], "unknown", "who does not lead looks at nothing");
    keeper.leads.store(true, Ordering::SeqCst);
    keeper.has_looked_around().await;
    app.pass(2);
    let well = seen(&app, &path, "it is looked at", |one| one["state"] == "connected").await;
    assert_eq!(
        (&well["username"], &well["nodes"]),
        (&json!(format!("system:serviceaccount:{space}:default")), &Json::Null)
    );

    fault(json!({ "reset": true }));
    app.pass(72);
    let once = seen(&app, &path, "it has failed once", |one| !one["check_code"].is_null()).await;
    assert_eq!((&once["state"], &once["good_at"]), (&json!("connected"), &well["good_at"]), "{once}");
    app.pass(15);
    let lost = seen(&app, &path, "it has failed twice", |one| one["state"] != "connected").await;
    assert_eq!((&lost["state"], &lost["good_at"]), (&json!("disconnected"), &well["good_at"]), "{lost}");
    assert!(lost["state_since"] == lost["checked_at"] && lost["state_since"] != well["state_since"], "{lost}");
    faults.clear();
    fault(json!({ "status": 401 }));
    app.pass(30);
    let error = seen(&app, &path, "it answers", |one| one["state"] != "disconnected").await;
    assert_eq!((&error["state"], &error["check_code"]), (&json!("error"), &json!("unauthorized")), "{error}");
    faults.clear();
    app.pass(60);
    let back = seen(&app, &path, "it is back", |one| one["state"] != "error").await;
    assert_eq!((&back["state"], &back["good_at"]), (&json!("connected"), &back["checked_at"]), "{back}");

    // Who asks is told what is so now, and that stands until the server has looked itself.
    fault(json!({ "status": 401 }));
    assert_eq!(app.post(&format!("{path}/check-connection"), json!({})).await.json["valid"], false);
    assert_eq!(seen(&app, &path, "it was asked", |one| one["state"] != "connected").await["state"], "error");
    faults.clear();
    app.pass(72);
    assert_eq!(seen(&app, &path, "it is looked at", |one| one["state"] != "error").await["state"], "connected");
}
