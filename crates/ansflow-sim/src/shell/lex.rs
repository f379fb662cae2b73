//! Characters to words: quotes, `$…`, here-documents. The grammar (`parse.rs`) reads on from the same place.

use std::sync::Arc;

use super::ast::{How, Part, Word};

/// Deeper than this nobody nests by hand.
pub(super) const DEPTH: usize = 48;

/// Why a script cannot be read, as ash says it after `sh: syntax error: `.
#[derive(Debug, PartialEq)]
pub(crate) struct SyntaxError(pub(crate) String);

impl SyntaxError {
    /// Whether more text could make it right.
    fn is_early(&self) -> bool {
        let early =
            ["unexpected end of file", "unterminated quoted string", "EOF in backquote substitution", "missing '}'"];
        early.iter().any(|words| self.0.starts_with(words))
    }
}

pub(super) struct Reader {
    pub(super) chars: Vec<char>,
    pub(super) at: usize,
    pub(super) depth: usize,
    /// A here-document had no end.
    pub(super) open: bool,
}

impl Reader {
    pub(super) fn new(text: &str) -> Reader {
        Reader { chars: text.chars().collect(), at: 0, depth: 0, open: false }
    }

    /// Whether a text that somebody is still writing ends in the middle of something.
    pub(super) fn is_unfinished(text: &str) -> bool {
        let mut reader = Reader::new(text);
        match reader.script() {
            Ok(_) => reader.open || text.ends_with("\\\n"),
            Err(problem) => problem.is_early(),
        }
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn second(&self) -> Option<char> {
        self.chars.get(self.at + 1).copied()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(c)
    }

    pub(super) fn eat(&mut self, text: &str) -> bool {
        let found = text.chars().enumerate().all(|(i, c)| self.chars.get(self.at + i) == Some(&c));
        if found {
            self.at += text.chars().count();
        }
        found
    }

    /// Spaces, continued lines and a comment; never a newline.
    pub(super) fn blanks(&mut self) {
        loop {
            match self.peek() {
                Some(' ' | '\t' | '\r') => self.at += 1,
                Some('\\') if self.second() == Some('\n') => self.at += 2,
                Some('#') => {
                    while self.peek().is_some_and(|c| c != '\n') {
                        self.at += 1;
                    }
                }
                _ => return,
            }
        }
    }

    /// The operator that stands here, longest first.
    pub(super) fn operator(&self) -> Option<&'static str> {
        const ALL: [&str; 16] =
            ["<<-", "&&", "||", ";;", "<<", ">>", "<&", ">&", ">|", "&", ";", "|", "<", ">", "(", ")"];
        ALL.into_iter().find(|op| op.chars().enumerate().all(|(i, c)| self.chars.get(self.at + i) == Some(&c)))
    }

    /// The unquoted word that begins here, without reading it.
    pub(super) fn glance(&self) -> String {
        let ends = |c: &char| c.is_whitespace() || "|&;<>()\"'$`\\".contains(*c);
        self.chars[self.at.min(self.chars.len())..].iter().take_while(|c| !ends(c)).collect()
    }

    pub(super) fn word(&mut self) -> Result<Option<Word>, SyntaxError> {
        let mut word = Builder::default();
        let begin = self.at;
        while let Some(c) = self.peek() {
            match c {
                c if c.is_whitespace() || "|&;<>()".contains(c) => break,
                '\\' => {
                    self.at += 1;
                    match self.next() {
                        Some('\n') | None => {}
                        Some(c) => word.push(c, true),
                    }
                }
                '\'' => {
                    self.at += 1;
                    word.quote();
                    loop {
                        match self.next() {
                            None => return Err(SyntaxError("unterminated quoted string".into())),
                            Some('\'') => break,
                            Some(c) => word.push(c, true),
                        }
                    }
                }
                '"' => {
                    self.at += 1;
                    word.quote();
                    self.quoted(&mut word, Some('"'))?;
                }
                '$' | '`' => self.expansion(&mut word, false)?,
                c => {
                    self.at += 1;
                    word.push(c, false);
                }
            }
        }
        Ok((self.at > begin).then(|| word.done()))
    }

    /// The inside of double quotes, of a here-document and of arithmetic, up to `end` or the end of the text.
    fn quoted(&mut self, word: &mut Builder, end: Option<char>) -> Result<(), SyntaxError> {
        loop {
            match self.peek() {
                None if end.is_none() => return Ok(()),
                None => return Err(SyntaxError("unterminated quoted string".into())),
                Some(c) if Some(c) == end => {
                    self.at += 1;
                    return Ok(());
                }
                Some('\\') => {
                    self.at += 1;
                    match self.next() {
                        Some('\n') => {}
                        Some(c) if "$`\\".contains(c) || Some(c) == end => word.push(c, true),
                        Some(c) => {
                            word.push('\\', true);
                            word.push(c, true);
                        }
                        None => word.push('\\', true),
                    }
                }
                Some('$' | '`') => self.expansion(word, true)?,
                Some(c) => {
                    self.at += 1;
                    word.push(c, true);
                }
            }
        }
    }

    /// A text in which only `$`, `` ` `` and `\` mean something.
    pub(super) fn inner(text: &str, depth: usize) -> Result<Word, SyntaxError> {
        let mut reader = Reader::new(text);
        reader.depth = depth;
        let mut word = Builder::default();
        word.quote();
        reader.quoted(&mut word, None)?;
        Ok(word.done())
    }

    fn expansion(&mut self, word: &mut Builder, quoted: bool) -> Result<(), SyntaxError> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(SyntaxError("nested too deeply".into()));
        }
        let part = if self.eat("`") {
            let mut text = String::new();
            loop {
                match self.next() {
                    None => return Err(SyntaxError("EOF in backquote substitution".into())),
                    Some('`') => break,
                    Some('\\') if matches!(self.peek(), Some('`' | '\\' | '$')) => text.extend(self.next()),
                    Some(c) => text.push(c),
                }
            }
            let mut inner = Reader::new(&text);
            inner.depth = self.depth;
            Some(Part::Output { script: Arc::new(inner.script()?), quoted })
        } else {
            self.at += 1;
            self.dollar(quoted)?
        };
        self.depth -= 1;
        match part {
            Some(part) => word.add(part),
            None => word.push('$', quoted),
        }
        Ok(())
    }

    fn dollar(&mut self, quoted: bool) -> Result<Option<Part>, SyntaxError> {
        if self.eat("((") {
            let text = Reader::inner(&self.until_sum_ends()?, self.depth)?;
            return Ok(Some(Part::Sum { text, quoted }));
        }
        if self.eat("(") {
            let script = self.list(&[])?;
            self.expect(")")?;
            return Ok(Some(Part::Output { script: Arc::new(script), quoted }));
        }
        if self.eat("{") {
            return self.braces(quoted).map(Some);
        }
        let name = self.name();
        Ok((!name.is_empty()).then_some(Part::Variable { name, how: How::Plain, quoted }))
    }

    fn until_sum_ends(&mut self) -> Result<String, SyntaxError> {
        let (mut text, mut open) = (String::new(), 0);
        loop {
            if open == 0 && self.eat("))") {
                return Ok(text);
            }
            match self.next() {
                None => return Err(SyntaxError("unterminated quoted string".into())),
                Some(c) => {
                    open += i32::from(c == '(') - i32::from(c == ')');
                    text.push(c);
                }
            }
        }
    }

    /// A variable's name: a word, a digit, or one of `?#@*$!-`.
    fn name(&mut self) -> String {
        let mut name = String::new();
        match self.peek() {
            Some(c) if c.is_ascii_alphabetic() || c == '_' => {
                while let Some(c) = self.peek().filter(|c| c.is_ascii_alphanumeric() || *c == '_') {
                    name.push(c);
                    self.at += 1;
                }
            }
            Some(c) if c.is_ascii_digit() || "?#@*$!-".contains(c) => {
                name.push(c);
                self.at += 1;
            }
            _ => {}
        }
        name
    }

    fn braces(&mut self, quoted: bool) -> Result<Part, SyntaxError> {
        let bad = || SyntaxError("bad substitution".into());
        if self.peek() == Some('#') && self.second() != Some('}') {
            self.at += 1;
            let name = self.name();
            return if self.eat("}") { Ok(Part::Variable { name, how: How::Length, quoted }) } else { Err(bad()) };
        }
        let mut name = self.name();
        while name.chars().all(|c| c.is_ascii_digit())
            && let Some(c) = self.peek().filter(char::is_ascii_digit)
        {
            name.push(c);
            self.at += 1;
        }
        if name.is_empty() {
            return Err(bad());
        }
        if self.eat("}") {
            return Ok(Part::Variable { name, how: How::Plain, quoted });
        }
        let or_empty = self.eat(":");
        let how = match self.next() {
            Some(sign @ ('-' | '=' | '+' | '?')) => How::Unset { sign, or_empty, word: self.brace_word(quoted)? },
            Some(sign @ ('#' | '%')) if !or_empty => {
                let longest = self.peek() == Some(sign);
                self.at += usize::from(longest);
                How::Trim { end: sign == '%', longest, pattern: self.brace_word(false)? }
            }
            _ => return Err(bad()),
        };
        Ok(Part::Variable { name, how, quoted })
    }

    fn brace_word(&mut self, quoted: bool) -> Result<Word, SyntaxError> {
        let mut word = Builder::default();
        loop {
            match self.peek() {
                None => return Err(SyntaxError("missing '}'".into())),
                Some('}') => {
                    self.at += 1;
                    return Ok(word.done());
                }
                Some('\\') => {
                    self.at += 1;
                    word.extend(self.next(), true);
                }
                Some('"') => {
                    self.at += 1;
                    word.quote();
                    self.quoted(&mut word, Some('"'))?;
                }
                Some('\'') if !quoted => {
                    self.at += 1;
                    while let Some(c) = self.next().filter(|c| *c != '\'') {
                        word.push(c, true);
                    }
                }
                Some('$' | '`') => self.expansion(&mut word, quoted)?,
                Some(c) => {
                    self.at += 1;
                    word.push(c, quoted);
                }
            }
        }
    }
}

/// Puts a word together; neighbours of one kind become one part.
#[derive(Default)]
struct Builder(Vec<Part>);

impl Builder {
    fn push(&mut self, c: char, as_quoted: bool) {
        match self.0.last_mut() {
            Some(Part::Text { text, quoted }) if *quoted == as_quoted => text.push(c),
            _ => self.0.push(Part::Text { text: c.into(), quoted: as_quoted }),
        }
    }

    fn extend(&mut self, c: Option<char>, quoted: bool) {
        if let Some(c) = c {
            self.push(c, quoted);
        }
    }

    /// Quotes make a word even when nothing stands in them.
    fn quote(&mut self) {
        if !matches!(self.0.last(), Some(Part::Text { quoted: true, .. })) {
            self.0.push(Part::Text { text: String::new(), quoted: true });
        }
    }

    fn add(&mut self, part: Part) {
        self.0.push(part);
    }

    fn done(self) -> Word {
        Word(self.0)
    }
}
