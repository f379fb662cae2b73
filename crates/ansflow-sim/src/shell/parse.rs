//! Words to commands: the grammar of the POSIX shell, as far as manifests use it.

use std::sync::Arc;

use super::ast::{Chain, Command, Join, List, Pipeline, Redirect, To, What, Word};
use super::lex::{DEPTH, Reader, SyntaxError};

pub(super) fn parse(text: &str) -> Result<List, SyntaxError> {
    Reader::new(text).script()
}

const RESERVED: [&str; 15] =
    ["if", "then", "elif", "else", "fi", "while", "until", "for", "do", "done", "case", "esac", "in", "{", "}"];

impl Reader {
    pub(super) fn script(&mut self) -> Result<List, SyntaxError> {
        let list = self.list(&[])?;
        match self.peek() {
            None => Ok(list),
            Some(_) => Err(self.unexpected()),
        }
    }

    /// Commands until the end of the text, `)`, `;;` or one of `ends`, which is left standing.
    pub(super) fn list(&mut self, ends: &[&str]) -> Result<List, SyntaxError> {
        let mut chains = Vec::new();
        loop {
            self.newlines();
            if self.peek().is_none()
                || matches!(self.operator(), Some(")" | ";;"))
                || ends.contains(&self.glance().as_str())
            {
                return Ok(List(chains));
            }
            let mut chain = self.chain()?;
            self.blanks();
            match self.operator() {
                Some("&") => {
                    self.at += 1;
                    chain.background = true;
                }
                Some(";") => self.at += 1,
                _ if self.peek().is_none() || self.peek() == Some('\n') => {}
                Some(")" | ";;") => {}
                _ => return Err(self.unexpected()),
            }
            chains.push(chain);
        }
    }

    fn newlines(&mut self) {
        loop {
            self.blanks();
            if self.peek() != Some('\n') {
                return;
            }
            self.at += 1;
        }
    }

    fn chain(&mut self) -> Result<Chain, SyntaxError> {
        let first = self.pipeline()?;
        let mut rest = Vec::new();
        loop {
            self.blanks();
            let join = match self.operator() {
                Some("&&") => Join::And,
                Some("||") => Join::Or,
                _ => return Ok(Chain { first, rest, background: false }),
            };
            self.at += 2;
            self.newlines();
            rest.push((join, self.pipeline()?));
        }
    }

    fn pipeline(&mut self) -> Result<Pipeline, SyntaxError> {
        self.blanks();
        let mut negated = false;
        while self.glance() == "!" {
            self.at += 1;
            negated = !negated;
            self.blanks();
        }
        let mut commands = vec![Arc::new(self.command()?)];
        loop {
            self.blanks();
            if self.operator() != Some("|") {
                return Ok(Pipeline { negated, commands });
            }
            self.at += 1;
            self.newlines();
            commands.push(Arc::new(self.command()?));
        }
    }

    fn command(&mut self) -> Result<Command, SyntaxError> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(SyntaxError("nested too deeply".into()));
        }
        self.blanks();
        let word = self.glance();
        let what = match word.as_str() {
            "" if self.eat("(") => {
                let list = self.list(&[])?;
                self.expect(")")?;
                What::Subshell(list)
            }
            "{" => What::Group(self.between("{", "}")?),
            "if" => self.conditional()?,
            "while" | "until" => {
                self.keyword(&word)?;
                let condition = self.list(&["do"])?;
                What::While { until: word == "until", condition, body: self.between("do", "done")? }
            }
            "for" => self.repetition()?,
            "case" => self.choice()?,
            _ => {
                let command = self.simple();
                self.depth -= 1;
                return command;
            }
        };
        let mut redirects = Vec::new();
        self.redirects(&mut redirects)?;
        self.depth -= 1;
        Ok(Command { what, redirects })
    }

    fn between(&mut self, begin: &str, end: &str) -> Result<List, SyntaxError> {
        self.keyword(begin)?;
        let list = self.list(&[end])?;
        self.keyword(end)?;
        Ok(list)
    }

    fn conditional(&mut self) -> Result<What, SyntaxError> {
        let mut arms = Vec::new();
        self.keyword("if")?;
        loop {
            let condition = self.list(&["then"])?;
            self.keyword("then")?;
            arms.push((condition, self.list(&["elif", "else", "fi"])?));
            if self.glance() == "elif" {
                self.keyword("elif")?;
                continue;
            }
            let otherwise = if self.glance() == "else" { Some(self.between("else", "fi")?) } else { None };
            if otherwise.is_none() {
                self.keyword("fi")?;
            }
            return Ok(What::If { arms, otherwise });
        }
    }

    fn repetition(&mut self) -> Result<What, SyntaxError> {
        self.keyword("for")?;
        self.blanks();
        let variable = self.glance();
        self.keyword(&variable)?;
        self.newlines();
        let mut words = None;
        if self.glance() == "in" {
            self.keyword("in")?;
            let mut list = Vec::new();
            self.blanks();
            while let Some(word) = self.word()? {
                list.push(word);
                self.blanks();
            }
            words = Some(list);
        }
        self.blanks();
        self.eat(";");
        self.newlines();
        Ok(What::For { variable, words, body: self.between("do", "done")? })
    }

    fn choice(&mut self) -> Result<What, SyntaxError> {
        self.keyword("case")?;
        self.blanks();
        let word = self.word()?.ok_or_else(|| self.unexpected())?;
        self.newlines();
        self.keyword("in")?;
        let mut arms = Vec::new();
        loop {
            self.newlines();
            if self.glance() == "esac" {
                self.keyword("esac")?;
                return Ok(What::Case { word, arms });
            }
            self.eat("(");
            let mut patterns = Vec::new();
            loop {
                self.blanks();
                patterns.push(self.word()?.ok_or_else(|| self.unexpected())?);
                self.blanks();
                if self.eat(")") {
                    break;
                }
                self.expect("|")?;
            }
            arms.push((patterns, self.list(&["esac"])?));
            self.blanks();
            self.eat(";;");
        }
    }

    fn simple(&mut self) -> Result<Command, SyntaxError> {
        let (mut assigns, mut words, mut redirects) = (Vec::new(), Vec::new(), Vec::new());
        loop {
            self.redirects(&mut redirects)?;
            if words.is_empty()
                && let Some(name) = self.assigned()
            {
                self.at += name.chars().count() + 1;
                assigns.push((name, self.word()?.unwrap_or_default()));
                continue;
            }
            if words.is_empty() && RESERVED.contains(&self.glance().as_str()) {
                return Err(self.unexpected());
            }
            let Some(word) = self.word()? else { break };
            if words.is_empty()
                && let Some(name) = word.literal()
                && self.operator() == Some("(")
            {
                let name = name.to_owned();
                self.at += 1;
                self.blanks();
                self.expect(")")?;
                self.newlines();
                let body = Arc::new(self.command()?);
                return Ok(Command { what: What::Function { name, body }, redirects });
            }
            words.push(word);
        }
        if assigns.is_empty() && words.is_empty() && redirects.is_empty() {
            return Err(self.unexpected());
        }
        Ok(Command { what: What::Simple { assigns, words }, redirects })
    }

    /// The name before `=`, when an assignment begins here.
    fn assigned(&self) -> Option<String> {
        let text = self.glance();
        let name = text.split_once('=')?.0;
        let fits = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        fits.then(|| name.to_owned())
    }

    fn redirects(&mut self, all: &mut Vec<Redirect>) -> Result<(), SyntaxError> {
        loop {
            self.blanks();
            let digits = self.chars[self.at..].iter().take_while(|c| c.is_ascii_digit()).count();
            if digits > 1 || !matches!(self.chars.get(self.at + digits), Some('<' | '>')) {
                return Ok(());
            }
            let number = (digits == 1).then(|| self.chars[self.at] as u8 - b'0');
            self.at += digits;
            let Some(sign) = self.operator() else { return Ok(()) };
            self.at += sign.len();
            self.blanks();
            let quoted = matches!(self.peek(), Some('\'' | '"' | '\\'));
            let word = self.word()?.ok_or_else(|| self.unexpected())?;
            let to = match sign {
                "<" => To::Read(word),
                ">" | ">|" => To::Write(word),
                ">>" => To::Append(word),
                ">&" | "<&" => To::Same(word),
                _ => To::Text(self.here(&word, quoted, sign == "<<-")?),
            };
            all.push(Redirect { fd: number.unwrap_or(u8::from(sign.starts_with('>'))), to });
        }
    }

    /// Takes a here-document out of the text that follows this line.
    fn here(&mut self, word: &Word, quoted: bool, without_tabs: bool) -> Result<Word, SyntaxError> {
        let end = word.constant().unwrap_or_default();
        let begin = self.chars[self.at..].iter().position(|c| *c == '\n').map_or(self.chars.len(), |i| self.at + i + 1);
        let (mut at, mut text) = (begin, String::new());
        self.open = true;
        while at < self.chars.len() {
            let line: String = self.chars[at..].iter().take_while(|c| **c != '\n').collect();
            at += line.chars().count() + 1;
            let line = if without_tabs { line.trim_start_matches('\t') } else { &line };
            if line == end {
                self.open = false;
                break;
            }
            text.push_str(line);
            text.push('\n');
        }
        self.chars.drain(begin..at.min(self.chars.len()));
        if quoted {
            return Ok(Word(vec![super::ast::Part::Text { text, quoted: true }]));
        }
        Reader::inner(&text, self.depth)
    }

    fn keyword(&mut self, word: &str) -> Result<(), SyntaxError> {
        self.blanks();
        if word.is_empty() || self.glance() != word {
            return Err(match self.peek() {
                None => SyntaxError(format!("unexpected end of file (expecting \"{word}\")")),
                Some(_) => SyntaxError(format!("{} (expecting \"{word}\")", self.unexpected().0)),
            });
        }
        self.at += word.chars().count();
        Ok(())
    }

    pub(super) fn expect(&mut self, sign: &str) -> Result<(), SyntaxError> {
        self.blanks();
        if self.eat(sign) {
            return Ok(());
        }
        Err(match self.peek() {
            None => SyntaxError(format!("unexpected end of file (expecting \"{sign}\")")),
            Some(_) => SyntaxError(format!("{} (expecting \"{sign}\")", self.unexpected().0)),
        })
    }

    fn unexpected(&self) -> SyntaxError {
        let word = self.glance();
        SyntaxError(match (self.operator(), self.peek()) {
            (Some(sign), _) => format!("unexpected \"{sign}\""),
            (None, None) => "unexpected end of file".into(),
            (None, Some('\n')) => "unexpected newline".into(),
            (None, Some(_)) if RESERVED.contains(&word.as_str()) => format!("unexpected \"{word}\""),
            (None, Some(_)) => "unexpected word".into(),
        })
    }
}
