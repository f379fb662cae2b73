//! "Did you mean": the known word that a mistyped one most likely stands for.
//!
//! Silence is better than a wild guess: the threshold allows about one slip in three letters.

#[cfg(test)]
mod tests;

/// Longer words are not typing errors, and measuring them costs the square of their length.
const LONGEST: usize = 64;

/// The known word nearest to `word`, if one is near enough; of equally near ones the first.
///
/// Case and the choice between `-`, `_` and space do not count as a difference.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = fold(word)?;
    let mut best: Option<(usize, &'a str)> = None;
    for candidate in known {
        let Some(other) = fold(candidate) else { continue };
        let limit = slips_allowed(&folded, &other);
        let lengths = folded.chars().count().abs_diff(other.chars().count());
        if lengths > limit {
            continue;
        }
        let distance = strsim::damerau_levenshtein(&folded, &other);
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

fn fold(word: &str) -> Option<String> {
    let short = !word.is_empty() && word.chars().nth(LONGEST).is_none();
    short.then(|| {
        word.chars().flat_map(char::to_lowercase).map(|c| if matches!(c, '-' | ' ') { '_' } else { c }).collect()
    })
}

/// A Chinese word says in two characters what takes six letters, so one slip is always allowed there.
fn slips_allowed(a: &str, b: &str) -> usize {
    let longer = a.chars().count().max(b.chars().count());
    let by_length = longer / 3;
    if longer >= 2 && !a.is_ascii() && !b.is_ascii() { by_length.max(1) } else { by_length }
}
