//! When the credential ends, by what it says itself: whoever is told 401 is told that, too.

use crate::access::Auth;
use crate::credentials::facts;
use jiff::Timestamp;

/// The end of a credential that cannot be had anew from here.
pub(super) struct Ends {
    what: &'static str,
    at: Timestamp,
}

impl Ends {
    pub(super) fn of(auth: &Auth) -> Option<Ends> {
        let what = match auth {
            Auth::Token(_) => "token",
            Auth::Certificate { .. } => "client certificate",
            Auth::Nobody | Auth::InCluster | Auth::Exec(_) => return None,
        };
        Some(Ends { what, at: facts(auth, None).expires()? })
    }

    /// `: the token ended at 2026-11-22T04:10:05Z, 12 s ago`; nothing before its end.
    pub(super) fn words(&self, now: Timestamp) -> String {
        let seconds = now.as_second().saturating_sub(self.at.as_second());
        let ago = match seconds {
            ..0 => return String::new(),
            0..120 => format!("{seconds} s"),
            120..7_200 => format!("{} min", seconds / 60),
            7_200..172_800 => format!("{} h", seconds / 3_600),
            _ => format!("{} days", seconds / 86_400),
        };
        format!(": the {} ended at {:.0}, {ago} ago", self.what, self.at)
    }
}

#[cfg(test)]
mod tests {
    //! What is said of the end, and when.

    use super::*;

    #[test]
    fn the_end_of_a_credential_is_told_once_it_has_come() {
        let at: Timestamp = "2026-11-22T04:10:05Z".parse().unwrap();
        let ends = Ends { what: "token", at };
        let after = |seconds: i64| ends.words(Timestamp::from_second(at.as_second() + seconds).unwrap());
        assert_eq!(after(-1), "");
        assert_eq!(after(12), ": the token ended at 2026-11-22T04:10:05Z, 12 s ago");
        assert!(after(600).ends_with(", 10 min ago") && after(7_200).ends_with(", 2 h ago"));
        assert!(after(864_000).ends_with(", 10 days ago"));
    }
}
