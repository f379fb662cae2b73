//! What a registry has. It is asked each time: nothing here is remembered, so nothing is out of date.

use ansflow_docker::Error;
use ansflow_docker::registry::{Listed, Manifest, Registry};
use axum::extract::State;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::ask::{Asked, refusal};
use crate::App;
use crate::api::page::{Page, Paging};
use crate::error::{ApiResult, Problem};
use crate::extract::{Path, Query};

pub(super) const REPOSITORIES: &str = "/api/v1/docker/registries/{id}/repositories";
pub(super) const TAGS: &str = "/api/v1/docker/registries/{id}/tags";
pub(super) const IMAGE: &str = "/api/v1/docker/registries/{id}/image";

/// A repository's path has at most so many bytes, a tag fewer.
const LONGEST: usize = 255;

/// Which repositories.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct RepositoriesQuery {
    /// Only those whose name contains this.
    search: Option<String>,
    /// At most so many, 1 to 200; all where it is left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// Which tags.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct TagsQuery {
    /// Its whole path, as it is listed: `team/shop`, `library/nginx`.
    repository: String,
    /// Only those that contain this.
    search: Option<String>,
    /// At most so many, 1 to 200; all where it is left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// Which image.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ImageQuery {
    /// Its whole path, as it is listed: `team/shop`, `library/nginx`.
    repository: String,
    /// A tag, or a digest.
    tag: String,
}

/// What a tag stands for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RegistryImage {
    /// The whole name, to pull it by: `harbor.example.com/team/shop:v1`.
    reference: String,
    /// By which it can be pulled for ever: `sha256:…`.
    digest: String,
    /// Bytes that a pull transfers; of the first platform, where there are several.
    size: u64,
    /// When it was built, where its builder says so.
    #[schema(required)]
    created: Option<String>,
    /// `linux/amd64`, …
    platforms: Vec<String>,
}

/// Its repositories below its address' path, by their whole paths, sorted. All at once, unless a `limit` is given, because each
/// page is a question of its own; `total` is null where it has more than the 10 000 that are read.
#[utoipa::path(get, path = REPOSITORIES, operation_id = "list_registry_repositories", tag = "registries",
    params(("id" = String, Path), RepositoriesQuery), responses(
    (status = 200, body = Page<String>),
    (status = 401, body = Problem), (status = 404, body = Problem, description = "there is no such registry"),
    (status = 409, body = Problem, description = "`not_offered`: it does not list them, as Docker Hub does not"),
    (status = 422, body = Problem), (status = 429, body = Problem), (status = 500, body = Problem),
    (status = 502, body = Problem, description = "`registry_unreachable`: the registry gave no answer; `detail` names the cause"),
))]
pub(super) async fn repositories(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<RepositoriesQuery>,
) -> ApiResult<axum::Json<Page<String>>> {
    let wanted = Wanted::of(query.search, query.limit, query.cursor)?;
    let (asked, registry) = open(&app, &id).await?;
    let listed = answer(asked.within(&app, registry.repositories()).await?)?;
    Ok(axum::Json(wanted.page(listed)))
}

/// The tags of a repository, sorted. All at once, unless a `limit` is given, because each page is a question of its own;
/// `total` is null where it has more than the 10 000 that are read.
#[utoipa::path(get, path = TAGS, operation_id = "list_registry_tags", tag = "registries",
    params(("id" = String, Path), TagsQuery), responses(
    (status = 200, body = Page<String>),
    (status = 401, body = Problem), (status = 404, body = Problem, description = "there is no such registry or repository"),
    (status = 409, body = Problem, description = "it does not list them"),
    (status = 422, body = Problem), (status = 429, body = Problem), (status = 500, body = Problem),
    (status = 502, body = Problem, description = "`registry_unreachable`: the registry gave no answer; `detail` names the cause"),
))]
pub(super) async fn tags(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<TagsQuery>,
) -> ApiResult<axum::Json<Page<String>>> {
    let wanted = Wanted::of(query.search, query.limit, query.cursor)?;
    let (asked, registry) = open(&app, &id).await?;
    let listed = answer(asked.within(&app, registry.tags(&query.repository)).await?)?;
    Ok(axum::Json(wanted.page(listed)))
}

/// What a tag stands for.
#[utoipa::path(get, path = IMAGE, operation_id = "get_registry_image", tag = "registries",
    params(("id" = String, Path), ImageQuery), responses(
    (status = 200, body = RegistryImage),
    (status = 401, body = Problem),
    (status = 404, body = Problem, description = "there is no such registry, repository or tag"),
    (status = 409, body = Problem, description = "it does not tell"),
    (status = 422, body = Problem), (status = 429, body = Problem), (status = 500, body = Problem),
    (status = 502, body = Problem, description = "`registry_unreachable`: the registry gave no answer; `detail` names the cause"),
))]
pub(super) async fn image(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<ImageQuery>,
) -> ApiResult<axum::Json<RegistryImage>> {
    let (asked, registry) = open(&app, &id).await?;
    let manifest = answer(asked.within(&app, registry.manifest(&query.repository, &query.tag)).await?)?;
    Ok(axum::Json(RegistryImage::of(asked.host(), &query, manifest)))
}

async fn open(app: &App, id: &str) -> ApiResult<(Asked, Registry)> {
    let asked = Asked::open(app, id).await?;
    let registry = answer(asked.registry())?;
    Ok((asked, registry))
}

fn answer<T>(answer: Result<T, Error>) -> ApiResult<T> {
    answer.map_err(|error| refusal(&error))
}

/// Which of the names.
struct Wanted {
    search: String,
    /// None: all of them.
    limit: Option<u64>,
    after: String,
}

impl Wanted {
    fn of(search: Option<String>, limit: Option<u32>, cursor: Option<String>) -> ApiResult<Wanted> {
        let limit = limit.map(|limit| Paging { limit: Some(limit), cursor: None }.limit()).transpose()?;
        Ok(Wanted { search: search.unwrap_or_default(), limit, after: cursor.unwrap_or_default() })
    }

    /// Names that can be names: what a registry sends may be anything, in any order, and ends in terminals.
    fn page(&self, listed: Listed) -> Page<String> {
        let mut names = listed.names;
        names.retain(|name| is_plain(name) && name.contains(&self.search));
        names.sort_unstable();
        names.dedup();
        let total = (!listed.is_cut).then_some(names.len() as u64);
        names.retain(|name| *name > self.after);
        match self.limit {
            None => Page { items: names, next: None, total },
            Some(limit) => Page { total, ..Page::of(names, limit, String::clone) },
        }
    }
}

fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.len() <= LONGEST && text.bytes().all(|byte| byte.is_ascii_graphic())
}

impl RegistryImage {
    fn of(host: &str, query: &ImageQuery, manifest: Manifest) -> RegistryImage {
        let mark = if query.tag.contains(':') { '@' } else { ':' };
        let created = manifest.created.and_then(|created| created.parse::<Timestamp>().ok());
        let mut platforms = manifest.platforms;
        platforms.retain(|platform| is_plain(platform));
        RegistryImage {
            reference: format!("{host}/{}{mark}{}", query.repository, query.tag),
            digest: manifest.digest,
            size: manifest.size,
            created: created.map(|created| created.to_string()),
            platforms,
        }
    }
}
