//! Pages of lists.

use super::{Here, kind};
use ansflow_kube::browse::Fault;
use ansflow_kube::browse::known::KNOWN;
use ansflow_kube::browse::list::{Rows, Wanted, list};
use ansflow_kube::cluster::Selector;
use serde_json::json;

fn names(page: &Rows) -> Vec<&str> {
    page.rows.iter().map(|row| &*row.name).collect()
}

#[tokio::test]
async fn pages_have_every_object_once() {
    let here = Here::new().await;
    for number in 0..7 {
        here.config_map(&format!("c{number}"), json!({ "a": "b" })).await;
    }
    let mut wanted = Wanted {
        namespace: Some(here.namespace().to_owned()),
        selector: Selector::labels("app=test"),
        limit: 3,
        ..Wanted::default()
    };
    let mut found = Vec::new();
    loop {
        let page = list(&here.cluster, &kind("", "ConfigMap"), &wanted).await.unwrap();
        assert!(page.rows.len() <= 3);
        found.extend(names(&page).iter().map(ToString::to_string));
        match page.next {
            Some(next) => wanted.cursor = Some(next),
            None => break,
        }
    }
    assert_eq!(found, ["c0", "c1", "c2", "c3", "c4", "c5", "c6"]);
}

#[tokio::test]
async fn a_search_goes_on_where_it_stopped_in_a_page_of_the_clusters() {
    let here = Here::new().await;
    for name in ["app-1", "web-1", "app-2", "web-2", "app-3"] {
        here.config_map(name, json!({})).await;
    }
    let namespace = Some(here.namespace().to_owned());
    let mut wanted = Wanted { namespace, search: "APP".to_owned(), limit: 2, ..Wanted::default() };
    let first = list(&here.cluster, &kind("", "ConfigMap"), &wanted).await.unwrap();
    assert_eq!((names(&first), first.truncated), (vec!["app-1", "app-2"], false));
    wanted.cursor = first.next;
    // What comes in before does not shift what is still to come.
    here.config_map("app-0", json!({})).await;
    let second = list(&here.cluster, &kind("", "ConfigMap"), &wanted).await.unwrap();
    assert_eq!((names(&second), &second.next), (vec!["app-3"], &None));
}

#[tokio::test]
async fn a_cursor_of_nobodys_is_refused_and_so_is_a_selector_that_is_none() {
    let here = Here::new().await;
    let mut wanted = Wanted {
        namespace: Some(here.namespace().to_owned()),
        limit: 1,
        cursor: Some("x".into()),
        ..Wanted::default()
    };
    assert_eq!(list(&here.cluster, &kind("", "ConfigMap"), &wanted).await.unwrap_err(), Fault::Cursor);
    wanted.cursor = None;
    wanted.selector = Selector::labels("a in");
    let refused = list(&here.cluster, &kind("", "ConfigMap"), &wanted).await.unwrap_err();
    assert!(matches!(&refused, Fault::Cluster(error) if error.code() == 400), "{refused}");
}

#[tokio::test]
async fn every_known_kind_can_be_listed_and_so_can_others() {
    let here = Here::new().await;
    here.deployment("web", 1).await;
    let wanted = Wanted { namespace: Some(here.namespace().to_owned()), limit: 50, ..Wanted::default() };
    for known in &KNOWN {
        let page = list(&here.cluster, &kind(known.group, known.kind), &wanted).await.unwrap();
        assert_eq!(page.columns, known.columns(), "{}", known.plural);
        assert!(page.rows.iter().all(|row| row.cells.len() == page.columns.len()));
    }
    let set = here.until(async |cluster| {
        let page = list(cluster, &kind("apps", "ReplicaSet"), &wanted).await.unwrap();
        page.rows.first().cloned().map(|row| (row, page.columns))
    });
    let (row, columns) = set.await;
    assert_eq!(columns, ["Desired", "Current", "Ready"]);
    assert_eq!(serde_json::to_value(&row.cells[0]).unwrap(), json!(1));
}
