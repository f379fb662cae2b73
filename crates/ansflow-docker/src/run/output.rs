//! A container's output, and the place in it up to which somebody has it.

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// Takes bytes as they come.
pub type OnOutput<'a> = dyn FnMut(Stream, &[u8]) + Send + 'a;

/// How much of a container's output somebody has: whole lines, and bytes of the line that is not whole yet.
///
/// Lines, because a daemon's log keeps lines, and may keep bytes that are no UTF-8 as others than they were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Position {
    stdout: Place,
    stderr: Place,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Place {
    lines: u64,
    tail: u64,
}

impl Position {
    /// After these bytes of output, counted as `(lines, bytes after the last line's end)` for each stream.
    pub fn new(stdout: (u64, u64), stderr: (u64, u64)) -> Position {
        let place = |(lines, tail)| Place { lines, tail };
        Position { stdout: place(stdout), stderr: place(stderr) }
    }

    /// After these bytes too.
    pub fn advance(&mut self, stream: Stream, bytes: &[u8]) {
        let place = self.place(stream);
        match bytes.iter().rposition(|byte| *byte == b'\n') {
            None => place.tail += bytes.len() as u64,
            Some(at) => {
                place.lines += bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
                place.tail = (bytes.len() - at - 1) as u64;
            }
        }
    }

    fn place(&mut self, stream: Stream) -> &mut Place {
        match stream {
            Stream::Stdout => &mut self.stdout,
            Stream::Stderr => &mut self.stderr,
        }
    }
}

/// Leaves out of a log that is read from its start what somebody has already.
pub(super) struct Rest {
    left: Position,
}

impl Rest {
    pub(super) fn after(position: Position) -> Rest {
        Rest { left: position }
    }

    /// What of these bytes is new.
    pub(super) fn of<'b>(&mut self, stream: Stream, mut bytes: &'b [u8]) -> &'b [u8] {
        let left = self.left.place(stream);
        while left.lines > 0 {
            let Some(at) = bytes.iter().position(|byte| *byte == b'\n') else { return &[] };
            bytes = &bytes[at + 1..];
            left.lines -= 1;
        }
        let known = usize::try_from(left.tail).unwrap_or(usize::MAX).min(bytes.len());
        left.tail -= known as u64;
        let (known, rest) = bytes.split_at(known);
        // The log ends the last line even where the container did not: what was known ended with it.
        if known.contains(&b'\n') {
            left.tail = 0;
        }
        rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever the places at which the first and the second reading were cut, together they are the whole.
    #[test]
    fn what_one_has_and_the_rest_are_the_whole_wherever_it_is_cut() {
        let all = b"one\n\ntwo\nthree and no end";
        for cut in 0..=all.len() {
            for piece in 1..=all.len() {
                let mut position = Position::default();
                for part in all[..cut].chunks(piece) {
                    position.advance(Stream::Stdout, part);
                }
                let mut rest = Rest::after(position);
                let mut joined = all[..cut].to_vec();
                for part in all.chunks(piece) {
                    joined.extend_from_slice(rest.of(Stream::Stdout, part));
                }
                assert_eq!(joined, all, "cut at {cut}, pieces of {piece}");
            }
        }
    }

    #[test]
    fn the_two_streams_are_counted_apart() {
        let mut position = Position::default();
        position.advance(Stream::Stderr, b"warning\n");
        let mut rest = Rest::after(position);
        assert_eq!(rest.of(Stream::Stdout, b"out\n"), b"out\n");
        assert_eq!(rest.of(Stream::Stderr, b"warning\nagain\n"), b"again\n");
    }
}
