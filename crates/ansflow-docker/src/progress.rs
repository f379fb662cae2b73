//! The progress of layers: a line every few seconds instead of hundreds a second.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use bollard::models::ProgressDetail;

/// Takes lines as they come.
pub type OnLine<'a> = dyn FnMut(&str) + Send + 'a;

/// At most one line in this time, apart from the last.
const PAUSE: Duration = Duration::from_secs(3);

/// What is known of all layers of one image.
pub(crate) struct Progress {
    /// Present participle: "pulling", "pushing".
    doing: &'static str,
    layers: BTreeMap<String, Layer>,
    /// Of a push: how many layers there are, and how many of them are at the registry.
    announced: usize,
    ended: usize,
    next: Instant,
    pub(crate) began: Instant,
}

#[derive(Default)]
struct Layer {
    is_done: bool,
    /// Bytes that go over the network, and how many of them went.
    total: u64,
    current: u64,
}

impl Progress {
    pub(crate) fn new(doing: &'static str, now: Instant) -> Progress {
        Progress { doing, layers: BTreeMap::new(), announced: 0, ended: 0, next: now + PAUSE, began: now }
    }

    /// Takes what the daemon says of a layer: a line, when it is time for one.
    pub(crate) fn on(
        &mut self,
        id: &str,
        status: &str,
        detail: Option<&ProgressDetail>,
        now: Instant,
    ) -> Option<String> {
        let is_layer = id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_layer {
            self.layers.entry(id.to_owned()).or_default().on(status, detail);
        }
        is_layer.then(|| self.line(now)).flatten()
    }

    /// The same for a push, whose layers bollard gives without their names: the bytes of a layer are told with its size,
    /// which stands in for its name, and what has no size is counted.
    pub(crate) fn on_nameless(
        &mut self,
        status: &str,
        detail: Option<&ProgressDetail>,
        now: Instant,
    ) -> Option<String> {
        let is_first = status == "Preparing";
        if is_first {
            self.announced += 1;
        }
        let is_last = matches!(status, "Pushed" | "Layer already exists") || status.starts_with("Mounted from");
        if is_last {
            self.ended += 1;
        }
        if let Some(total) = detail.and_then(|detail| detail.total).filter(|_| status == "Pushing") {
            self.layers.entry(total.to_string()).or_default().on(status, detail);
        }
        self.line(now)
    }

    fn line(&mut self, now: Instant) -> Option<String> {
        (now >= self.next).then(|| {
            self.next = now + PAUSE;
            format!("{}: {}", self.doing, self.summary())
        })
    }

    /// Layers that are done, of all; and the bytes.
    pub(crate) fn summary(&self) -> String {
        let done = self.layers.values().filter(|layer| layer.is_done).count();
        let sum = |of: fn(&Layer) -> u64| self.layers.values().map(of).sum::<u64>();
        let (current, total) = (sum(|layer| layer.current), sum(|layer| layer.total));
        let layers = match self.announced {
            0 => format!("{done} of {} layers", self.layers.len()),
            all => format!("{} of {all} layers", self.ended),
        };
        match total {
            0 => layers,
            _ => format!("{layers}, {} of {}", bytes(current), bytes(total)),
        }
    }
}

impl Layer {
    fn on(&mut self, status: &str, detail: Option<&ProgressDetail>) {
        let number = |number: Option<i64>| number.and_then(|number| u64::try_from(number).ok());
        match status {
            "Downloading" | "Pushing" => {
                let current = detail.and_then(|detail| number(detail.current)).unwrap_or(0);
                self.total = detail.and_then(|detail| number(detail.total)).unwrap_or(0).max(current).max(self.total);
                self.current = self.current.max(current);
            }
            "Download complete" | "Pull complete" | "Already exists" | "Pushed" | "Layer already exists" => {
                self.current = self.total;
                self.is_done = status != "Download complete";
            }
            _ if status.starts_with("Mounted from") => self.is_done = true,
            _ => {}
        }
    }
}

/// A number of bytes as people read it.
pub(crate) fn bytes(number: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if number < 1000 {
        return format!("{number} B");
    }
    #[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
    let mut value = number as f64 / 1000.0;
    let mut unit = 0;
    while value >= 999.95 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    format!("{value:.1} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(current: i64, total: i64) -> ProgressDetail {
        ProgressDetail { current: Some(current), total: Some(total) }
    }

    #[test]
    fn ten_thousand_reports_are_a_line_every_three_seconds() {
        let began = Instant::now();
        let mut progress = Progress::new("pulling", began);
        let mut lines = Vec::new();
        for tick in 0..10_000u32 {
            let now = began + Duration::from_millis(u64::from(tick));
            lines.extend(progress.on("0123456789ab", "Downloading", Some(&at(i64::from(tick), 10_000)), now));
        }
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert_eq!(lines[0], "pulling: 0 of 1 layers, 3.0 kB of 10.0 kB");
    }

    #[test]
    fn what_is_there_already_counts_as_done() {
        let now = Instant::now();
        let mut progress = Progress::new("pushing", now);
        let mut on = |status: &str, detail: Option<&ProgressDetail>| {
            progress.on_nameless(status, detail, now);
            progress.summary()
        };
        on("Preparing", None);
        on("Preparing", None);
        on("Layer already exists", None);
        on("Pushing", Some(&at(300, 500)));
        // A pushed layer ends a little over what it was said to be.
        assert_eq!(on("Pushing", Some(&at(600, 500))), "1 of 2 layers, 600 B of 600 B");
        assert_eq!(on("Pushed", None), "2 of 2 layers, 600 B of 600 B");
    }

    #[test]
    fn bytes_are_read_by_people() {
        let read: Vec<String> = [0, 999, 1000, 999_949, 999_950, 1_500_000_000].map(bytes).into();
        assert_eq!(read, ["0 B", "999 B", "1.0 kB", "999.9 kB", "1.0 MB", "1.5 GB"]);
    }
}
