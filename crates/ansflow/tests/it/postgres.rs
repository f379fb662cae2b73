//! A PostgreSQL database of one's own.

use std::process::Command;

/// URL of a PostgreSQL whose role may make schemas: `scripts/postgres.sh start` makes one.
const POSTGRES: &str = "ANSFLOW_TEST_POSTGRES";

/// A schema, dropped with this.
pub(crate) struct Schema {
    postgres: String,
    name: String,
}

impl Schema {
    /// An empty one; none where no PostgreSQL is named.
    #[expect(clippy::print_stderr, reason = "a test that did nothing says so")]
    pub(crate) fn new() -> Option<Self> {
        let Ok(postgres) = std::env::var(POSTGRES) else {
            eprintln!("notice: {POSTGRES} is not set; this test did nothing");
            return None;
        };
        let schema = Self { postgres, name: format!("test_{}", uuid::Uuid::now_v7().simple()) };
        schema.say(&format!("CREATE SCHEMA {}", schema.name));
        Some(schema)
    }

    /// The database with this schema in it and no other.
    pub(crate) fn url(&self) -> String {
        let mark = if self.postgres.contains('?') { '&' } else { '?' };
        format!("{}{mark}options[search_path]={}", self.postgres, self.name)
    }

    /// Only the store speaks SQL; this is its administrator.
    fn say(&self, sql: &str) {
        let ended = Command::new("psql").args(["--quiet", &self.postgres, "-c", sql]).output();
        let ended = ended.unwrap_or_else(|error| panic!("psql, which comes with PostgreSQL: {error}"));
        assert!(ended.status.success(), "{sql}: {}", String::from_utf8_lossy(&ended.stderr));
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        self.say(&format!("DROP SCHEMA {} CASCADE", self.name));
    }
}
