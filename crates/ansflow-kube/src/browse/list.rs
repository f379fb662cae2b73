//! Lists in pages: of a kind, of one namespace or of all, by labels and fields, and by a part of the name.

use super::fault::Fault;
use super::known::Known;
use super::rows::Row;
use super::table;
use crate::cluster::{Cluster, Page, Selector};
use crate::error::Error;
use crate::kind::Kind;
use crate::object::Obj;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

/// A page has no more rows.
pub const MOST: u32 = 500;
/// A page has so many where nobody says.
pub const USUAL: u32 = 100;
/// A search reads no more pages, each of [`MOST`] objects, and says so.
pub const SEARCHED: usize = 20;

/// What is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Of one namespace; of all where it is none.
    pub namespace: Option<String>,
    /// By labels and fields, as the cluster knows them.
    pub selector: Selector,
    /// A part of the name, in any case; empty: all of them.
    pub search: String,
    /// How many rows at most, from 1 to [`MOST`].
    pub limit: u32,
    /// [`Rows::next`] of the page before.
    pub cursor: Option<String>,
}

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    /// What the columns are called.
    pub columns: Vec<String>,
    /// The rows, in the cluster's order.
    pub rows: Vec<Row>,
    /// Where the next page begins; none: this is the last.
    pub next: Option<String>,
    /// How many there are in all, where that is known.
    pub total: Option<u64>,
    /// Whether the search was given up before its end; `next` goes on.
    pub truncated: bool,
}

/// Where a page begins.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    /// The page of the cluster that it lies in; empty: the first.
    #[serde(default)]
    page: String,
    /// Behind which of its objects, and at which number that was: objects may have come and gone meanwhile.
    #[serde(default)]
    behind: Option<(String, String)>,
    #[serde(default)]
    number: usize,
}

/// A page of a list.
///
/// # Errors
/// The cluster does not answer or refuses; [`Fault::Cursor`] where the place is not there any more.
pub async fn list(cluster: &Cluster, kind: &Kind, wanted: &Wanted) -> Result<Rows, Fault> {
    let place = wanted.cursor.as_deref().map_or(Ok(Place::default()), Place::read)?;
    let goes_on = wanted.cursor.is_some();
    let found = match wanted.search.is_empty() {
        true => plain(cluster, kind, wanted, place).await,
        false => searched(cluster, kind, wanted, place).await,
    };
    found.map_err(|error| match error.code() {
        // The cluster forgets old lists, and says so.
        410 | 400 if goes_on => Fault::Cursor,
        _ => error.into(),
    })
}

async fn plain(cluster: &Cluster, kind: &Kind, wanted: &Wanted, place: Place) -> Result<Rows, Error> {
    let is_first = place.page.is_empty();
    let page = Page { limit: wanted.limit.clamp(1, MOST), after: Some(place.page).filter(|page| !page.is_empty()) };
    let part = part(cluster, kind, wanted, &page).await?;
    let shown = part.rows.len() as u64;
    let total = match (&part.next, part.remaining) {
        (None, _) => Some(shown),
        (Some(_), Some(remaining)) => Some(shown + remaining),
        (Some(_), None) => None,
    };
    let next = part.next.map(|page| Place { page, ..Place::default() }.text());
    Ok(Rows { columns: part.columns, rows: part.rows, next, total: total.filter(|_| is_first), truncated: false })
}

async fn searched(cluster: &Cluster, kind: &Kind, wanted: &Wanted, place: Place) -> Result<Rows, Error> {
    let most = usize::try_from(wanted.limit.clamp(1, MOST)).unwrap_or_default();
    let mut page = Page { limit: MOST, after: Some(place.page.clone()).filter(|page| !page.is_empty()) };
    let mut begin = Some(place);
    let mut found = Rows { columns: Vec::new(), rows: Vec::new(), next: None, total: None, truncated: false };
    for _ in 0..SEARCHED {
        let part = part(cluster, kind, wanted, &page).await?;
        let skipped = begin.take().map_or(0, |place| place.index(&part.places));
        found.columns = part.columns;
        let at_page = page.after.clone().unwrap_or_default();
        for (row, number) in part.rows.into_iter().zip(part.numbers).filter(|(_, number)| *number >= skipped) {
            if found.rows.len() == most {
                found.next = found.rows.last().map(|last| Place::behind(at_page, last, number).text());
                return Ok(found);
            }
            found.rows.push(row);
        }
        match part.next {
            Some(next) => page.after = Some(next),
            None => return Ok(found),
        }
    }
    found.next = page.after.map(|page| Place { page, ..Place::default() }.text());
    found.truncated = true;
    Ok(found)
}

/// A page of the cluster's, with what is looked for.
struct Part {
    columns: Vec<String>,
    rows: Vec<Row>,
    /// Which of the page's objects each row is.
    numbers: Vec<usize>,
    /// All of the page's objects.
    places: Vec<(String, String)>,
    next: Option<String>,
    remaining: Option<u64>,
}

async fn part(cluster: &Cluster, kind: &Kind, wanted: &Wanted, page: &Page) -> Result<Part, Error> {
    let namespace = wanted.namespace.as_deref().filter(|_| kind.namespaced);
    let looked_for = wanted.search.to_lowercase();
    let is_wanted = |name: &str| looked_for.is_empty() || name.to_lowercase().contains(&looked_for);
    if let Some(known) = Known::find(&kind.group, &kind.kind) {
        let listed = cluster.list::<Obj>(kind, namespace, &wanted.selector, page).await?;
        let place = |object: &Obj| (object.namespace().unwrap_or_default().to_owned(), object.name().to_owned());
        let places = listed.items.iter().map(place).collect();
        let wanted = listed.items.iter().enumerate().filter(|(_, object)| is_wanted(object.name()));
        let (numbers, rows) = wanted.map(|(at, object)| (at, Row::of(object, known))).unzip();
        let columns = known.columns();
        return Ok(Part { columns, rows, numbers, places, next: listed.next, remaining: listed.remaining });
    }
    let printed = printed(cluster, kind, namespace, &wanted.selector, page).await?;
    let place = |row: &Row| (row.place().0.to_owned(), row.place().1.to_owned());
    let places = printed.rows.iter().map(place).collect();
    let (numbers, rows) = printed.rows.into_iter().enumerate().filter(|(_, row)| is_wanted(&row.name)).unzip();
    Ok(Part { columns: printed.columns, rows, numbers, places, next: printed.next, remaining: None })
}

/// A page of a kind that the cluster prints itself.
pub(super) async fn printed(
    cluster: &Cluster,
    kind: &Kind,
    namespace: Option<&str>,
    selector: &Selector,
    page: &Page,
) -> Result<table::Printed, Error> {
    let answer = cluster.table(kind, namespace, selector, page).await?;
    table::read(&answer).ok_or_else(|| Error::Unreadable {
        asked: format!("GET {}", kind.path(namespace)),
        why: "it is no table".to_owned(),
    })
}

impl Place {
    fn behind(page: String, last: &Row, number: usize) -> Place {
        let (namespace, name) = last.place();
        Place { page, behind: Some((namespace.to_owned(), name.to_owned())), number }
    }

    /// From which of a page's objects on.
    fn index(&self, places: &[(String, String)]) -> usize {
        let found = self.behind.as_ref().and_then(|behind| places.iter().position(|place| place == behind));
        found.map_or(self.number, |found| found + 1)
    }

    fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    fn read(text: &str) -> Result<Place, Fault> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| Fault::Cursor)?;
        serde_json::from_slice(&bytes).map_err(|_| Fault::Cursor)
    }
}
