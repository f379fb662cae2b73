//! Patterns of `case`, `${x#…}` and file names: `*`, `?`, `[…]`. A character that was quoted stands for itself.

/// One element of a pattern.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Glyph {
    This(char),
    One,
    Many,
    Set { not: bool, ranges: Vec<(char, char)> },
}

/// Reads a pattern from characters and whether each was quoted.
pub(super) fn compile(text: &[(char, bool)]) -> Vec<Glyph> {
    let mut glyphs = Vec::new();
    let mut at = 0;
    while let Some((c, quoted)) = text.get(at) {
        at += 1;
        glyphs.push(match c {
            '*' if !quoted => Glyph::Many,
            '?' if !quoted => Glyph::One,
            '[' if !quoted => match set(&text[at..]) {
                Some((glyph, length)) => {
                    at += length;
                    glyph
                }
                None => Glyph::This('['),
            },
            c => Glyph::This(*c),
        });
    }
    glyphs
}

fn set(text: &[(char, bool)]) -> Option<(Glyph, usize)> {
    let not = matches!(text.first(), Some(('!' | '^', false)));
    let begin = usize::from(not);
    let end = (begin + 1..text.len()).find(|i| text[*i] == (']', false))?;
    let mut ranges = Vec::new();
    let mut at = begin;
    while at < end {
        let from = text[at].0;
        if at + 2 < end && text[at + 1].0 == '-' {
            ranges.push((from, text[at + 2].0));
            at += 3;
        } else {
            ranges.push((from, from));
            at += 1;
        }
    }
    Some((Glyph::Set { not, ranges }, end + 1))
}

/// Whether the pattern means anything but itself.
pub(super) fn is_wild(pattern: &[Glyph]) -> bool {
    pattern.iter().any(|glyph| !matches!(glyph, Glyph::This(_)))
}

/// Whether the whole text fits, in time that grows with the product of both lengths at most.
pub(super) fn fits(pattern: &[Glyph], text: &[char]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(Glyph::Many) => {
                star = Some((p, t));
                p += 1;
                continue;
            }
            Some(glyph) if one(glyph, text[t]) => {
                p += 1;
                t += 1;
                continue;
            }
            _ => {}
        }
        let Some((back, from)) = star else { return false };
        star = Some((back, from + 1));
        p = back + 1;
        t = from + 1;
    }
    pattern[p.min(pattern.len())..].iter().all(|glyph| *glyph == Glyph::Many)
}

fn one(glyph: &Glyph, c: char) -> bool {
    match glyph {
        Glyph::This(this) => *this == c,
        Glyph::One | Glyph::Many => true,
        Glyph::Set { not, ranges } => ranges.iter().any(|(from, to)| (*from..=*to).contains(&c)) != *not,
    }
}

/// The text without what fits at its beginning or end.
pub(super) fn trim(text: &str, pattern: &[Glyph], end: bool, longest: bool) -> String {
    let chars: Vec<char> = text.chars().collect();
    let lengths: Vec<usize> = if longest { (0..=chars.len()).rev().collect() } else { (0..=chars.len()).collect() };
    for length in lengths {
        let (part, rest) = if end {
            let (rest, part) = chars.split_at(chars.len() - length);
            (part, rest)
        } else {
            chars.split_at(length)
        };
        if fits(pattern, part) {
            return rest.iter().collect();
        }
    }
    text.to_owned()
}
