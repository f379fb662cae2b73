//! What the command writes, until it says its end.

use super::super::{STEP, Task};
use super::selector;
use crate::cluster::Cluster;
use crate::sink::Sink;
use crate::stream::logs::{Containers, Logs, Said, Stopped, Wanted};
use ansflow_core::spec::Pods;
use ansflow_core::verdict::Verdict;

/// The log of a command.
pub(super) struct Log<'t> {
    pub(super) cluster: &'t Cluster,
    pub(super) task: &'t Task,
    pub(super) out: &'t (dyn Fn(&str) + Sync),
    pub(super) sink: &'t dyn Sink,
}

impl Log<'_> {
    /// Hands on what it writes; gives its exit code, or none where its container ended without saying it.
    pub(super) async fn to_the_end(&self) -> Result<Option<i32>, Box<Verdict>> {
        let wanted = Wanted {
            pods: Pods::Selected(selector(self.task)),
            containers: Containers::Named(STEP.to_owned()),
            tail: None,
            since_seconds: None,
            previous: false,
            follow: true,
            until: None,
        };
        let open = || Logs::open(self.cluster, &self.task.namespace, wanted.clone());
        let logs = crate::again::again(self.cluster, self.sink, open).await;
        let mut logs = logs.map_err(|error| Box::new(error.verdict(None)))?;
        loop {
            match logs.next().await {
                Said::Line(line) => match said_its_end(&line.text, &self.task.mark) {
                    None if line.is_cut => (self.out)(&line.text),
                    None => (self.out)(&format!("{}\n", line.text)),
                    Some((before, code)) => {
                        if !before.is_empty() {
                            (self.out)(before);
                        }
                        return Ok(Some(code));
                    }
                },
                Said::Note(note) => self.sink.line(&note),
                Said::End(Stopped::Refused(error)) => return Err(Box::new(error.verdict(None))),
                Said::End(_) => return Ok(None),
            }
        }
    }
}

/// What stands before the mark, and the code behind it.
fn said_its_end<'l>(line: &'l str, mark: &str) -> Option<(&'l str, i32)> {
    let (before, code) = line.rsplit_once(mark)?;
    Some((before, code.trim().parse().ok()?))
}

#[cfg(test)]
mod tests {
    //! The last line.

    use super::said_its_end;

    #[test]
    fn the_end_is_recognised_behind_text_without_a_line_end_and_nowhere_else() {
        assert_eq!(said_its_end("end-1 0", "end-1"), Some(("", 0)));
        assert_eq!(said_its_end("text end-1 143", "end-1"), Some(("text ", 143)));
        assert_eq!(said_its_end("end-1", "end-1"), None);
        assert_eq!(said_its_end("end-2 0", "end-1"), None);
    }
}
