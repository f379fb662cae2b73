//! Where the instructions of a Dockerfile stand. Nothing else of it is understood here: the builder does that.

/// An instruction and its first line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Instruction {
    pub(super) line: usize,
    /// Its words, continued lines joined, one space between them.
    pub(super) text: String,
}

/// The instructions in their order.
pub(super) fn instructions(text: &str) -> Vec<Instruction> {
    let escape = escape(text);
    let mut found: Vec<Instruction> = Vec::new();
    let mut is_continued = false;
    let mut heredoc: Option<String> = None;
    for (index, line) in text.lines().enumerate() {
        if let Some(end) = &heredoc {
            if line.trim() == end {
                heredoc = None;
            }
            continue;
        }
        let trimmed = line.trim();
        // Comments and empty lines do not end an instruction that goes on.
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let (part, goes_on) = match trimmed.strip_suffix(escape) {
            Some(part) => (part.trim_end(), true),
            None => (trimmed, false),
        };
        match found.last_mut().filter(|_| is_continued) {
            Some(last) => last.text = format!("{} {part}", last.text),
            None => found.push(Instruction { line: index + 1, text: part.to_owned() }),
        }
        is_continued = goes_on;
        if !goes_on {
            heredoc = found.last().and_then(|last| heredoc_of(&last.text));
        }
    }
    for instruction in &mut found {
        instruction.text = words(&instruction.text);
    }
    found
}

/// The instruction that a builder shows like this, with the values of arguments in it or without.
pub(super) fn like(text: &str, shown: &str) -> Option<Instruction> {
    let shown = words(shown);
    let all = instructions(text);
    let same = all.iter().find(|found| found.text == shown);
    same.or_else(|| all.iter().find(|found| may_become(&found.text, &shown))).cloned()
}

/// Whether an instruction reads like this when its `$NAME` and `${NAME}` are something else.
fn may_become(written: &str, shown: &str) -> bool {
    let variable = regex::Regex::new(r"\$(\{[^}]*\}|[A-Za-z_][A-Za-z0-9_]*)");
    let Ok(variable) = variable else { return false };
    let parts: Vec<String> = variable.split(written).map(regex::escape).collect();
    parts.len() > 1 && regex::Regex::new(&format!("^{}$", parts.join(".*"))).is_ok_and(|like| like.is_match(shown))
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The directive `# escape=` among the first lines.
fn escape(text: &str) -> char {
    for line in text.lines() {
        let Some((name, value)) = line.trim().strip_prefix('#').and_then(|rest| rest.split_once('=')) else { break };
        if name.trim().eq_ignore_ascii_case("escape") && value.trim() == "`" {
            return '`';
        }
    }
    '\\'
}

/// The word that ends the text which an instruction begins with `<<WORD`.
fn heredoc_of(instruction: &str) -> Option<String> {
    let keyword = instruction.split_whitespace().next()?.to_ascii_uppercase();
    if !matches!(keyword.as_str(), "RUN" | "COPY" | "ADD") {
        return None;
    }
    let after = &instruction[instruction.find("<<")? + 2..];
    let word = after.trim_start_matches('-').trim_start_matches(['"', '\'']);
    let word: String = word.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    (!word.is_empty()).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(usize, &str)]) {
        let found: Vec<(usize, String)> = instructions(text).into_iter().map(|i| (i.line, i.text)).collect();
        let expected: Vec<(usize, String)> = expected.iter().map(|(line, text)| (*line, (*text).to_owned())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn an_instruction_stands_where_it_begins() {
        check(
            "# a\n\nFROM  x\nRUN a \\\n  # no\n\n  && b\nCOPY . .\n",
            &[(3, "FROM x"), (4, "RUN a && b"), (8, "COPY . .")],
        );
    }

    #[test]
    fn the_escape_may_be_another() {
        check(
            "# escape=`\nFROM x\nRUN a `\nb\nRUN c \\\nRUN d",
            &[(2, "FROM x"), (3, "RUN a b"), (5, "RUN c \\"), (6, "RUN d")],
        );
    }

    #[test]
    fn a_text_within_an_instruction_has_none() {
        check("FROM x\nRUN <<EOF\nRUN no\nEOF\nRUN yes\n", &[(1, "FROM x"), (2, "RUN <<EOF"), (5, "RUN yes")]);
    }
}
