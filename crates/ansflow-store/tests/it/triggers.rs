//! What starts pipelines: hooks, deliveries, schedules.

mod deliveries;
mod hooks;
mod schedules;

use ansflow_core::pipeline::Trigger;
use ansflow_store::pipelines::{Change, NewPipeline, Settings, Wording};
use ansflow_store::{Keyring, Store};
use jiff::Timestamp;

use crate::world::World;

/// The same database with a server's tables.
async fn server(world: &World) -> Store {
    Store::open_for_server(&world.url).await.unwrap()
}

fn keyring(world: &World) -> Keyring {
    Keyring::open(&world.folder("keys").join("key")).unwrap()
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

/// A pipeline whose text is not looked at.
async fn pipeline(store: &Store, id: &str, body: &str, triggers: &[Trigger]) {
    let wording = Wording { body, name: id, description: "", triggers, note: "" };
    let settings = Settings { enabled: true, max_runs: None };
    store.pipelines().create(&NewPipeline { id, wording, settings, by: "mona" }, at(1)).await.unwrap();
}

async fn rewrite(store: &Store, id: &str, revision: u64, body: &str, triggers: &[Trigger]) {
    let wording = Some(Wording { body, name: id, description: "", triggers, note: "" });
    let change = Change { wording, enabled: None, max_runs: None, by: "mona" };
    store.pipelines().save(id, revision, &change, at(2)).await.unwrap();
}

fn clock(cron: &str, timezone: Option<&str>) -> Trigger {
    Trigger::Schedule { cron: cron.to_owned(), timezone: timezone.map(str::to_owned) }
}
