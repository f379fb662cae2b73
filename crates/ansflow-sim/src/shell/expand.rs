//! Words to arguments: variables, command output, sums, then splitting at blanks and file names.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::ast::{How, Part, Word};
use super::machine::{Fd, Pipe};
use super::pattern::{self, Glyph};
use super::state::{Shell, Stop};
use super::{arithmetic, run};

type Later<'a, T> = Pin<Box<dyn Future<Output = Result<T, Stop>> + Send + 'a>>;

/// A field that grows: characters, and whether each was quoted.
#[derive(Default)]
struct Field {
    chars: Vec<(char, bool)>,
    present: bool,
}

/// The arguments that words become.
pub(super) fn words<'a>(shell: &'a mut Shell, words: &'a [Word]) -> Later<'a, Vec<String>> {
    Box::pin(async move {
        let mut all = Vec::new();
        for word in words {
            for field in fields(shell, word, true).await? {
                let pattern = pattern::compile(&field.chars);
                let text: String = field.chars.iter().map(|(c, _)| c).collect();
                let names = if pattern::is_wild(&pattern) { names(shell, &text, &pattern).await } else { Vec::new() };
                if names.is_empty() { all.push(text) } else { all.extend(names) }
            }
        }
        Ok(all)
    })
}

/// The one text that a word becomes where nothing is split: assignments, redirections, `case`.
pub(super) fn text<'a>(shell: &'a mut Shell, word: &'a Word) -> Later<'a, String> {
    Box::pin(async move {
        let fields = fields(shell, word, false).await?;
        Ok(fields.iter().flat_map(|field| field.chars.iter().map(|(c, _)| *c)).collect())
    })
}

/// A word as a pattern, of which quoted characters are no part.
pub(super) fn glyphs<'a>(shell: &'a mut Shell, word: &'a Word) -> Later<'a, Vec<Glyph>> {
    Box::pin(async move {
        let fields = fields(shell, word, false).await?;
        Ok(pattern::compile(&fields.into_iter().flat_map(|field| field.chars).collect::<Vec<_>>()))
    })
}

fn fields<'a>(shell: &'a mut Shell, word: &'a Word, split: bool) -> Later<'a, Vec<Field>> {
    Box::pin(async move {
        let limit = usize::try_from(shell.machine.memory()).unwrap_or(usize::MAX);
        let mut done: Vec<Field> = Vec::new();
        let mut now = Field::default();
        let mut length = 0_usize;
        for (index, part) in word.0.iter().enumerate() {
            let (value, quoted) = match part {
                Part::Text { text, quoted } => {
                    now.present = true;
                    let home = index == 0 && !quoted && (text == "~" || text.starts_with("~/"));
                    if home {
                        now.chars.extend(shell.get("HOME").unwrap_or_default().chars().map(|c| (c, true)));
                    }
                    now.chars.extend(text.chars().skip(usize::from(home)).map(|c| (c, *quoted)));
                    continue;
                }
                Part::Variable { name, how: How::Plain, quoted: true } if name == "@" && split => {
                    for (i, argument) in shell.arguments.iter().enumerate() {
                        if i > 0 {
                            done.push(std::mem::take(&mut now));
                        }
                        now.present = true;
                        now.chars.extend(argument.chars().map(|c| (c, true)));
                    }
                    continue;
                }
                Part::Variable { name, how, quoted } => (variable(shell, name, how).await?, *quoted),
                Part::Output { script, quoted } => {
                    let mut inner = shell.copy();
                    let pipe = Arc::new(Pipe::default());
                    inner.numbers.insert(1, Fd::Pipe(Arc::clone(&pipe)));
                    shell.substituted = run::subshell(&mut inner, script).await?;
                    let text = String::from_utf8_lossy(&pipe.take_all()).into_owned();
                    (text.trim_end_matches('\n').to_owned(), *quoted)
                }
                Part::Sum { text: sum, quoted } => {
                    let sum = text(shell, sum).await?;
                    match arithmetic::evaluate(shell, &sum)? {
                        Ok(value) => (value.to_string(), *quoted),
                        Err(problem) => {
                            shell.complain(&format!("sh: {problem}")).await;
                            return Err(Stop::Exit(2));
                        }
                    }
                }
            };
            length += value.len();
            if length >= limit {
                return Err(Stop::OutOfMemory);
            }
            if quoted || !split {
                now.present |= quoted || !value.is_empty();
                now.chars.extend(value.chars().map(|c| (c, quoted)));
                continue;
            }
            for c in value.chars() {
                if matches!(c, ' ' | '\t' | '\n') {
                    if now.present {
                        done.push(std::mem::take(&mut now));
                    }
                } else {
                    now.present = true;
                    now.chars.push((c, false));
                }
            }
        }
        if now.present {
            done.push(now);
        }
        Ok(done)
    })
}

fn variable<'a>(shell: &'a mut Shell, name: &'a str, how: &'a How) -> Later<'a, String> {
    Box::pin(async move {
        let value = shell.get(name);
        match how {
            How::Unset { sign, or_empty, word } => {
                let there = value.as_ref().is_some_and(|value| !or_empty || !value.is_empty());
                match (sign, there) {
                    ('+', true) => text(shell, word).await,
                    ('+', false) => Ok(String::new()),
                    (_, true) => Ok(value.unwrap_or_default()),
                    ('=', false) => {
                        let value = text(shell, word).await?;
                        shell.set(name, value.clone())?;
                        Ok(value)
                    }
                    ('?', false) => {
                        let why = text(shell, word).await?;
                        let why = if why.is_empty() { "parameter not set" } else { &why };
                        shell.complain(&format!("sh: {name}: {why}")).await;
                        Err(Stop::Exit(2))
                    }
                    _ => text(shell, word).await,
                }
            }
            How::Plain | How::Length | How::Trim { .. } => {
                let Some(value) =
                    value.or_else(|| (!shell.refuse_unset || matches!(name, "@" | "*")).then(String::new))
                else {
                    shell.complain(&format!("sh: {name}: parameter not set")).await;
                    return Err(Stop::Exit(2));
                };
                match how {
                    How::Length => Ok(value.chars().count().to_string()),
                    How::Trim { end, longest, pattern } => {
                        let glyphs = glyphs(shell, pattern).await?;
                        Ok(pattern::trim(&value, &glyphs, *end, *longest))
                    }
                    How::Plain | How::Unset { .. } => Ok(value),
                }
            }
        }
    })
}

/// The files that a pattern with wildcards in its last part names.
async fn names(shell: &Shell, text: &str, pattern: &[Glyph]) -> Vec<String> {
    let cut = text.chars().count() - text.rsplit('/').next().unwrap_or_default().chars().count();
    if pattern::is_wild(&pattern[..cut.min(pattern.len())]) {
        return Vec::new();
    }
    let folder: String = text.chars().take(cut).collect();
    let path = shell.path(if folder.is_empty() { "." } else { &folder });
    let names = shell.machine.files(move |files, _| files.list(&path)).await.unwrap_or_default();
    let last = &pattern[cut.min(pattern.len())..];
    let hidden = matches!(last.first(), Some(Glyph::This('.')));
    names
        .into_iter()
        .filter(|name| hidden || !name.starts_with('.'))
        .filter(|name| pattern::fits(last, &name.chars().collect::<Vec<_>>()))
        .map(|name| format!("{folder}{name}"))
        .collect()
}
