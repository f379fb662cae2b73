//! The secrets that forges share with the whole server.

use ansflow_core::webhook::Source;
use ansflow_store::settings::Forge;
use zeroize::Zeroizing;

use crate::App;
use crate::error::ApiResult;

/// What a forge signs with for the whole server; none: nobody has set it.
pub(super) async fn of_forge(app: &App, source: Source) -> ApiResult<Option<Zeroizing<String>>> {
    let forge = match source {
        Source::Github => Forge::Github,
        Source::Gitlab => Forge::Gitlab,
        Source::Gitea => Forge::Gitea,
        Source::Gitee => Forge::Gitee,
        Source::Generic => return Ok(None),
    };
    Ok(app.store().settings(app.keyring()).get().await?.hook_secret(forge)?)
}
