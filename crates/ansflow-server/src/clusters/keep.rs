//! Looks at every cluster, again and again, for as long as this server leads.

use std::collections::BTreeSet;
use std::time::Duration;

use ansflow_kube::keep::{Keep, Standing};
use ansflow_store::clusters::State;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tracing::{info, warn};

use super::AT_ONCE;
use super::look::{Looked, look};
use crate::App;
use crate::error::ApiResult;

/// New and changed clusters are noticed within this time.
pub const TICK: Duration = Duration::from_secs(2);

/// Looks at clusters that are due until it is dropped, once in a `tick`. `leads` says whether this server is the one that does.
pub async fn keep(app: App, tick: Duration, leads: impl Fn() -> bool) {
    let (mut keep, mut looks) = (Keep::default(), Looks::default());
    loop {
        if leads() {
            begin(&app, &mut keep, &mut looks).await;
        } else {
            keep = Keep::default();
        }
        tokio::select! {
            () = sleep(tick) => {}
            Some((id, looked)) = looks.next() => told(&app, &mut keep, &id, looked).await,
        }
    }
}

/// Looks that are under way.
#[derive(Default)]
struct Looks {
    set: JoinSet<(String, ApiResult<Looked>)>,
    under_way: BTreeSet<String>,
}

impl Looks {
    /// The next one that is over; for ever where there is none.
    async fn next(&mut self) -> Option<(String, ApiResult<Looked>)> {
        let Some(joined) = self.set.join_next().await else { return std::future::pending().await };
        let (id, looked) = joined.ok()?;
        self.under_way.remove(&id);
        Some((id, looked))
    }
}

/// Knows the clusters that there are, and begins to look at those that are due.
async fn begin(app: &App, keep: &mut Keep, looks: &mut Looks) {
    let all = match app.store().clusters(app.keyring()).all().await {
        Ok(all) => all,
        Err(error) => return warn!("the clusters cannot be read: {error}"),
    };
    let now = app.now().as_millisecond();
    keep.know(all.iter().map(|one| (one.id.as_str(), one.revision, before(one.state))), now);
    let free = AT_ONCE.saturating_sub(looks.under_way.len());
    for id in keep.due(now, free) {
        if looks.under_way.insert(id.clone()) {
            let app = app.clone();
            looks.set.spawn(async move {
                let looked = look(&app, &id).await;
                (id, looked)
            });
        }
    }
}

/// Remembers what a look found.
async fn told(app: &App, keep: &mut Keep, id: &str, looked: ApiResult<Looked>) {
    let looked = match looked {
        Ok(looked) => looked,
        // It was removed meanwhile, or sealed with another key, which is told where somebody asks.
        Err(error) => return warn!("cluster `{id}` cannot be looked at: {}", error.detail()),
    };
    let about = &looked.opened.about;
    let (found, sentence) = (looked.standing(), looked.sentence());
    let Some(told) = keep.looked(id, about.revision, found, &sentence, app.now().as_millisecond()) else { return };
    if told.is_news {
        let (name, was) = (&about.name, about.state.name());
        match told.standing {
            Standing::Connected => info!(cluster.id = %id, "cluster `{name}` was {was} and is connected"),
            Standing::Disconnected | Standing::Error => {
                warn!(cluster.id = %id, "cluster `{name}` was {was} and is not connected: {sentence}");
            }
        }
    }
    // Somebody who asked it meanwhile wrote down what it said to them.
    let differs = before(about.state) != Some(told.standing);
    if (told.is_written || differs)
        && let Err(error) = looked.keep(app, told.standing).await
    {
        warn!("what was found of cluster `{id}` cannot be written down: {error}");
    }
}

fn before(state: State) -> Option<Standing> {
    match state {
        State::Unknown => None,
        State::Connected => Some(Standing::Connected),
        State::Disconnected => Some(Standing::Disconnected),
        State::Error => Some(Standing::Error),
    }
}
