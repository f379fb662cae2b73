//! `$((…))`: whole numbers, C's operators and their precedence, assignments.

use super::state::{Shell, Stop};

/// The value, or what ash complains about.
pub(super) fn evaluate(shell: &mut Shell, text: &str) -> Result<Result<i64, String>, Stop> {
    let mut sum = Sum { chars: text.chars().collect(), at: 0, shell, stop: None, depth: 0 };
    let value = sum.assignment();
    let rest = {
        sum.blanks();
        sum.at < sum.chars.len()
    };
    if let Some(stop) = sum.stop {
        return Err(stop);
    }
    Ok(value.and_then(|value| if rest { Err("arithmetic syntax error".to_owned()) } else { Ok(value) }))
}

struct Sum<'a> {
    chars: Vec<char>,
    at: usize,
    shell: &'a mut Shell,
    stop: Option<Stop>,
    depth: u32,
}

/// From the weakest to the strongest; operators of one row bind alike.
const LEVELS: [&[&str]; 10] = [
    &["||"],
    &["&&"],
    &["|"],
    &["^"],
    &["&"],
    &["==", "!="],
    &["<=", ">=", "<", ">"],
    &["<<", ">>"],
    &["+", "-"],
    &["*", "/", "%"],
];

impl Sum<'_> {
    fn blanks(&mut self) {
        while self.chars.get(self.at).is_some_and(|c| c.is_whitespace()) {
            self.at += 1;
        }
    }

    fn starts(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(i, c)| self.chars.get(self.at + i) == Some(&c))
    }

    fn eat(&mut self, text: &str) -> bool {
        self.blanks();
        let found = self.starts(text);
        if found {
            self.at += text.len();
        }
        found
    }

    fn name(&mut self) -> Option<String> {
        self.blanks();
        let rest = &self.chars[self.at.min(self.chars.len())..];
        let name: String = rest.iter().take_while(|c| c.is_ascii_alphanumeric() || **c == '_').collect();
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        self.at += name.len();
        Some(name)
    }

    fn assignment(&mut self) -> Result<i64, String> {
        let begin = self.at;
        if let Some(name) = self.name() {
            self.blanks();
            let sign = ["=", "+=", "-=", "*=", "/=", "%="].into_iter().find(|sign| self.starts(sign));
            if let Some(sign) = sign.filter(|sign| *sign != "=" || !self.starts("==")) {
                self.at += sign.len();
                let right = self.assignment()?;
                let value = match sign.strip_suffix('=') {
                    None | Some("") => right,
                    Some(operator) => apply(operator, self.value(&name)?, right)?,
                };
                if let Err(stop) = self.shell.set(&name, value.to_string()) {
                    self.stop = Some(stop);
                }
                return Ok(value);
            }
        }
        self.at = begin;
        self.choice()
    }

    fn choice(&mut self) -> Result<i64, String> {
        let condition = self.level(0)?;
        if !self.eat("?") {
            return Ok(condition);
        }
        let yes = self.assignment()?;
        if !self.eat(":") {
            return Err("arithmetic syntax error".to_owned());
        }
        let no = self.choice()?;
        Ok(if condition == 0 { no } else { yes })
    }

    fn level(&mut self, level: usize) -> Result<i64, String> {
        let Some(operators) = LEVELS.get(level) else { return self.unary() };
        let mut left = self.level(level + 1)?;
        loop {
            self.blanks();
            let longer = |operator: &str| {
                let twice = matches!(operator, "|" | "&" | "<" | ">");
                twice && self.chars.get(self.at + 1) == operator.chars().next().as_ref()
            };
            let Some(operator) = operators.iter().find(|operator| self.starts(operator) && !longer(operator)) else {
                return Ok(left);
            };
            self.at += operator.len();
            let right = self.level(level + 1)?;
            left = apply(operator, left, right)?;
        }
    }

    fn unary(&mut self) -> Result<i64, String> {
        self.depth += 1;
        if self.depth > 24 {
            return Err("expression recursion level exceeded".to_owned());
        }
        let value = if self.eat("-") {
            self.unary()?.wrapping_neg()
        } else if self.eat("+") {
            self.unary()?
        } else if self.eat("!") {
            i64::from(self.unary()? == 0)
        } else if self.eat("~") {
            !self.unary()?
        } else if self.eat("(") {
            let value = self.assignment()?;
            if !self.eat(")") {
                return Err("arithmetic syntax error".to_owned());
            }
            value
        } else if let Some(name) = self.name() {
            self.value(&name)?
        } else {
            let rest = &self.chars[self.at.min(self.chars.len())..];
            let digits: String = rest.iter().take_while(|c| c.is_ascii_alphanumeric()).collect();
            self.at += digits.len();
            number(&digits).ok_or_else(|| "arithmetic syntax error".to_owned())?
        };
        self.depth -= 1;
        Ok(value)
    }

    fn value(&self, name: &str) -> Result<i64, String> {
        let text = self.shell.get(name).unwrap_or_default();
        let text = text.trim();
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        match digits {
            "" => Ok(0),
            digits => number(digits).map(|value| value * sign).ok_or_else(|| "arithmetic syntax error".to_owned()),
        }
    }
}

fn number(text: &str) -> Option<i64> {
    if let Some(hex) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return i64::from_str_radix(hex, 16).ok();
    }
    if text.len() > 1 && text.starts_with('0') {
        return i64::from_str_radix(&text[1..], 8).ok();
    }
    text.parse().ok()
}

fn apply(operator: &str, left: i64, right: i64) -> Result<i64, String> {
    Ok(match operator {
        "||" => i64::from(left != 0 || right != 0),
        "&&" => i64::from(left != 0 && right != 0),
        "|" => left | right,
        "^" => left ^ right,
        "&" => left & right,
        "==" => i64::from(left == right),
        "!=" => i64::from(left != right),
        "<=" => i64::from(left <= right),
        ">=" => i64::from(left >= right),
        "<" => i64::from(left < right),
        ">" => i64::from(left > right),
        "<<" => left.wrapping_shl(u32::try_from(right & 63).unwrap_or(0)),
        ">>" => left.wrapping_shr(u32::try_from(right & 63).unwrap_or(0)),
        "+" => left.wrapping_add(right),
        "-" => left.wrapping_sub(right),
        "*" => left.wrapping_mul(right),
        "/" | "%" if right == 0 => return Err("divide by zero".to_owned()),
        "/" => left.wrapping_div(right),
        _ => left.wrapping_rem(right),
    })
}
