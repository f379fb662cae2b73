//! BuildKit's plain output, read for the one thing that its exit code does not say: why.

use std::collections::VecDeque;

use super::dockerfile;
use super::failure::{BuildFailure, FailedStep, number_after};
use crate::error::one_line;

/// The end of an output.
#[derive(Default)]
pub(super) struct Tail {
    lines: VecDeque<String>,
}

impl Tail {
    const MOST: usize = 200;

    pub(super) fn push(&mut self, line: &str) {
        if self.lines.len() == Tail::MOST {
            self.lines.pop_front();
        }
        self.lines.push_back(line.to_owned());
    }

    /// What the last words of a failed build mean.
    pub(super) fn failure(&self, dockerfile_text: &str) -> BuildFailure {
        let lines = || self.lines.iter().rev().map(|line| line.trim_end());
        let step = lines().find_map(failed_step);
        let found = step.as_ref().and_then(|step| dockerfile::like(dockerfile_text, &step.instruction));
        // As its author wrote it: BuildKit writes the values of arguments into it.
        let step = step.map(|step| match &found {
            Some(found) => FailedStep { instruction: found.text.clone(), ..step },
            None => step,
        });
        let why = lines().find(|line| !line.trim().is_empty() && !line.starts_with("---")).unwrap_or_default();
        let why = one_line(clean(why));
        // `Dockerfile:3` above the excerpt, which newer builders print.
        let named = lines().find_map(|line| {
            let (name, number) = line.rsplit_once(':')?;
            (!name.contains(' ')).then(|| number.parse().ok()).flatten()
        });
        let line = named
            .or_else(|| usize::try_from(number_after(&why, "parse error on line ")?).ok())
            .or_else(|| usize::try_from(number_after(&why, "parse error line ")?).ok())
            .or_else(|| Some(found.as_ref()?.line));
        BuildFailure { line, code: number_after(&why, "exit code: "), step, why }
    }
}

/// ` > [2/3] RUN exit 7:`, and with a stage's name ` > [test 2/3] RUN exit 7:`.
fn failed_step(line: &str) -> Option<FailedStep> {
    let (place, instruction) = line.trim_start().strip_prefix("> [")?.split_once("] ")?;
    let instruction = instruction.trim_end_matches(':').to_owned();
    (!place.starts_with("internal")).then(|| FailedStep { place: place.to_owned(), instruction })
}

/// Without what every failure begins with.
fn clean(why: &str) -> &str {
    let mut why = why.trim();
    for start in [
        "ERROR: ",
        "failed to build: ",
        "failed to solve with frontend dockerfile.v0: ",
        "failed to solve: ",
        "failed to create LLB definition: ",
        "failed to build LLB: ",
        "rpc error: code = Unknown desc = ",
    ] {
        why = why.strip_prefix(start).unwrap_or(why);
    }
    why
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(output: &str, dockerfile: &str, expected: &str) {
        let mut tail = Tail::default();
        output.lines().for_each(|line| tail.push(line));
        assert_eq!(tail.failure(dockerfile).to_string(), expected);
    }

    #[test]
    fn a_failed_command_is_named_as_docker_20_says_it() {
        check(
            "#5 [2/2] RUN exit 7\n#5 ERROR: executor failed running [/bin/sh -c exit 7]: exit code: 7\n------\n > [2/2] RUN exit 7:\n------\nexecutor failed running [/bin/sh -c exit 7]: exit code: 7\n",
            "FROM x\n\nRUN exit 7\n",
            "the build failed at step 2/2, line 3 of the Dockerfile, `RUN exit 7`: its command ended with exit code 7",
        );
    }

    #[test]
    fn a_failed_command_is_named_as_buildx_says_it() {
        check(
            "------\n > [test 2/3] RUN make:\n0.3 no rule\n------\nDockerfile:12\n--------------------\n  11 |     FROM x\n  12 | >>> RUN make\n--------------------\nERROR: failed to build: failed to solve: process \"/bin/sh -c make\" did not complete successfully: exit code: 2\n",
            "",
            "the build failed at step test 2/3, line 12 of the Dockerfile, `RUN make`: its command ended with exit code 2",
        );
    }

    #[test]
    fn a_dockerfile_that_is_none_is_named_with_its_line() {
        check(
            "#2 DONE 0.2s\nfailed to solve with frontend dockerfile.v0: failed to create LLB definition: dockerfile parse error line 2: unknown instruction: RUNN\n",
            "FROM x\nRUNN y\n",
            "the build failed at line 2 of the Dockerfile: dockerfile parse error line 2: unknown instruction: RUNN",
        );
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        check(
            "------\n > [1/1] COPY nope /:\n------\nfailed to compute cache key: \"/nope\" not found: not found\n",
            "FROM scratch\nCOPY nope /\n",
            "the build failed at step 1/1, line 2 of the Dockerfile, `COPY nope /`: failed to compute cache key: \"/nope\" not found: not found",
        );
    }
}
