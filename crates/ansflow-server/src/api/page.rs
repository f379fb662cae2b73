//! Lists come in pages.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::{ApiError, ApiResult};

/// A page of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Page<T> {
    /// What is on it.
    pub(crate) items: Vec<T>,
    /// The `cursor` of the next page; none: this is the last.
    #[schema(required)]
    pub(crate) next: Option<String>,
    /// How many there are in all, where that is known.
    #[schema(required)]
    pub(crate) total: Option<u64>,
}

/// Which page is asked for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Paging {
    /// At most so many, 1 to 200; 50 where it is left out.
    #[param(minimum = 1, maximum = 200)]
    pub(crate) limit: Option<u32>,
    /// `next` of the page before.
    pub(crate) cursor: Option<String>,
}

impl Paging {
    /// How many.
    pub(crate) fn limit(&self) -> ApiResult<u64> {
        match self.limit {
            None => Ok(50),
            Some(limit @ 1..=200) => Ok(limit.into()),
            Some(_) => Err(ApiError::invalid("limit", "`limit` must be from 1 to 200")),
        }
    }
}

impl<T> Page<T> {
    /// All there is.
    pub(crate) fn all(items: Vec<T>) -> Page<T> {
        let total = Some(items.len() as u64);
        Page { items, next: None, total }
    }

    /// Of `limit` that were asked for and one more that was looked for; `cursor` is made of the last that is shown.
    pub(crate) fn of(mut items: Vec<T>, limit: u64, cursor: impl Fn(&T) -> String) -> Page<T> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(cursor);
        Page { items, next, total: None }
    }
}
