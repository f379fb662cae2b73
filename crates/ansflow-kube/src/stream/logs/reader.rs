//! Reads one log once: from its place to its end, or until the connection breaks.
//!
//! The cluster takes a place as a whole second only. So a log that is read again begins a little early, and the lines that were
//! told already are left out: those before the place's time, and of those at that very time as many as were told.

use super::wanted::LogLine;
use crate::cluster::{Cluster, PodLog};
use crate::error::Error;
use crate::stream::merge::Source;
use jiff::Timestamp;
use tokio::sync::mpsc;

/// Up to where a log was told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// The time of the last line.
    pub(super) at: Option<Timestamp>,
    /// How many lines of that time were told.
    pub(super) told: u32,
}

/// How a reading ended.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct End {
    pub(super) place: Place,
    /// Why, unless it was the end of the log.
    pub(super) error: Option<Error>,
}

pub(super) enum Heard {
    Line(Source, LogLine),
    Ended(Source, End),
}

pub(super) struct Reader {
    pub(super) cluster: Cluster,
    pub(super) source: Source,
    pub(super) log: PodLog,
    pub(super) place: Place,
    pub(super) to: mpsc::Sender<Heard>,
}

impl Reader {
    pub(super) async fn run(mut self) {
        let error = self.read().await.err();
        // Who does not listen any more needs no end.
        let _ = self.to.send(Heard::Ended(self.source, End { place: self.place, error })).await;
    }

    async fn read(&mut self) -> Result<(), Error> {
        let mut skip = Skip::from(self.place);
        self.log.timestamps = true;
        if let Some(at) = self.place.at {
            self.log.since_time = Some(at.to_string());
            (self.log.tail, self.log.since_seconds) = (None, None);
        }
        let mut lines = self.cluster.log(&self.log).await?;
        let mut goes_on = false;
        while let Some(line) = lines.next().await? {
            let text = String::from_utf8_lossy(&line.bytes).into_owned();
            // Only the first piece of a line has its time before it.
            let (at, text) = if goes_on { (self.place.at, text) } else { stamped(text) };
            let is_piece = std::mem::replace(&mut goes_on, line.is_cut);
            if skip.leaves_out(at, is_piece) {
                continue;
            }
            if !is_piece {
                self.place = self.place.after(at);
            }
            let (pod, container) = (self.log.pod.clone(), self.log.container.clone());
            let line = LogLine { pod, container, at, text, is_cut: line.is_cut };
            if self.to.send(Heard::Line(self.source, line)).await.is_err() {
                return Ok(());
            }
        }
        Ok(())
    }
}

impl Place {
    fn after(self, at: Option<Timestamp>) -> Place {
        match at {
            Some(at) if self.at.is_none_or(|before| before < at) => Place { at: Some(at), told: 1 },
            Some(at) if self.at == Some(at) => Place { told: self.told + 1, ..self },
            Some(_) | None => self,
        }
    }
}

/// What was told already.
struct Skip {
    before: Option<Timestamp>,
    left: u32,
    is_leaving_out: bool,
}

impl From<Place> for Skip {
    fn from(place: Place) -> Skip {
        Skip { before: place.at, left: place.told, is_leaving_out: false }
    }
}

impl Skip {
    fn leaves_out(&mut self, at: Option<Timestamp>, is_piece: bool) -> bool {
        if is_piece {
            return self.is_leaving_out;
        }
        self.is_leaving_out = match (self.before, at) {
            (Some(before), Some(at)) if at < before => true,
            (Some(before), Some(at)) if at == before && self.left > 0 => {
                self.left -= 1;
                true
            }
            _ => false,
        };
        self.is_leaving_out
    }
}

/// `2026-11-21T04:24:59.130548405Z text`
fn stamped(text: String) -> (Option<Timestamp>, String) {
    match text.split_once(' ').map(|(stamp, rest)| (stamp.parse().ok(), rest)) {
        Some((at @ Some(_), rest)) => (at, rest.to_owned()),
        // An empty line has nothing behind its time.
        Some((None, _)) | None => match text.parse() {
            Ok(at) => (Some(at), String::new()),
            Err(_) => (None, text),
        },
    }
}

#[cfg(test)]
mod tests {
    //! Lines twice, and which of them are told.

    use super::{Place, Skip, stamped};

    fn at(text: &str) -> Option<jiff::Timestamp> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn a_line_has_its_time_before_it_or_none() {
        let stamp = "2026-11-21T04:24:59.130548405Z";
        assert_eq!(stamped(format!("{stamp} a b")), (at(stamp), "a b".to_owned()));
        assert_eq!(stamped(format!("{stamp} ")), (at(stamp), String::new()));
        assert_eq!(stamped(stamp.to_owned()), (at(stamp), String::new()));
        assert_eq!(stamped("unable to retrieve".to_owned()), (None, "unable to retrieve".to_owned()));
    }

    #[test]
    fn what_was_told_is_left_out_and_nothing_else() {
        let (first, second, third) = ("2026-11-21T04:24:59.1Z", "2026-11-21T04:24:59.2Z", "2026-11-21T04:24:59.3Z");
        // `second` was said three times, and the connection broke after two of them.
        let place = [first, second, second].into_iter().fold(Place::default(), |place, text| place.after(at(text)));
        assert_eq!(place, Place { at: at(second), told: 2 });
        let mut skip = Skip::from(place);
        let again = [first, second, second, second, third];
        let told: Vec<bool> = again.into_iter().map(|text| !skip.leaves_out(at(text), false)).collect();
        assert_eq!(told, [false, false, false, true, true]);
    }

    #[test]
    fn pieces_of_a_line_share_its_fate() {
        let mut skip = Skip::from(Place { at: at("2026-11-21T04:24:59Z"), told: 1 });
        assert!(skip.leaves_out(at("2026-11-21T04:24:59Z"), false));
        assert!(skip.leaves_out(None, true));
        assert!(!skip.leaves_out(at("2026-11-21T04:24:59Z"), false));
        assert!(!skip.leaves_out(None, true));
    }
}
