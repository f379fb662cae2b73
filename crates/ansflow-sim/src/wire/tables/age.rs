//! How long ago, in two or three figures, as Kubernetes' `HumanDuration` says it.

use serde_json::Value;

use crate::object::{Object, ObjectExt};
use crate::time::Micros;

/// The age of an object as a cell.
pub(super) fn age(object: &Object, now: Micros) -> Value {
    since(object, "/metadata/creationTimestamp", now).into()
}

/// How long ago the time at a place was; `<unknown>` without one.
pub(super) fn since(object: &Object, pointer: &str, now: Micros) -> String {
    object.moment(pointer).map_or_else(|| "<unknown>".to_owned(), |moment| between(moment, now))
}

pub(super) fn between(from: Micros, to: Micros) -> String {
    human(to.0.saturating_sub(from.0) / Micros::SECOND)
}

/// `118s`, `3m12s`, `5h`, `2d3h`, of seconds.
pub(crate) fn human(seconds: i64) -> String {
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    let two = |most: i64, unit: char, least: i64, small: char| {
        if least == 0 { format!("{most}{unit}") } else { format!("{most}{unit}{least}{small}") }
    };
    match seconds {
        ..=-2 => "<invalid>".to_owned(),
        -1 => "0s".to_owned(),
        0..120 => format!("{seconds}s"),
        _ if minutes < 10 => two(minutes, 'm', seconds % 60, 's'),
        _ if minutes < 180 => format!("{minutes}m"),
        _ if hours < 8 => two(hours, 'h', minutes % 60, 'm'),
        _ if hours < 48 => format!("{hours}h"),
        _ if days < 8 => two(days, 'd', hours % 24, 'h'),
        _ if days < 2 * 365 => format!("{days}d"),
        _ if days < 8 * 365 => two(days / 365, 'y', days % 365, 'd'),
        _ => format!("{}y", days / 365),
    }
}

#[cfg(test)]
mod tests {
    use super::human;

    #[test]
    fn an_age_has_two_or_three_figures() {
        let said =
            [-5, -1, 0, 119, 120, 125, 599, 600, 10_799, 10_800, 28_799, 28_800, 172_799, 172_800, 691_199, 691_200];
        let said: Vec<String> = said.into_iter().map(human).collect();
        assert_eq!(said.join(" "), "<invalid> 0s 0s 119s 2m 2m5s 9m59s 10m 179m 3h 7h59m 8h 47h 2d 7d23h 8d");
        assert_eq!(human(3 * 365 * 86_400 + 86_400), "3y1d");
        assert_eq!(human(9 * 365 * 86_400), "9y");
    }
}
