//! Times in which the cluster does not answer: nothing is certain then, and it is said.

use super::feed::Feed;
use super::say::Sayer;
use super::tell::Teller;
use crate::Millis;
use crate::error::Error;
use crate::text::count;
use crate::track::Track;

/// A gap that is shorter is not worth a line.
const WORTH: Millis = 1_000;

/// How often it is said again.
const AGAIN: Millis = 30_000;

#[derive(Default)]
pub(super) struct Gaps {
    gap: Option<Gap>,
    /// A refusal falls due then.
    refused_at: Option<Millis>,
}

struct Gap {
    since: Millis,
    why: String,
    /// When it is to be said next.
    say: Millis,
    was_said: bool,
}

impl Gaps {
    /// The cluster does not answer since then.
    pub(super) fn begin(&mut self, error: &Error, since: Millis, track: &mut Track) {
        if self.gap.is_none() {
            track.unknown(since);
            let why = match error {
                Error::Trouble(trouble) => trouble.why.to_string(),
                other => other.to_string(),
            };
            self.gap = Some(Gap { since, why, say: since.saturating_add(WORTH), was_said: false });
        }
    }

    /// Looks whether a gap begins or ends.
    pub(super) fn see(&mut self, feed: &Feed, now: Millis, track: &mut Track, teller: &mut Teller, sayer: &Sayer<'_>) {
        self.refused_at = feed.refused_at();
        match (feed.gap(), self.gap.is_some()) {
            (Some((error, since)), false) => {
                teller.changed = 0;
                self.begin(error, since, track);
            }
            (None, true) if feed.is_known() => {
                track.known(now);
                if let Some(gap) = self.gap.take().filter(|gap| gap.was_said) {
                    // A watch that goes on where it broke off tells the rest later: none so far is no number.
                    let pods = count(i64::try_from(teller.changed).unwrap_or(i64::MAX), "pod");
                    let changed =
                        if teller.changed == 0 { String::new() } else { format!("; {pods} changed meanwhile") };
                    let seconds = now.saturating_sub(gap.since) / 1_000;
                    sayer.line(&format!("the cluster answers again after {seconds} s{changed}"));
                }
            }
            (Some(_), true) | (None, _) => {}
        }
    }

    /// Says it, when it is time.
    pub(super) fn say(&mut self, now: Millis, sayer: &Sayer<'_>) {
        if let Some(gap) = self.gap.as_mut().filter(|gap| now >= gap.say) {
            let seconds = now.saturating_sub(gap.since) / 1_000;
            sayer.line(&format!("the cluster does not answer since {seconds} s: {}; it is asked again", gap.why));
            gap.say = now.saturating_add(AGAIN);
            gap.was_said = true;
        }
    }

    pub(super) fn due(&self) -> Option<Millis> {
        self.gap.as_ref().map(|gap| gap.say).into_iter().chain(self.refused_at).min()
    }
}
