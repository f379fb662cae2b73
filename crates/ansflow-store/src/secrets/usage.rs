//! Which pipelines name which secret, read from their present texts.

use std::collections::{BTreeMap, BTreeSet};

use super::Secrets;
use crate::Result;

/// A pipeline that names a secret.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UsedBy {
    /// The pipeline's name.
    pub name: String,
    /// The pipeline's id.
    pub pipeline: String,
}

impl Secrets<'_> {
    /// The pipelines whose present text names a secret, by the secret's name.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn used_by(&self) -> Result<BTreeMap<String, Vec<UsedBy>>> {
        let mut found: BTreeMap<String, Vec<UsedBy>> = BTreeMap::new();
        let mut after = String::new();
        loop {
            let some = self.texts(&after).await?;
            let Some((last, _, _)) = some.last() else { break };
            after.clone_from(last);
            for (pipeline, name, body) in &some {
                for secret in named(body) {
                    let user = UsedBy { name: name.clone(), pipeline: pipeline.clone() };
                    found.entry(secret.to_owned()).or_default().push(user);
                }
            }
        }
        found.values_mut().for_each(|users| users.sort());
        Ok(found)
    }

    /// Id, name and text of the next pipelines: a few at a time, because all texts together may be large.
    async fn texts(&self, after: &str) -> Result<Vec<(String, String, String)>> {
        let rows = sqlx::query_as(
            "SELECT pipeline.id, pipeline.name, pipeline_version.body FROM pipeline
             JOIN pipeline_version ON pipeline_version.pipeline = pipeline.id
               AND pipeline_version.version = pipeline.version
             WHERE pipeline.deleted_at = 0 AND pipeline.id > $1 AND pipeline_version.body LIKE '%secrets%'
             ORDER BY pipeline.id LIMIT 100",
        );
        Ok(rows.bind(after).fetch_all(self.db.read()).await?)
    }
}

/// The names that stand behind `secrets.` or in `secrets["…"]`. A comment counts too: better one too many.
fn named(text: &str) -> BTreeSet<&str> {
    text.split("secrets").skip(1).filter_map(after).collect()
}

fn after(rest: &str) -> Option<&str> {
    let rest = rest.trim_start();
    let rest = match rest.strip_prefix('.') {
        Some(rest) => rest.trim_start(),
        None => rest.strip_prefix('[')?.trim_start().trim_start_matches('\\').strip_prefix(['"', '\''])?,
    };
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    Some(&rest[..end]).filter(|name| super::check_name(name).is_ok())
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn names_are_found_where_they_are_used() {
        let text =
            "a: {{ secrets.A }}{{secrets . B}} {{ secrets[\"C\"] }} \"{{ secrets[\\\"D\\\"] }}\" secrets: secrets.1";
        assert_eq!(named(text).into_iter().collect::<Vec<_>>(), ["A", "B", "C", "D"]);
    }
}
