//! Three hundred wrong pipelines, made from right ones, each name the line that was made wrong.

use super::{read, right, shown};

/// A right pipeline whose lines the mutations know. `n` makes it longer and different.
fn pipeline(n: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![format!("name: shop{n}"), "type: hybrid".to_owned(), "timeout: 30m".to_owned()];
    lines.extend([
        "variables:".to_owned(),
        format!("  image: registry.example.com/shop{n}"),
        "env: { A: b }".to_owned(),
    ]);
    lines.push("steps:".to_owned());
    for step in 0..=n {
        lines.extend([
            format!("  - name: s{step}"),
            "    type: command".to_owned(),
            format!("    command: echo {{{{ image }}}} {step}"),
            "    timeout: 5m".to_owned(),
            "    retry: { attempts: 2, delay: 5s }".to_owned(),
            "    continue_on_failure: false".to_owned(),
            "    when: git_branch == 'main'".to_owned(),
            "    env: { B: c }".to_owned(),
        ]);
        if step > 0 {
            lines.push(format!("    needs: [s{}]", step - 1));
        }
        if n.is_multiple_of(2) {
            lines.push("    # a remark".to_owned());
        }
    }
    lines
}

/// Changes a line that begins so, and says which code names it.
struct Mutation {
    line: &'static str,
    becomes: &'static str,
    code: &'static str,
}

const MUTATIONS: &[Mutation] = &[
    Mutation { line: "type: hybrid", becomes: "tpye: hybrid", code: "unknown-key" },
    Mutation { line: "type: hybrid", becomes: "type: hybird", code: "unknown-choice" },
    Mutation { line: "timeout: 30m", becomes: "timeout: 30 minutes", code: "bad-duration" },
    Mutation { line: "env: { A: b }", becomes: "env: { A-1: b }", code: "bad-name" },
    Mutation { line: "env: { A: b }", becomes: "env: 7", code: "wrong-type" },
    Mutation { line: "    type: command", becomes: "    type: comand", code: "unknown-type" },
    Mutation { line: "    type: command", becomes: "    type: deploy", code: "unknown-type" },
    Mutation { line: "    command:", becomes: "    comand: x", code: "unknown-key" },
    Mutation { line: "    command:", becomes: "    command: ''", code: "empty-command" },
    Mutation { line: "    command:", becomes: "    command: echo {{ imge }}", code: "unknown-name" },
    Mutation { line: "    command:", becomes: "    command: echo {{ image", code: "bad-template" },
    Mutation { line: "    command:", becomes: "    command: eval {{ image }}", code: "shell-hole" },
    Mutation { line: "    timeout: 5m", becomes: "    timeout: soon", code: "bad-duration" },
    Mutation { line: "    retry:", becomes: "    retry: { attempts: two }", code: "wrong-type" },
    Mutation { line: "    retry:", becomes: "    retry: { tries: 2 }", code: "unknown-key" },
    Mutation { line: "    continue_on_failure:", becomes: "    continue_on_failure: yes", code: "wrong-type" },
    Mutation { line: "    when:", becomes: "    when: git_branch = 'main'", code: "bad-expression" },
    Mutation { line: "    when:", becomes: "    when: git_brunch == 'main'", code: "unknown-name" },
    Mutation { line: "    env:", becomes: "    env: { ANSFLOW_RUN_ID: c }", code: "bad-name" },
    Mutation { line: "    needs:", becomes: "    needs: [nobody]", code: "unknown-step" },
    Mutation { line: "    needs:", becomes: "    needs: { s: 0 }", code: "wrong-type" },
];

#[test]
fn three_hundred_wrong_pipelines_name_the_right_line() {
    let mut wrong = 0;
    for n in 1..=16 {
        let lines = pipeline(n);
        right(&lines.join("\n"));
        for (number, mutation) in MUTATIONS.iter().enumerate() {
            let candidates: Vec<usize> =
                (0..lines.len()).filter(|line| lines[*line].starts_with(mutation.line)).collect();
            let at = candidates[(n * 7 + number) % candidates.len()];
            let mut lines = lines.clone();
            lines[at] = mutation.becomes.to_owned();
            check(&lines, at, mutation.code);
            wrong += 1;
        }
        wrong += twice(&lines, n);
    }
    assert!(wrong >= 300, "{wrong}");
}

/// Two mutations that need more than one line.
fn twice(lines: &[String], n: usize) -> usize {
    let names: Vec<usize> = (0..lines.len()).filter(|line| lines[*line].starts_with("  - name:")).collect();
    let mut doubled = lines.to_vec();
    doubled[names[n]] = "  - name: s0".to_owned();
    check(&doubled, names[n], "duplicate-step");
    let needs: Vec<usize> = (0..lines.len()).filter(|line| lines[*line].starts_with("    needs:")).collect();
    let mut itself = lines.to_vec();
    itself[needs[0]] = "    needs: [s1]".to_owned();
    check(&itself, needs[0], "self-need");
    2
}

/// The pipeline is refused, with this code on this line.
fn check(lines: &[String], at: usize, code: &str) {
    let text = lines.join("\n");
    let (pipeline, problems) = read(&text);
    let line = u32::try_from(at + 1).expect("a short file");
    let named = problems.iter().any(|problem| problem.code == code && problem.span.start.line == line);
    assert!(pipeline.is_none() && named, "no `{code}` on line {line}:\n{}in\n{text}", shown(&problems));
}
