//! A statement that is put together from constants, with its values beside it; and the rows that come back.

use sqlx::{AnyPool, AssertSqlSafe};

use super::Listed;
use crate::db::count;
use crate::runs::status_of;
use crate::{Error, Result};

/// What is read of each run.
pub(super) const COLUMNS: &str = "run.id AS id, run.pipeline AS pipeline, run.number AS number, run.status AS status,
    run.seq AS seq, run.created_at AS created_at, detail.name AS name, detail.version AS version,
    detail.cause AS cause, detail.started_by AS started_by, detail.branch AS branch, detail.commit_id AS commit_id,
    detail.retry_of AS retry_of, detail.started_at AS started_at, detail.ended_at AS ended_at";

/// A value in a statement.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Text(String),
    Number(i64),
}

/// A statement that grows, with its values.
#[derive(Debug, Default)]
pub(super) struct Statement {
    sql: String,
    values: Vec<Value>,
}

impl Statement {
    /// Adds a constant; each `{}` in it stands for the next value.
    pub(super) fn push(&mut self, text: &'static str, values: impl IntoIterator<Item = Value>) {
        let mut values = values.into_iter();
        for (at, part) in text.split("{}").enumerate() {
            if at > 0 {
                self.values.extend(values.next());
                self.sql.push('$');
                self.sql.push_str(&self.values.len().to_string());
            }
            self.sql.push_str(part);
        }
    }

    /// The number that it asks for.
    pub(super) async fn count(self, pool: &AnyPool) -> Result<i64> {
        let rows: Vec<(i64,)> = self.rows(pool).await?;
        Ok(rows.first().map_or(0, |(count,)| *count))
    }

    /// The runs that it asks for.
    pub(super) async fn fetch(self, pool: &AnyPool) -> Result<Vec<Listed>> {
        let rows: Vec<Row> = self.rows(pool).await?;
        rows.into_iter().map(Listed::try_from).collect()
    }

    async fn rows<R>(self, pool: &AnyPool) -> Result<Vec<R>>
    where
        R: for<'r> sqlx::FromRow<'r, sqlx::any::AnyRow> + Send + Unpin,
    {
        // Safe: `push` takes constants, and values are bound.
        let mut query = sqlx::query_as::<_, R>(AssertSqlSafe(self.sql));
        for value in self.values {
            query = match value {
                Value::Text(text) => query.bind(text),
                Value::Number(number) => query.bind(number),
            };
        }
        Ok(query.fetch_all(pool).await?)
    }
}

struct Row {
    id: String,
    pipeline: String,
    number: i64,
    status: String,
    seq: i64,
    created_at: i64,
    name: String,
    version: i64,
    cause: String,
    started_by: String,
    branch: String,
    commit_id: String,
    retry_of: String,
    started_at: i64,
    ended_at: i64,
}

impl<'r> sqlx::FromRow<'r, sqlx::any::AnyRow> for Row {
    fn from_row(row: &'r sqlx::any::AnyRow) -> sqlx::Result<Row> {
        use sqlx::Row as _;
        Ok(Row {
            id: row.try_get("id")?,
            pipeline: row.try_get("pipeline")?,
            number: row.try_get("number")?,
            status: row.try_get("status")?,
            seq: row.try_get("seq")?,
            created_at: row.try_get("created_at")?,
            name: row.try_get("name")?,
            version: row.try_get("version")?,
            cause: row.try_get("cause")?,
            started_by: row.try_get("started_by")?,
            branch: row.try_get("branch")?,
            commit_id: row.try_get("commit_id")?,
            retry_of: row.try_get("retry_of")?,
            started_at: row.try_get("started_at")?,
            ended_at: row.try_get("ended_at")?,
        })
    }
}

impl TryFrom<Row> for Listed {
    type Error = Error;

    fn try_from(row: Row) -> Result<Listed> {
        let text = |text: String| Some(text).filter(|text| !text.is_empty());
        let time = |at: i64| Some(at).filter(|at| *at != 0);
        Ok(Listed {
            status: status_of(&row.id, &row.status)?,
            id: row.id,
            pipeline: row.pipeline,
            name: row.name,
            number: count(row.number),
            seq: count(row.seq),
            version: Some(count(row.version)).filter(|version| *version != 0),
            cause: row.cause,
            by: row.started_by,
            branch: text(row.branch),
            commit: text(row.commit_id),
            retry_of: text(row.retry_of),
            created_at: row.created_at,
            started_at: time(row.started_at),
            ended_at: time(row.ended_at),
        })
    }
}
