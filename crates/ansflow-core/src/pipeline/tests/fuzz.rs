//! No text makes the reader or the planner panic. `ANSFLOW_FUZZ_SECONDS` says for how long it is tried; 2 otherwise.

use std::time::{Duration, Instant};

use serde_json::Map;

use super::super::{Source, parse, print};
use crate::catalog;
use crate::planning::{PlanFacts, cannot_run, plan};

const SEEDS: &[&str] = &[
    include_str!("../../../tests/fixtures/seeds/docker-flat.yml"),
    include_str!("../../../tests/fixtures/seeds/full-stack.yml"),
    include_str!("../../../tests/fixtures/seeds/hybrid-stages.yml"),
    include_str!("../../../tests/fixtures/seeds/kubernetes-flat.yml"),
];

/// Pieces that mean something to one of the parsers on the way.
const PIECES: &[&str] = &[
    "{{",
    "}}",
    "{{ image }}",
    "steps:",
    "- ",
    "\n  ",
    ": ",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "'",
    "|\n",
    ">-\n",
    "&a ",
    "*a",
    "<<: ",
    "!!binary ",
    "#",
    "\t",
    "\u{feff}",
    "\0",
    "\u{2028}",
    "needs: []",
    "when: ",
    "and ",
    "not ",
    "== ",
    "`",
    "$(",
    "<<EOF\n",
    "\\",
    "99999999999999999999",
    "-1",
    "null",
    "~",
    "1e999",
    ".inf",
    "parallel_group: g",
    "order: 1",
    "构",
    "stages:",
    "steps[\"a\"].outputs.x",
    "default(",
    "pipeline:",
    "%YAML 1.2\n---\n",
    "...",
    "? ",
    "env.",
    "secrets.",
];

/// A small generator of its own: the test must not depend on a seed that a crate chooses.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % most.max(1)
    }
}

fn mutate(text: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(text.len() + 1);
    match random.below(6) {
        0 => {
            let piece = PIECES[random.below(PIECES.len())].bytes();
            text.splice(at..at, piece);
        }
        1 => text.truncate(at),
        2 => {
            let end = (at + random.below(40)).min(text.len());
            text.drain(at..end);
        }
        3 => {
            let end = (at + random.below(200)).min(text.len());
            let copy = text[at..end].to_vec();
            let to = random.below(text.len() + 1);
            text.splice(to..to, copy);
        }
        4 if at < text.len() => text[at] = u8::try_from(random.below(256)).expect("a byte"),
        _ => {
            let bytes: Vec<u8> =
                (0..random.below(8)).map(|_| u8::try_from(random.below(256)).expect("a byte")).collect();
            text.splice(at..at, bytes);
        }
    }
}

fn check(text: &[u8]) {
    let (pipeline, problems) = parse(&Source { text, file_stem: "fuzz", variables: &Map::new() });
    assert_eq!(pipeline.is_none(), problems.iter().any(crate::diagnostic::Diagnostic::is_error));
    let Some(pipeline) = pipeline else { return };
    let facts = PlanFacts::default();
    if let Ok(plan) = plan(&pipeline, &facts) {
        assert!(cannot_run(&plan, &facts).len() <= plan.steps.len());
    }
    let printed = print(&pipeline);
    let (again, problems) = parse(&Source { text: printed.as_bytes(), file_stem: "fuzz", variables: &Map::new() });
    let Some(again) = again else { panic!("what was printed is wrong: {problems:?}\n{printed}") };
    assert!(again == pipeline, "what was printed means something else:\n{printed}");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a fuzz test is told how long to try, and needs a clock to stop")]
fn no_text_makes_the_reader_panic() {
    let seconds = std::env::var("ANSFLOW_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(2);
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut corpus: Vec<String> = SEEDS.iter().map(|seed| (*seed).to_owned()).collect();
    for example in catalog::all().iter().flat_map(|kind| kind.examples) {
        corpus.push(format!("steps:\n  - {}\n", example.trim_end().replace('\n', "\n    ")));
    }
    corpus.iter().for_each(|text| check(text.as_bytes()));
    while Instant::now() < end {
        let mut text = corpus[random.below(corpus.len())].clone().into_bytes();
        for _ in 0..=random.below(6) {
            mutate(&mut text, &mut random);
        }
        check(&text);
    }
}
