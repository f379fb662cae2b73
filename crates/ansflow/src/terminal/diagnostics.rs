//! Diagnostics for people (`file:line:column: message`, the line of the file, help) and for programs.

use std::path::Path;

use ansflow_core::diagnostic::{Diagnostic, Severity};
use serde::Serialize;

use super::paint::Paint;

/// What is wrong with one file, for people.
pub(crate) fn for_people(file: &Path, text: &str, problems: &[Diagnostic], paint: Paint) -> String {
    problems.iter().map(|problem| one(file, text, problem, paint)).collect()
}

fn one(file: &Path, text: &str, problem: &Diagnostic, paint: Paint) -> String {
    let start = problem.span.start;
    let place = paint.bold(&format!("{}:{}:{}:", file.display(), start.line, start.column));
    let mut lines = match problem.severity {
        Severity::Error => format!("{place} {}\n", problem.message),
        Severity::Warning => format!("{place} {} {}\n", paint.yellow("warning:"), problem.message),
    };
    if let Some(line) = text.lines().nth(start.line.saturating_sub(1) as usize) {
        lines += &excerpt(line, problem, paint);
    }
    if let Some(help) = &problem.help {
        lines += &format!("  {} {help}\n", paint.cyan("help:"));
    }
    lines
}

/// The line of the file and a mark below the place; a very long line is not repeated.
fn excerpt(line: &str, problem: &Diagnostic, paint: Paint) -> String {
    const WIDEST: usize = 160;
    let (start, end) = (problem.span.start, problem.span.end);
    if line.chars().count() > WIDEST || line.trim().is_empty() {
        return String::new();
    }
    let line: String = line.chars().map(visible).collect();
    let before: String = line.chars().take(start.column.saturating_sub(1) as usize).collect();
    let marked: String = match end.line == start.line {
        true => {
            line.chars().skip(before.chars().count()).take(end.column.saturating_sub(start.column) as usize).collect()
        }
        false => line.chars().skip(before.chars().count()).collect(),
    };
    let number = start.line.to_string();
    let blank = " ".repeat(unicode_width::UnicodeWidthStr::width(before.as_str()));
    let carets = "^".repeat(unicode_width::UnicodeWidthStr::width(marked.as_str()).max(1));
    let gutter = " ".repeat(number.len());
    format!(
        "  {} {line}\n  {gutter} {} {blank}{}\n",
        paint.dim(&format!("{number} |")),
        paint.dim("|"),
        paint.red(&carets)
    )
}

/// One column wide, so that the mark stands below its place.
fn visible(c: char) -> char {
    match c {
        '\t' => ' ',
        c if c.is_control() => '\u{fffd}',
        c => c,
    }
}

/// One diagnostic as programs see it.
#[derive(Debug, Serialize)]
pub(crate) struct View<'a> {
    file: String,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    severity: &'static str,
    code: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
}

impl<'a> View<'a> {
    /// Of one problem in one file.
    pub(crate) fn of(file: &Path, problem: &'a Diagnostic) -> Self {
        Self {
            file: file.display().to_string(),
            line: problem.span.start.line,
            column: problem.span.start.column,
            end_line: problem.span.end.line,
            end_column: problem.span.end.column,
            severity: problem.severity.as_str(),
            code: problem.code,
            message: &problem.message,
            help: problem.help.as_deref(),
        }
    }
}

#[cfg(test)]
mod tests {
    use ansflow_core::diagnostic::{Position, Span};

    use super::*;

    #[test]
    fn a_diagnostic_shows_the_line_and_marks_the_place() {
        let at = |column, offset| Position { line: 2, column, offset };
        let problem =
            Diagnostic::error("unknown-key", Span { start: at(3, 9), end: at(9, 15) }, "unknown key `comand`")
                .help("did you mean `command`?");
        expect_test::expect![[r"
            p.yml:2:3: unknown key `comand`
              2 |   comand: make
                |   ^^^^^^
              help: did you mean `command`?
        "]]
        .assert_eq(&for_people(Path::new("p.yml"), "name: x\n  comand: make\n", &[problem], Paint::none()));
    }

    #[test]
    fn a_control_character_of_the_file_is_one_visible_column() {
        let at = |column, offset| Position { line: 1, column, offset };
        let problem = Diagnostic::error("bad", Span { start: at(6, 5), end: at(7, 6) }, "no");
        expect_test::expect![[r"
            p.yml:1:6: no
              1 | a: �[2J
                |      ^
        "]]
        .assert_eq(&for_people(Path::new("p.yml"), "a: \u{1b}[2J", &[problem], Paint::none()));
    }
}
