//! Names that nobody chose: uids, suffixes of generated names, hashes in names.

use crate::chance::Chance;

/// The letters of generated names: no vowels, so that no word comes about.
const ALPHABET: &[u8; 27] = b"bcdfghjklmnpqrstvwxz2456789";

/// Draws names.
#[derive(Debug)]
pub(crate) struct Ids {
    chance: Chance,
}

impl Ids {
    pub(crate) fn new(seed: u64, stream: &str) -> Ids {
        Ids { chance: Chance::stream(seed, stream) }
    }

    /// A random UUID (version 4).
    pub(crate) fn uid(&mut self) -> String {
        let high = (self.chance.number() & !0xf000) | 0x4000;
        let low = (self.chance.number() & (u64::MAX >> 2)) | (1 << 63);
        format!(
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xffff,
            low >> 48,
            low & 0xffff_ffff_ffff
        )
    }

    /// What follows a generateName: five letters.
    pub(crate) fn suffix(&mut self) -> String {
        (0..5).map(|_| char::from(ALPHABET[usize::try_from(self.chance.below(27)).unwrap_or_default()])).collect()
    }

    /// So many random hexadecimal digits: ids of containers.
    pub(crate) fn hex(&mut self, digits: usize) -> String {
        let mut out = String::with_capacity(digits + 16);
        while out.len() < digits {
            out.push_str(&format!("{:016x}", self.chance.number()));
        }
        out.truncate(digits);
        out
    }
}

/// A number as the end of a name, as pod-template-hash has it: its decimal digits in letters that make no word.
pub(crate) fn safe(number: u32) -> String {
    number.to_string().bytes().map(|digit| char::from(ALPHABET[usize::from(digit) % ALPHABET.len()])).collect()
}

/// A name made of a generateName, which is cut so that the whole fits.
pub(crate) fn generated(base: &str, suffix: &str) -> String {
    let base: String = base.chars().take(63 - suffix.len()).collect();
    format!("{base}{suffix}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uids_are_uuids_of_version_four() {
        let uid = Ids::new(1, "ids").uid();
        let parts: Vec<usize> = uid.split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12]);
        assert_eq!(&uid[14..15], "4");
        assert!(matches!(&uid[19..20], "8" | "9" | "a" | "b"));
    }

    #[test]
    fn a_generated_name_is_never_too_long() {
        assert_eq!(generated(&"x".repeat(80), "bcdfg").len(), 63);
        assert_eq!(generated("web-", "bcdfg"), "web-bcdfg");
    }
}
