//! The one-time code with which the first administrator shows that they can read the server's log.

/// Letters and digits that nobody takes for another.
const ALPHABET: &[u8; 31] = b"ABCDEFGHJKMNPQRSTUVWXYZ23456789";

/// `XXXX-XXXX-XXXX`: 59 random bits.
pub(super) fn code() -> String {
    let mut letters = Vec::new();
    while letters.len() < 12 {
        let mut byte = [0];
        getrandom::fill(&mut byte).expect("the system gives randomness");
        // No letter more often than another.
        if usize::from(byte[0]) < ALPHABET.len() * (256 / ALPHABET.len()) {
            letters.push(char::from(ALPHABET[usize::from(byte[0]) % ALPHABET.len()]));
        }
    }
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_can_be_read_aloud_and_is_another_every_time() {
        let (one, other) = (code(), code());
        assert_ne!(one, other);
        assert_eq!(one.len(), 14);
        let is_fine = |(place, letter): (usize, char)| {
            if place % 5 == 4 { letter == '-' } else { ALPHABET.contains(&(letter as u8)) && !"IL01O".contains(letter) }
        };
        assert!(one.chars().enumerate().all(is_fine), "{one}");
    }
}
