//! `triggers`: what starts a pipeline. Kept for the server; their shape is checked here.

use globset::Glob;

use crate::diagnostic::Diagnostic;
use crate::pipeline::Trigger;
use crate::yaml::{Entry, Node};

use super::fields::Fields;
use super::problems::Problems;

pub(super) fn read(node: &Node, problems: &mut Problems) -> Vec<Trigger> {
    problems.list(node, "`triggers`", "triggers").iter().filter_map(|item| trigger(item, problems)).collect()
}

#[derive(Clone, Copy)]
enum Kind {
    Manual,
    Api,
    Schedule,
    Webhook,
}

fn trigger(item: &Node, problems: &mut Problems) -> Option<Trigger> {
    let mut fields = Fields::of(item, "a trigger", problems)?;
    let Some(entry) = fields.take(&["type"], problems) else {
        problems.add(Diagnostic::error("missing-key", item.span, "a trigger has no `type`").help("add `type:`"));
        return None;
    };
    let kinds =
        [("manual", Kind::Manual), ("api", Kind::Api), ("schedule", Kind::Schedule), ("webhook", Kind::Webhook)];
    let kind = problems.choice(&entry.value, "`type` of a trigger", &kinds)?;
    fields.rename(format!("a `{}` trigger", entry.value.scalar().unwrap_or_default()));
    let trigger = match kind {
        Kind::Manual => Some(Trigger::Manual),
        Kind::Api => Some(Trigger::Api),
        Kind::Schedule => schedule(item, &mut fields, problems),
        Kind::Webhook => Some(Trigger::Webhook {
            branches: globs(fields.take(&["branches"], problems), problems),
            paths: globs(fields.take(&["paths"], problems), problems),
        }),
    };
    fields.finish(problems);
    trigger
}

fn schedule(item: &Node, fields: &mut Fields<'_>, problems: &mut Problems) -> Option<Trigger> {
    let cron = fields.take(&["cron"], problems);
    let timezone = fields.take(&["timezone"], problems).and_then(|entry| {
        let name = problems.text(&entry.value, "`timezone`")?;
        let well_formed = name.split('/').all(|part| {
            part.starts_with(|c: char| c.is_ascii_alphabetic())
                && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+'))
        });
        if !well_formed {
            let problem = Diagnostic::error("bad-timezone", entry.value.span, format!("`{name}` is no time zone"));
            problems.add(problem.help("write a name such as `UTC` or `Asia/Shanghai`"));
        }
        Some(name)
    });
    let Some(cron) = cron else {
        let problem = Diagnostic::error("missing-key", item.span, "a `schedule` trigger has no `cron`");
        problems.add(problem.help("add `cron:` with five fields, such as `\"0 3 * * *\"`"));
        return None;
    };
    let text = problems.text(&cron.value, "`cron`")?;
    if let Err(why) = check_cron(&text) {
        let problem = Diagnostic::error("bad-cron", cron.value.span, format!("`cron` {why}"));
        problems.add(
            problem.help(
                "write five fields: minute, hour, day of month, month, day of week; `0 3 * * *` is 3:00 every day",
            ),
        );
    }
    Some(Trigger::Schedule { cron: text.split_whitespace().collect::<Vec<_>>().join(" "), timezone })
}

fn globs(entry: Option<&Entry>, problems: &mut Problems) -> Vec<String> {
    let Some(entry) = entry else { return Vec::new() };
    let texts = problems.texts(&entry.value, &format!("`{}`", entry.key.text));
    for text in &texts {
        if let Err(error) = Glob::new(&text.text) {
            problems.error("bad-glob", text.node.span, format!("`{}` is no pattern: {}", text.text, error.kind()));
        }
    }
    texts.into_iter().map(|text| text.text).collect()
}

/// What a field of a cron text may say.
struct Field {
    name: &'static str,
    least: u32,
    most: u32,
    words: &'static [&'static str],
}

const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const FIELDS: [Field; 5] = [
    Field { name: "minute", least: 0, most: 59, words: &[] },
    Field { name: "hour", least: 0, most: 23, words: &[] },
    Field { name: "day of month", least: 1, most: 31, words: &[] },
    Field { name: "month", least: 1, most: 12, words: MONTHS },
    Field { name: "day of week", least: 0, most: 7, words: DAYS },
];

fn check_cron(text: &str) -> Result<(), String> {
    let parts: Vec<&str> = text.split_whitespace().collect();
    if parts.len() != FIELDS.len() {
        return Err(format!("has {} fields, and needs 5", parts.len()));
    }
    FIELDS.iter().zip(parts).try_for_each(|(field, part)| part.split(',').try_for_each(|item| field.check(item)))
}

impl Field {
    /// `*`, `5`, `1-5`, each with `/2` behind it.
    fn check(&self, item: &str) -> Result<(), String> {
        let wrong = |what: &str| format!("has `{item}` as {}, {what}", self.name);
        let (range, step) = item.split_once('/').map_or((item, None), |(range, step)| (range, Some(step)));
        if let Some(step) = step
            && !step.parse::<u32>().is_ok_and(|step| (1..=self.most).contains(&step))
        {
            return Err(wrong("whose step is no number in range"));
        }
        if range == "*" {
            return Ok(());
        }
        let (low, high) = range.split_once('-').unwrap_or((range, range));
        let outside = || wrong(&format!("which must be from {} to {}", self.least, self.most));
        let (low, high) = (self.number(low).ok_or_else(outside)?, self.number(high).ok_or_else(outside)?);
        if low > high { Err(wrong("which ends before it begins")) } else { Ok(()) }
    }

    fn number(&self, text: &str) -> Option<u32> {
        if let Some(at) = self.words.iter().position(|word| word.eq_ignore_ascii_case(text)) {
            return Some(u32::try_from(at).expect("at most twelve words") + self.least);
        }
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        text.parse().ok().filter(|number| digits && (self.least..=self.most).contains(number))
    }
}
