//! Lists that are followed: what a viewer has is what a list shows, whatever was written.

use super::{Here, kind};
use ansflow_kube::Kind;
use ansflow_kube::browse::list::{Wanted, list};
use ansflow_kube::browse::live::{Change, Live};
use ansflow_kube::browse::rows::Row;
use ansflow_kube::cluster::{Delete, Patch, Selector};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// What somebody who watches has on the screen.
#[derive(Default)]
struct Screen(BTreeMap<String, Arc<Row>>);

impl Screen {
    fn show(&mut self, change: Change) {
        let Change::Rows { reset, rows, gone } = change else { panic!("{change:?}") };
        if reset {
            self.0.clear();
        }
        self.0.extend(rows.into_iter().map(|row| (row.uid.to_string(), row)));
        gone.iter().for_each(|uid| drop(self.0.remove(&**uid)));
    }

    fn rows(&self) -> Vec<Row> {
        let mut rows: Vec<Row> = self.0.values().map(|row| Row::clone(row)).collect();
        rows.sort_by(|one, other| one.place().cmp(&other.place()));
        rows
    }
}

async fn listed(here: &Here, kind: &Kind) -> Vec<Row> {
    let wanted = Wanted { namespace: Some(here.namespace().to_owned()), limit: 500, ..Wanted::default() };
    let mut rows = list(&here.cluster, kind, &wanted).await.unwrap().rows;
    rows.sort_by(|one, other| one.place().cmp(&other.place()));
    rows
}

/// Follows until the screen shows what the list does.
async fn agrees(here: &Here, kind: &Kind, live: &mut Live, screen: &mut Screen) {
    let agreed = async {
        loop {
            let next = tokio::time::timeout(Duration::from_millis(700), live.next());
            if let Ok(change) = next.await {
                screen.show(change.unwrap());
            } else if screen.rows() == listed(here, kind).await {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(30), agreed).await.expect("they agree");
}

/// The same numbers for the same seed.
fn next(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *seed >> 33
}

#[tokio::test]
async fn whoever_follows_ends_with_what_a_list_shows_after_any_writes() {
    let here = Here::new().await;
    let map = kind("", "ConfigMap");
    let mut live = Live::follow(&here.cluster, &map, Some(here.namespace()), &Selector::all());
    let (mut screen, mut seed) = (Screen::default(), 7);
    for _round in 0..3 {
        for _write in 0..25 {
            let name = format!("c{}", next(&mut seed) % 8);
            let key = map.key(Some(here.namespace()), &name);
            match next(&mut seed) % 3 {
                0 => drop(here.cluster.delete(&key, &Delete::default()).await.unwrap()),
                1 if here.cluster.get(&key).await.unwrap().is_some() => {
                    let data = json!({ format!("k{}", next(&mut seed) % 5): "v" });
                    here.cluster.patch(&key, &Patch::Merge(json!({ "data": data })), false).await.unwrap();
                }
                _ if here.cluster.get(&key).await.unwrap().is_none() => drop(here.config_map(&name, json!({})).await),
                _ => {}
            }
        }
        agrees(&here, &map, &mut live, &mut screen).await;
    }
}

#[tokio::test]
async fn many_changes_come_together() {
    let here = Here::new().await;
    let map = kind("", "ConfigMap");
    let mut live = Live::follow(&here.cluster, &map, Some(here.namespace()), &Selector::labels("app=test"));
    let mut screen = Screen::default();
    let first = live.next().await.unwrap();
    assert!(matches!(&first, Change::Rows { reset: true, rows, .. } if rows.is_empty()), "{first:?}");
    here.config_map("c", json!({})).await;
    let key = map.key(Some(here.namespace()), "c");
    for number in 0..20 {
        let data = json!({ "data": { format!("k{number}"): "v" } });
        here.cluster.patch(&key, &Patch::Merge(data), false).await.unwrap();
    }
    let mut told = 0;
    while screen.rows().first().map(|row| serde_json::to_value(&row.cells).unwrap()) != Some(json!([20])) {
        screen.show(live.next().await.unwrap());
        told += 1;
    }
    assert!(told <= 10, "{told} messages for 21 writes");
}

#[tokio::test]
async fn kinds_that_the_cluster_prints_are_followed_too() {
    let here = Here::new().await;
    let set = kind("apps", "ReplicaSet");
    let mut live = Live::follow(&here.cluster, &set, Some(here.namespace()), &Selector::all());
    let mut screen = Screen::default();
    screen.show(live.next().await.unwrap());
    here.deployment("web", 1).await;
    here.until(async |_| (listed(&here, &set).await.first()?.cells[2].clone() == cell(1)).then_some(())).await;
    agrees(&here, &set, &mut live, &mut screen).await;
    assert_eq!(live.columns(), ["Desired", "Current", "Ready"]);
}

fn cell(number: i64) -> ansflow_kube::browse::columns::Cell {
    ansflow_kube::browse::columns::Cell::Number(number)
}
