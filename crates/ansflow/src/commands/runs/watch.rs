//! `ansflow runs watch RUN`: its story as it happens, in the words of `ansflow run`, and its outcome as exit code.

use std::collections::BTreeMap;
use std::io::IsTerminal as _;
use std::time::Duration;

use anyhow::Result;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value as Json, json};

use crate::cli::Output;
use crate::client::Client;
use crate::client::follow::{Follow, News};
use crate::exit::{Exit, Refused};
use crate::run::views::words::{mark_of, span};
use crate::terminal::clean::clean;
use crate::terminal::paint::Paint;
use crate::terminal::{data, err, table::pad};

/// Follows a run to its end.
pub(super) async fn watch(client: &Client, run: &str, output: Output) -> Result<Exit> {
    if output == Output::Yaml {
        return Err(Refused::invalid("a run's events are printed as JSON, not as YAML").help("use -o json").into());
    }
    let mut follow = Follow::new(client, run);
    let mut view = View::new(output, run);
    let mut exit = Exit::Failed;
    while let Some(news) = follow.next().await? {
        if let News::Event(event) = &news
            && event["event"] == "run_finished"
        {
            exit = Exit::of_status(event["status"].as_str().unwrap_or_default());
        }
        view.show(&news)?;
    }
    Ok(exit)
}

struct View {
    run: String,
    json: bool,
    paint: Paint,
    width: usize,
    /// What runs now, at the bottom of a terminal.
    screen: MultiProgress,
    bars: BTreeMap<String, ProgressBar>,
}

impl View {
    fn new(output: Output, run: &str) -> Self {
        let live = output == Output::Table && std::io::stderr().is_terminal() && std::io::stdout().is_terminal();
        let target = if live { ProgressDrawTarget::stderr_with_hz(12) } else { ProgressDrawTarget::hidden() };
        let screen = MultiProgress::with_draw_target(target);
        let (run, json) = (run.to_owned(), output == Output::Json);
        Self { run, json, paint: Paint::stderr(), width: 0, screen, bars: BTreeMap::new() }
    }

    fn show(&mut self, news: &News) -> Result<()> {
        match news {
            News::Event(event) if self.json => Ok(data(&format!("{event}\n"))?),
            News::Line { step, line } if self.json => {
                let event = json!({
                    "event": "log", "at": line["at"], "run": self.run, "seq": null, "step": step,
                    "stream": line["stream"], "offset": line["offset"], "line": line["text"],
                });
                Ok(data(&format!("{event}\n"))?)
            }
            News::Event(event) => {
                self.event(event);
                Ok(())
            }
            News::Line { step, line } => self.line(step, line),
        }
    }

    fn line(&self, step: &str, line: &Json) -> Result<()> {
        let bar = if line["stream"] == "stderr" { self.paint.yellow("┆") } else { self.paint.dim("│") };
        let text = clean(line["text"].as_str().unwrap_or_default());
        let text = format!("{} {bar} {text}\n", pad(step, self.width));
        Ok(self.screen.suspend(|| data(&text))?)
    }

    fn event(&mut self, event: &Json) {
        let text = |key: &str| event[key].as_str().unwrap_or_default();
        let (paint, step) = (self.paint, self.paint.bold(text("step")));
        let said = match text("event") {
            "run_started" => {
                let names = event["steps"].as_array().into_iter().flatten().filter_map(Json::as_str);
                self.width = names.map(unicode_width::UnicodeWidthStr::width).max().unwrap_or(0).min(24);
                format!("{} #{}", paint.bold(text("pipeline")), event["build_number"])
            }
            "step_started" => {
                self.begin(text("step"));
                let again = event["attempt"].as_u64().filter(|number| *number > 1);
                format!("{} {step}{}", paint.cyan("▶"), again.map(|n| format!(" (attempt {n})")).unwrap_or_default())
            }
            "step_finished" => {
                self.end(text("step"));
                let took = event["duration_ms"].as_u64().filter(|ms| *ms > 0).map(|ms| format!(" in {}", span(ms)));
                let why = event["why"].as_str().map(|why| format!(": {why}")).unwrap_or_default();
                let mark = mark_of(text("status"), paint);
                format!("{mark} {step} {}{}{why}", text("status").replace('_', " "), took.unwrap_or_default())
            }
            "approval_opened" => {
                let message = event["message"].as_str().unwrap_or("waits for approval");
                format!("{} {step}: {message}\n  `ansflow runs approve {}` says yes", paint.yellow("?"), self.run)
            }
            "approved" => format!("{} {step} approved by {}", paint.green("✓"), text("by")),
            "rejected" => format!("{} {step} rejected by {}", paint.red("✗"), text("by")),
            "retry_scheduled" => {
                self.end(text("step"));
                format!("{} {step} will be tried again (attempt {})", paint.yellow("↻"), event["attempt"])
            }
            "cancel_requested" => format!("{} cancelled by {}", paint.yellow("■"), text("by")),
            "run_timed_out" => format!("{} the run took too long", paint.red("⏱")),
            "run_finished" => {
                let took = event["duration_ms"].as_u64().map(span).unwrap_or_default();
                format!("{} {} in {took}", mark_of(text("status"), paint), text("status").replace('_', " "))
            }
            // A server of a later version says more than we know of.
            _ => return,
        };
        self.screen.suspend(|| err(&format!("{said}\n")));
    }

    fn begin(&mut self, step: &str) {
        let bar = self.screen.add(ProgressBar::new_spinner());
        let style = ProgressStyle::with_template("{spinner:.cyan} {msg} {elapsed:.dim}")
            .expect("the template is a constant that the tests have seen");
        bar.set_style(style);
        bar.set_message(clean(step).into_owned());
        bar.enable_steady_tick(Duration::from_millis(100));
        self.bars.insert(step.to_owned(), bar);
    }

    fn end(&mut self, step: &str) {
        if let Some(bar) = self.bars.remove(step) {
            bar.finish_and_clear();
            self.screen.remove(&bar);
        }
    }
}
