//! One of several servers on a database drives its runs; the others stand by. The database itself says which: its lock
//! is let go when the connection of who has it ends, however that comes.

use sqlx::{AnyConnection, Connection as _};

use crate::db::Claim;
use crate::{Result, Store};

/// The right to drive the runs of a database, until it is dropped or lost.
#[derive(Debug)]
pub struct Lead {
    /// None: nobody else can reach the database.
    connection: Option<AnyConnection>,
}

impl Store {
    /// Takes the lead; none: another server has it.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn try_lead(&self) -> Result<Option<Lead>> {
        let connection = match self.db.try_claim().await? {
            Claim::Taken(connection) => Some(connection),
            Claim::Anothers => return Ok(None),
            Claim::Needless => None,
        };
        Ok(Some(Lead { connection }))
    }
}

impl Lead {
    /// Whether it is still ours.
    pub async fn holds(&mut self) -> bool {
        match &mut self.connection {
            Some(connection) => connection.ping().await.is_ok(),
            None => true,
        }
    }

    /// Lets go of it at once.
    pub async fn leave(self) {
        if let Some(connection) = self.connection {
            // The lock goes with it, in whatever way.
            let _ = connection.close().await;
        }
    }
}
