//! Which of the secrets that a text names are there.

use std::collections::BTreeSet;

use sqlx::AssertSqlSafe;

use super::{Pipelines, placeholders};
use crate::Result;

impl Pipelines<'_> {
    /// Those of these names that no secret has.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn missing_secrets(&self, names: &BTreeSet<String>) -> Result<BTreeSet<String>> {
        let mut missing = names.clone();
        let names: Vec<&String> = names.iter().collect();
        // A database takes so many values in one statement, and no more.
        for some in names.chunks(500) {
            let sql = format!("SELECT name FROM secret WHERE name IN ({})", placeholders(1, some.len()));
            let mut query = sqlx::query_scalar::<_, String>(AssertSqlSafe(sql));
            for name in some {
                query = query.bind(name.as_str());
            }
            for known in query.fetch_all(self.db.read()).await? {
                missing.remove(&known);
            }
        }
        Ok(missing)
    }
}
