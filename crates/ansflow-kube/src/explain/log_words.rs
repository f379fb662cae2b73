//! What the last lines of a program's log say of its chances: two lists of words.
//!
//! A log never condemns by itself. It may only say, of a program that has died twice in the same way, that nothing outside of it
//! can help; and one word of hope outweighs all others.

/// How many of a log's last lines are read.
const LAST: usize = 20;

/// Parts that stand in this order in one line of a program that will not do better next time.
const HOPELESS: [&[&str]; 33] = [
    &["variable", "not set"],
    &["variable", "is missing"],
    &["variable", "required"],
    &["variable", "undefined"],
    &["missing environment"],
    &["missing required"],
    &["missing setting"],
    &["setting", "not set"],
    &["setting", "required"],
    &["unknown directive"],
    &["unknown flag"],
    &["unknown shorthand flag"],
    &["flag provided but not defined"],
    &["unknown option"],
    &["unknown command"],
    &["unknown argument"],
    &["unrecognized option"],
    &["unrecognized argument"],
    &["unexpected argument"],
    &["invalid option"],
    &["invalid argument"],
    &["invalid config"],
    &["syntax error"],
    &["parse error"],
    &["permission denied"],
    &["exec format error"],
    &["cannot find module"],
    &["modulenotfounderror"],
    &["importerror"],
    &["classnotfound"],
    &["noclassdeffound"],
    &["error while loading shared libraries"],
    &["could not find or load main class"],
];

/// Words of a program that waits for another: it may do better next time.
const HOPEFUL: [&str; 22] = [
    "refused",
    "unreachable",
    "not reachable",
    "timed out",
    "time out",
    "timeout",
    "no such host",
    "name resolution",
    "name or service not known",
    "connect",
    "waiting for",
    "wait for",
    "retry",
    "retries",
    "giving up",
    "give up",
    "unavailable",
    "not ready",
    "lock",
    "try again",
    "temporar",
    "not yet",
];

/// Whether the last lines say that the program cannot do better, and nothing that it might.
pub(super) fn is_hopeless(log: &str) -> bool {
    let lines: Vec<String> = last_lines(log).map(str::to_lowercase).collect();
    let hopes = lines.iter().any(|line| HOPEFUL.iter().any(|word| line.contains(word)));
    !hopes && lines.iter().any(|line| HOPELESS.iter().any(|parts| in_order(line, parts)))
}

/// Whether two logs end alike, but for times and numbers of lines.
pub(super) fn are_alike(one: &str, other: &str) -> bool {
    last_lines(one).map(without_digits).eq(last_lines(other).map(without_digits))
}

/// The line that tells most: the last one with hopeless words, else the last one that says anything.
pub(super) fn telling(log: &str) -> Option<&str> {
    let is_telling = |line: &&str| HOPELESS.iter().any(|parts| in_order(&line.to_lowercase(), parts));
    let lines: Vec<&str> = last_lines(log).collect();
    lines.iter().rev().copied().find(is_telling).or(lines.last().copied())
}

/// The last lines with something in them, oldest first.
pub(super) fn last_lines(log: &str) -> impl Iterator<Item = &str> {
    let lines: Vec<&str> = log.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let skipped = lines.len().saturating_sub(LAST);
    lines.into_iter().skip(skipped)
}

/// Whether a text is the API's excuse for a log that it has not.
pub(super) fn is_excuse(log: &str) -> bool {
    log.starts_with("unable to retrieve container logs")
}

/// A line without the time that it begins with, which says less than the end that would be cut off.
pub(super) fn without_time(line: &str) -> &str {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit() || "/-:.,TZ+ ".contains(c));
    if line.len() - rest.len() >= 8 && !rest.is_empty() { rest } else { line }
}

fn in_order(line: &str, parts: &[&str]) -> bool {
    let mut rest = line;
    parts.iter().all(|part| match rest.split_once(part) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

fn without_digits(line: &str) -> String {
    line.chars().filter(|c| !c.is_ascii_digit()).collect()
}
