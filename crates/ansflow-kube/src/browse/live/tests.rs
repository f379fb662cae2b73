//! How many rows a list may have.

use super::slim::Slim;
use super::{Change, Live, MOST};
use crate::access::Access;
use crate::browse::rows::Row;
use crate::cluster::{Cluster, News, Selector};
use crate::connect::Limits;
use crate::kind::Kind;
use crate::object::Obj;
use futures_util::StreamExt as _;
use futures_util::stream;
use serde_json::json;

/// A list whose cluster says that it has so many rows, and later one more.
fn live(count: usize) -> Live {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let kind = Kind::builtin("", "ConfigMap").unwrap();
    let cluster = Cluster::connect(&Access::new("https://192.0.2.1:6443"), &Limits::default()).unwrap();
    let bare =
        Row::bare(&Obj::new(json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "a" } })).unwrap());
    let row = move |number: usize| Slim::Row(Box::new(Row { uid: number.to_string().into(), ..bare.clone() }));
    let first = (0..count).map(&row).collect();
    let news = stream::iter([News::Restarted(first), News::Changed(row(count))]).chain(stream::pending());
    Live { news: news.boxed(), ..Live::follow(&cluster, &kind, None, &Selector::all()) }
}

#[tokio::test]
async fn a_list_of_more_rows_than_are_followed_ends_with_that_and_one_less_does_not() {
    let mut all = live(MOST - 1);
    // What changes at once may come together with what was there.
    let mut told = 0;
    while told < MOST {
        let Some(Change::Rows { rows, .. }) = all.next().await else { panic!("only {told} rows were told") };
        told += rows.len();
    }
    let mut more = live(MOST);
    let mut changes = Vec::new();
    while let Some(change) = more.next().await {
        changes.push(change);
    }
    assert_eq!(changes.last(), Some(&Change::TooMany));
}
