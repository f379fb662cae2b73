//! What people see: problems, diagnostics, words in colour. stdout is data, stderr is progress.

pub(crate) mod clean;
pub(crate) mod diagnostics;
pub(crate) mod paint;
pub(crate) mod table;

use std::io::Write;

use crate::exit::Refused;

/// Tells the user why the command ended without doing its work: the sentence, its causes, what to do.
pub(crate) fn complain(problem: &anyhow::Error) {
    let mut text = format!("error: {problem}\n");
    let mut said = problem.to_string();
    for cause in problem.chain().skip(1) {
        let cause = cause.to_string();
        if !said.contains(&cause) {
            text += &format!("  because: {cause}\n");
        }
        said = cause;
    }
    if let Some(advice) = Refused::within(problem).and_then(Refused::advice) {
        text += &format!("  help: {advice}\n");
    }
    err(&text);
}

/// A word that a shell reads as it is.
pub(crate) fn shell_word(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-+:,@%".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Writes to standard error, for people. A reader that has gone away is no reason to fail.
pub(crate) fn err(text: &str) {
    let _ = std::io::stderr().lock().write_all(clean::clean(text).as_bytes());
}

/// Writes to standard output, for people.
///
/// # Errors
/// As [`data`].
pub(crate) fn out(text: &str) -> std::io::Result<()> {
    data(&clean::clean(text))
}

/// Writes to standard output, for programs: every byte as it is.
///
/// # Errors
/// When nobody reads any more, or the disk behind it is full: data that was asked for did not arrive.
pub(crate) fn data(text: &str) -> std::io::Result<()> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}
