//! The five runs: what is asked of them, and what must become of them.

use ansflow_core::run::event::RunStatus;

/// A pipeline, and how its run ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Story {
    pub(crate) name: &'static str,
    pub(crate) status: RunStatus,
    /// Exit code of who watches.
    pub(crate) code: i32,
    /// Steps, with how often each is tried where nobody kills attempts.
    pub(crate) steps: &'static [(&'static str, usize)],
    /// The step whose output is followed by itself.
    pub(crate) followed: &'static str,
}

const OK: RunStatus = RunStatus::Success;

pub(crate) const STORIES: [Story; 5] = [
    Story {
        name: "plain",
        status: OK,
        code: 0,
        steps: &[("a", 1), ("b", 1), ("c", 1), ("d", 1), ("e", 1), ("f", 1), ("g", 1), ("h", 1)],
        followed: "d",
    },
    Story {
        name: "retries",
        status: RunStatus::Failed,
        code: 1,
        steps: &[("third time", 3), ("never mind", 2), ("never", 3)],
        followed: "third time",
    },
    Story {
        name: "approval",
        status: OK,
        code: 0,
        steps: &[("build", 1), ("deploy", 1), ("verify", 1)],
        followed: "deploy",
    },
    Story {
        name: "graph",
        status: OK,
        code: 0,
        steps: &[("root", 1), ("left", 1), ("right", 1), ("x", 1), ("y", 1), ("z", 1), ("join", 1)],
        followed: "join",
    },
    Story { name: "loud", status: OK, code: 0, steps: &[("before", 1), ("loud", 1), ("after", 1)], followed: "loud" },
];

impl Story {
    /// Its text. Attempts that are killed are tried again where somebody kills them: `spare` times.
    pub(crate) fn text(&self, spare: usize) -> String {
        let mut text = format!("name: {}\nsteps:\n", self.name);
        for (step, attempts) in self.steps {
            let (work, more) = self.work(step);
            // Its trace first: an attempt that did anything has left one.
            let work = format!("echo '{step}' >>trace; {work}");
            let attempts = attempts + spare;
            text += &format!("  - name: {step}\n    type: command\n    command: {}\n{more}", serde_json::json!(work));
            text += &format!("    retry: {{ attempts: {attempts}, delay: 0, on: [failed, lost] }}\n");
        }
        text
    }

    fn work(&self, step: &str) -> (String, &'static str) {
        // Fails until it was tried so often, and counts by itself.
        let until = |times: usize| {
            let count = step.replace(' ', "-");
            format!("echo x >>'{count}'; echo try; sleep 0.3; test $(wc -l <'{count}') -ge {times}")
        };
        match (self.name, step) {
            ("retries", "third time") => (until(3), ""),
            ("retries", "never mind") => ("echo no; echo not >&2; false".to_owned(), "    continue_on_failure: true\n"),
            ("retries", _) => ("printf 'no end of line'; sleep 0.2; false".to_owned(), ""),
            ("approval", "deploy") => (lines(30), "    approval: { approvers: [mona] }\n"),
            ("graph", "left" | "right") => (lines(60), "    needs: [root]\n"),
            ("graph", "x" | "y" | "z") => (lines(40), "    parallel_group: three\n"),
            ("graph", "join") => (lines(20), "    needs: [left, right, x, y, z]\n"),
            ("loud", "loud") => (LOUD.to_owned(), ""),
            _ => (lines(50), ""),
        }
    }
}

/// So many lines to both streams, with pauses.
fn lines(count: usize) -> String {
    format!(
        "i=0; while [ $i -lt {count} ]; do i=$((i + 1)); echo line $i; [ $((i % 3)) = 0 ] && echo err $i >&2; \
         [ $((i % 10)) = 0 ] && sleep 0.05; done; true"
    )
}

/// 12,000 lines within seconds, and one that is longer than any buffer, of characters of three bytes.
const LOUD: &str = "i=0; while [ $i -lt 30 ]; do seq -f 'line %.0f' $((i * 400)) $((i * 400 + 399)); i=$((i + 1)); \
                    sleep 0.05; done; awk 'BEGIN { for (i = 0; i < 60000; i++) printf \"构\"; print \"\" }'; echo done";
