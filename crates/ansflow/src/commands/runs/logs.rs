//! `ansflow runs logs RUN [STEP] [-f]`: output of steps, as data.

use anyhow::{Context as _, Result};
use serde_json::Value as Json;

use crate::client::{Client, encode, sse};
use crate::exit::Exit;
use crate::terminal::{data, err, out};

/// What a step has printed.
pub(super) async fn print(client: &Client, run: &str, step: &str, attempt: Option<u32>) -> Result<()> {
    let text = client.text(&address(run, step, "", attempt)).await?;
    show(&text)
}

/// The same, and what is still to come; where no attempt is named, of those that come after it too.
pub(super) async fn follow(client: &Client, run: &str, step: &str, attempt: Option<u32>) -> Result<()> {
    let mut number = follow_one(client, run, step, attempt).await?;
    while attempt.is_none() {
        number = match follow_one(client, run, step, Some(number + 1)).await {
            // The step has finished, and was not tried again.
            Err(error) if Exit::of(&error) == Exit::NotFound => break,
            followed => followed?,
        };
    }
    Ok(())
}

/// Follows one attempt to its end and says which it was.
async fn follow_one(client: &Client, run: &str, step: &str, attempt: Option<u32>) -> Result<u32> {
    let mut stream = sse::Stream::new(client, address(run, step, "/stream", attempt), None);
    let mut lines = Lines::default();
    loop {
        let message = stream.next().await?;
        let chunk: Json = serde_json::from_str(&message.data).context("a piece of the log is no JSON")?;
        let number = chunk["attempt"].as_u64().and_then(|number| u32::try_from(number).ok());
        let number = number.context("a piece of the log does not say of which attempt it is")?;
        let text: String = chunk["lines"].as_array().into_iter().flatten().map(|line| lines.text(line)).collect();
        show(&text)?;
        if message.event == "end" {
            show(lines.end())?;
            return Ok(number);
        }
        // Where it goes on is a place in the output of this attempt, and the latest may be another by then.
        stream.turns_out_to_be(address(run, step, "/stream", Some(number)));
    }
}

/// A line that is longer comes in pieces, each a few bytes shorter at most.
const PIECE: usize = 64 * 1024 - 3;

/// Puts lines together that come in pieces.
#[derive(Debug, Default)]
struct Lines {
    /// Number of the line that may go on.
    open: Option<u64>,
}

impl Lines {
    /// A line, or a piece of one, as it is printed.
    fn text(&mut self, line: &Json) -> String {
        let (number, text) = (line["number"].as_u64(), line["text"].as_str().unwrap_or_default());
        let before = if self.open.take().is_some_and(|open| Some(open) != number) { "\n" } else { "" };
        if text.len() < PIECE {
            return format!("{before}{text}\n");
        }
        self.open = number;
        format!("{before}{text}")
    }

    /// What is printed behind the last one.
    fn end(&mut self) -> &'static str {
        if self.open.take().is_some() { "\n" } else { "" }
    }
}

/// What every step has printed, one after another.
pub(super) async fn all(client: &Client, run: &str) -> Result<()> {
    let view = client.get(&format!("runs/{run}")).await?;
    for step in view["steps"].as_array().into_iter().flatten() {
        let name = step["name"].as_str().unwrap_or_default();
        if step["attempts"].as_array().is_some_and(|attempts| !attempts.is_empty()) {
            err(&format!("── {name} ──\n"));
            print(client, run, name, None).await?;
        }
    }
    Ok(())
}

/// Programs get every byte; a terminal gets no control sequences that could mean it ill.
fn show(text: &str) -> Result<()> {
    let terminal = std::io::IsTerminal::is_terminal(&std::io::stdout());
    Ok(if terminal { out(text) } else { data(text) }?)
}

fn address(run: &str, step: &str, what: &str, attempt: Option<u32>) -> String {
    let attempt = attempt.map(|number| format!("?attempt={number}")).unwrap_or_default();
    format!("runs/{run}/steps/{}/log{what}{attempt}", encode(step))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Lines, PIECE};

    #[test]
    fn pieces_of_a_line_are_one_line_and_no_line_waits_for_the_next() {
        let piece = "x".repeat(PIECE);
        let mut lines = Lines::default();
        let mut said = |number, text: &str| lines.text(&json!({ "number": number, "text": text }));
        assert_eq!(said(1, "a"), "a\n");
        assert_eq!(said(2, &piece), piece);
        assert_eq!(said(2, "b"), "b\n");
        assert_eq!(said(3, &piece), piece);
        assert_eq!(said(4, "c"), "\nc\n", "the piece was all of its line");
        assert_eq!(said(5, &piece), piece);
        assert_eq!((lines.end(), lines.end()), ("\n", ""));
    }
}
