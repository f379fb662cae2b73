//! The web UI that this binary carries: `web/dist` as it was when it was built. A debug build reads the folder itself, so
//! that a rebuilt UI needs no rebuilt binary.

use ansflow_server::Asset;
use rust_embed::RustEmbed;

// What is missing is no error: the server then says how to build it.
#[derive(RustEmbed)]
#[folder = "$ANSFLOW_UI"]
#[allow_missing = true]
struct Dist;

/// A file of the web UI, such as `index.html`; for [`ansflow_server::App::new`].
pub(crate) fn asset(path: &str) -> Option<Asset> {
    let file = Dist::get(path)?;
    Some(Asset { sha256: file.metadata.sha256_hash(), bytes: file.data })
}
