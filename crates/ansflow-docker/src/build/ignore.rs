//! `.dockerignore`: which files of a context the builder never sees. The rules are moby's `patternmatcher`, whose
//! patterns are neither a shell's nor git's.

use regex::Regex;

/// Patterns in their order; the last that matches decides.
#[derive(Debug, Default)]
pub(super) struct Ignore {
    patterns: Vec<Pattern>,
}

#[derive(Debug)]
struct Pattern {
    /// As written, cleaned.
    text: String,
    is_exception: bool,
    matches: Regex,
}

impl Ignore {
    /// Reads the file's text; what is wrong with a line is said with its number.
    pub(super) fn parse(text: &str) -> Result<Ignore, String> {
        let mut ignore = Ignore::default();
        for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            if line.starts_with('#') {
                continue;
            }
            let (is_exception, rest) = match line.trim().strip_prefix('!') {
                Some(rest) => (true, rest.trim()),
                None => (false, line.trim()),
            };
            if rest.is_empty() {
                if is_exception {
                    return Err(format!("line {}: `!` alone excepts nothing", index + 1));
                }
                continue;
            }
            ignore.add(rest, is_exception).map_err(|why| format!("line {}: {why}", index + 1))?;
        }
        Ok(ignore)
    }

    /// An exception for one path as it is.
    pub(super) fn except(&mut self, path: &str) {
        let matches = Regex::new(&format!("^{}$", regex::escape(path)));
        if let Ok(matches) = matches {
            self.patterns.push(Pattern { text: path.to_owned(), is_exception: true, matches });
        }
    }

    fn add(&mut self, pattern: &str, is_exception: bool) -> Result<(), String> {
        let text = clean(pattern);
        // The whole context is not ignored by its own name.
        if text == "." {
            return Ok(());
        }
        let matches =
            Regex::new(&expression(&text)).map_err(|_| format!("`{pattern}` is not a pattern that Docker knows"))?;
        self.patterns.push(Pattern { text, is_exception, matches });
        Ok(())
    }

    /// Whether a file is left out: one that a pattern means, or that is in a folder which one means.
    pub(super) fn leaves_out(&self, path: &str) -> bool {
        let mut out = false;
        for pattern in &self.patterns {
            // Only an exception changes what is out, and only a pattern what is in.
            if pattern.is_exception == out && meant(&pattern.matches, path) {
                out = !pattern.is_exception;
            }
        }
        out
    }

    /// Whether something below a folder that is left out may still be in.
    pub(super) fn may_except_below(&self, folder: &str) -> bool {
        self.patterns.iter().filter(|pattern| pattern.is_exception).any(|pattern| {
            let mut deeper = pattern.text.split('/');
            // Folder by folder, until a wildcard makes everything possible.
            for part in folder.split('/') {
                match deeper.next() {
                    None => return true,
                    Some(written) if written.contains(['*', '?', '[', '\\']) => return true,
                    Some(written) if written != part => return false,
                    Some(_) => {}
                }
            }
            true
        })
    }
}

fn meant(matches: &Regex, path: &str) -> bool {
    matches.is_match(path) || path.match_indices('/').any(|(at, _)| matches.is_match(&path[..at]))
}

/// Go's `filepath.Clean`, and without the slash in front: every pattern is from the context's root.
fn clean(pattern: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in pattern.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            // Nothing is above the root.
            ".." if pattern.starts_with('/') => {}
            part => parts.push(part),
        }
    }
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

fn expression(pattern: &str) -> String {
    let mut expression = String::from("(?s)^");
    let mut rest = pattern.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '*' if rest.peek() == Some(&'*') => {
                rest.next();
                if rest.peek() == Some(&'/') {
                    rest.next();
                }
                expression.push_str(if rest.peek().is_none() { ".*" } else { "(.*/)?" });
            }
            '*' => expression.push_str("[^/]*"),
            '?' => expression.push_str("[^/]"),
            '\\' => {
                expression.push_str(&rest.next().map_or("\\\\".to_owned(), |next| regex::escape(&next.to_string())))
            }
            '[' => class(&mut rest, &mut expression),
            c => expression.push_str(&regex::escape(&c.to_string())),
        }
    }
    expression.push('$');
    expression
}

/// `[a-z]`, `[^a]`: as in Go's expressions. One that does not end is no pattern, and the expression says so.
fn class(rest: &mut std::iter::Peekable<std::str::Chars<'_>>, expression: &mut String) {
    expression.push('[');
    for c in rest.by_ref() {
        match c {
            // Rust's expressions give these a meaning within a class that Go's do not.
            '[' | '&' | '~' => expression.extend(['\\', c]),
            c => expression.push(c),
        }
        if c == ']' {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(patterns: &str, out: &[&str], kept: &[&str]) {
        let ignore = Ignore::parse(patterns).unwrap();
        for path in out {
            assert!(ignore.leaves_out(path), "{patterns:?} leaves {path} out");
        }
        for path in kept {
            assert!(!ignore.leaves_out(path), "{patterns:?} keeps {path}");
        }
    }

    #[test]
    fn patterns_are_from_the_root() {
        check("*.log\n/tmp\nnode_modules/", &["a.log", "tmp", "tmp/x/y", "node_modules/a"], &["b/a.log", "a/tmp"]);
        check("# no\n\n  docs  \n", &["docs/a"], &["# no", "doc"]);
    }

    #[test]
    fn two_stars_are_any_folders_and_none() {
        check("**/*.log", &["a.log", "b/a.log", "b/c/a.log"], &["a.logs"]);
        check("a/**/z", &["a/z", "a/b/z", "a/b/c/z"], &["z", "az"]);
        check("a/**", &["a/b", "a/b/c"], &["b"]);
        check("**", &["a", "a/b"], &[]);
    }

    #[test]
    fn the_last_that_matches_decides() {
        check("*\n!src\n!a.md\nsrc/secret*", &["b", "src/secret.key"], &["src", "src/main.rs", "a.md"]);
        check("!a\na", &["a"], &[]);
        check("docs\n!docs/**/keep.md", &["docs/a.md"], &["docs/keep.md", "docs/x/keep.md"]);
    }

    #[test]
    fn classes_question_marks_and_escapes() {
        check("a[0-9].t?t\n\\*lit", &["a1.txt", "*lit"], &["ab.txt", "a1.tt", "xlit"]);
        check("[^a]b", &["xb"], &["ab"]);
        check("a+(b).c$", &["a+(b).c$"], &["aab.c"]);
        assert!(Ignore::parse("[a").is_err());
        assert!(Ignore::parse("a\n!").unwrap_err().starts_with("line 2"));
    }

    #[test]
    fn a_folder_is_entered_for_an_exception_only() {
        let ignore = Ignore::parse("*\n!src/lib\n!**/keep").unwrap();
        assert!(ignore.may_except_below("src"));
        let ignore = Ignore::parse("*\n!src/lib").unwrap();
        assert!(ignore.may_except_below("src") && ignore.may_except_below("src/lib/x"));
        assert!(!ignore.may_except_below("node_modules"));
    }

    #[test]
    fn a_pattern_of_many_stars_does_not_take_forever() {
        let ignore = Ignore::parse(&format!("{}b", "a*".repeat(40))).unwrap();
        assert!(!ignore.leaves_out(&"a".repeat(4000)));
    }
}
