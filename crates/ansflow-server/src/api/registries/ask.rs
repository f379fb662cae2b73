//! Questions to a registry: bounded in time and number, and where there is no answer, with the cause.

use std::time::Duration;

use ansflow_docker::registry::{Checked, Registry};
use ansflow_docker::{Cause, Error, Login};
use ansflow_store::registries::{Check, Opened};
use axum::extract::State;
use axum::http::StatusCode;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::view::RegistryCheck;
use super::{sealed_otherwise, stored};
use crate::App;
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::Path;

pub(super) const TEST: &str = "/api/v1/docker/registries/{id}/test-connection";

/// For an answer, however many requests it takes.
const PATIENCE: Duration = Duration::from_secs(10);
/// So many registries are asked at once, for everybody together.
const AT_ONCE: usize = 8;

/// Who may ask now.
pub(crate) struct Places(Semaphore);

impl Default for Places {
    fn default() -> Places {
        Places(Semaphore::new(AT_ONCE))
    }
}

/// Asks a registry whether it is there, is one, and takes the login. That it does not is an answer, with the cause; it is
/// remembered as `last_check`.
#[utoipa::path(post, path = TEST, operation_id = "test_registry", tag = "registries", params(("id" = String, Path)), responses(
    (status = 200, body = RegistryCheck, description = "whether it answers, and why not"),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem, description = "its password was sealed with another key"),
    (status = 429, body = Problem), (status = 500, body = Problem),
))]
pub(super) async fn test(State(app): State<App>, Path(id): Path<String>) -> ApiResult<axum::Json<RegistryCheck>> {
    let asked = Asked::open(&app, &id).await?;
    let answer = match asked.registry() {
        Ok(registry) => asked.within(&app, registry.check()).await?,
        Err(error) => Err(error),
    };
    let (ok, message) = match &answer {
        Ok(checked) => (true, asked.words(checked)),
        Err(error) => (false, error.to_string()),
    };
    let check = Check { at: app.now().as_millisecond(), ok, message };
    stored(&app).checked(&id, asked.stored.about.revision, &check).await?;
    Ok(axum::Json(check.into()))
}

/// A registry that is to be asked something.
pub(super) struct Asked {
    stored: Opened,
}

impl Asked {
    pub(super) async fn open(app: &App, id: &str) -> ApiResult<Asked> {
        Ok(Asked { stored: stored(app).open(id).await.map_err(sealed_otherwise)? })
    }

    /// Its host, as it stands in names of images.
    pub(super) fn host(&self) -> &str {
        self.stored.about.address.host()
    }

    /// The registry as who signs in there.
    pub(super) fn registry(&self) -> Result<Registry, Error> {
        let about = &self.stored.about;
        let login = self.stored.password.as_ref().map(|password| Login::new(&about.username, password.as_str()));
        Registry::new(about.address.clone(), login)
    }

    /// An answer, in time.
    pub(super) async fn within<T>(
        &self,
        app: &App,
        question: impl Future<Output = Result<T, Error>>,
    ) -> ApiResult<Result<T, Error>> {
        let Ok(_place) = timeout(PATIENCE, app.registry_places().0.acquire()).await else {
            let why = "too many registries are being asked at once";
            return Err(ApiError::too_many(why, PATIENCE.as_secs()));
        };
        let late = |_| Err(Error::Registry { host: self.host().to_owned(), cause: Cause::TimedOut });
        Ok(timeout(PATIENCE, question).await.unwrap_or_else(late))
    }

    fn words(&self, checked: &Checked) -> String {
        let host = self.host();
        match (checked.logged_in, self.stored.password.is_some()) {
            (true, _) => format!("the registry {host} answers and takes the login"),
            (false, true) => format!("the registry {host} answers, and does not ask who we are"),
            (false, false) => format!("the registry {host} answers; nobody signs in there"),
        }
    }
}

/// Why a registry gave no answer, as ours.
pub(super) fn refusal(error: &Error) -> ApiError {
    let why = error.to_string();
    match error {
        Error::Invalid { what: "the tag", .. } => ApiError::invalid("tag", why),
        Error::Invalid { .. } => ApiError::invalid("repository", why),
        Error::Registry { cause: Cause::NoRepository | Cause::NoManifest, .. } => {
            ApiError::with_status(StatusCode::NOT_FOUND, "not_found", why)
        }
        Error::Registry { cause: Cause::NotOffered(_), .. } => {
            ApiError::conflict("not_offered", why).help("name the repository yourself")
        }
        _ => ApiError::with_status(StatusCode::BAD_GATEWAY, "registry_unreachable", why),
    }
}
