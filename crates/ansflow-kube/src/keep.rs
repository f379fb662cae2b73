//! When a cluster is to be looked at again, and what it counts as: pure, told the time. Two failures in a row make a state;
//! a single one does not wake anybody.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use crate::Millis;
use crate::connect::Why;
use crate::error::Error;

/// A cluster that is well is looked at so often, give or take a fifth.
const WELL: Millis = 60_000;
/// One that is not, after its first, second and later failures.
const ILL: [Millis; 3] = [15_000, 30_000, 60_000];
/// What stays as it is is written down so often.
const WRITTEN: Millis = 300_000;

/// What a cluster counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It answers, and knows us.
    Connected,
    /// It does not answer.
    Disconnected,
    /// It answers, and that is all.
    Error,
}

/// What a cluster counts as where asking it ended so.
#[must_use]
pub fn standing(error: &Error) -> Standing {
    let Error::Trouble(trouble) = error else { return Standing::Error };
    match trouble.why {
        Why::Dns(_) | Why::Refused(_) | Why::TimedOut { .. } | Why::Proxy(_) | Why::Broken(_) | Why::Other(_) => {
            Standing::Disconnected
        }
        Why::Guard(_) => Standing::Disconnected,
        Why::Tls { .. } | Why::Unauthorized(_) | Why::NotKubernetes(_) | Why::Credential(_) => Standing::Error,
    }
}

/// What is to be looked at when, of all clusters.
#[derive(Debug, Default)]
pub struct Keep {
    known: BTreeMap<String, Known>,
}

#[derive(Debug)]
struct Known {
    revision: u64,
    /// When it is looked at next.
    due: Millis,
    /// In a row.
    failures: usize,
    /// What it counts as; none: nobody has looked.
    standing: Option<Standing>,
    /// What was found last, to be compared.
    said: String,
    written: Millis,
}

/// What is to be remembered of a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// What it counts as now.
    pub standing: Standing,
    /// Whether it counted as something else before.
    pub is_news: bool,
    /// Whether a row is to be written: something changed, or it is long since.
    pub is_written: bool,
}

impl Keep {
    /// The clusters that there are now, each with its revision and what it counted as when this began. New and changed ones
    /// are due at once – spread over their first seconds, so that a start does not ask all of them together.
    pub fn know<'a>(&mut self, clusters: impl Iterator<Item = (&'a str, u64, Option<Standing>)>, now: Millis) {
        let mut before = std::mem::take(&mut self.known);
        for (id, revision, standing) in clusters {
            let known = before.remove(id).filter(|known| known.revision == revision).unwrap_or_else(|| Known {
                revision,
                due: now + spread(id, 0) * 2_000 / 1_000,
                failures: 0,
                standing,
                said: String::new(),
                written: 0,
            });
            self.known.insert(id.to_owned(), known);
        }
    }

    /// Those that are due, the longest first; asked for once, they are due again when they were looked at.
    pub fn due(&mut self, now: Millis, most: usize) -> Vec<String> {
        let mut due: Vec<(Millis, &String)> =
            self.known.iter().filter(|(_, known)| known.due <= now).map(|(id, known)| (known.due, id)).collect();
        due.sort();
        let due: Vec<String> = due.into_iter().take(most).map(|(_, id)| id.clone()).collect();
        for id in &due {
            // Whoever looks says when it is over; one that never says so is looked at again all the same.
            self.put_off(id, now + WELL);
        }
        due
    }

    /// When the next one is due; none: there is none.
    #[must_use]
    pub fn next(&self) -> Option<Millis> {
        self.known.values().map(|known| known.due).min()
    }

    /// What came of a look at one as it was in this revision: what it said, and what it counts as by this look alone. None
    /// where it is not there any more, or was changed meanwhile.
    pub fn looked(&mut self, id: &str, revision: u64, found: Standing, said: &str, now: Millis) -> Option<Told> {
        let known = self.known.get_mut(id).filter(|known| known.revision == revision)?;
        known.failures = if found == Standing::Connected { 0 } else { known.failures + 1 };
        let standing = match known.standing {
            Some(Standing::Connected) if known.failures == 1 => Standing::Connected,
            _ => found,
        };
        let is_news = known.standing != Some(standing);
        let is_written = is_news || known.said != said || now - known.written >= WRITTEN;
        known.standing = Some(standing);
        if is_written {
            (known.said, known.written) = (said.to_owned(), now);
        }
        let wait = match known.failures {
            0 => WELL * (800 + spread(id, now) * 400 / 1_000) / 1_000,
            failures => ILL.get(failures - 1).copied().unwrap_or(WELL),
        };
        known.due = now + wait;
        Some(Told { standing, is_news, is_written })
    }

    fn put_off(&mut self, id: &str, due: Millis) {
        if let Some(known) = self.known.get_mut(id) {
            known.due = due;
        }
    }
}

/// Of a thousand: where in its span a cluster stands this time, always the same for the same id and time.
fn spread(id: &str, now: Millis) -> Millis {
    let digest = Sha256::digest(format!("{id} {now}"));
    let number = digest.iter().take(4).fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    Millis::from(number % 1_000)
}
