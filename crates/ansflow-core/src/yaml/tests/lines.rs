//! Slips of many kinds on every line of a pipeline: each is told on its own line.

use crate::yaml::read;

const PIPELINE: &str = r#"name: shop
type: hybrid
variables:
  image: registry.example.com/shop
  replicas: 3
triggers:
  - { type: schedule, cron: "0 3 * * *" }
  - type: webhook
    branches: [main, develop]
timeout: 30m
steps:
  - name: unit tests
    type: command
    command: cargo test --workspace
    retry: { attempts: 2, delay: 5s }
  - name: 构建镜像
    type: docker_build
    config:
      image: "{{ image }}"
      tag: '{{ build_number }}'
      args:
        - A=1
        - "B=2"
  - name: staging
    needs: [构建镜像]
    script: |
      echo one
      if [ -f x ]; then
        echo "two"
      fi
    env:
      KEY: value
      OTHER: 'x'
    timeout: 10m
  - name: production
    when: git_branch == "main"
    approval: { approvers: [ops], required: 1 }
"#;

/// `slip` changes a line (and may add one) or says that it cannot; what is no YAML then must be told on the last of them.
/// Some slips are YAML all the same, such as `{ type:x }`; those are for others to find.
fn check(slip: impl Fn(&str) -> Option<String>) {
    let lines: Vec<&str> = PIPELINE.lines().collect();
    let script = 27..=30;
    let mut told = 0;
    for number in (1..=lines.len()).filter(|number| !script.contains(number)) {
        let Some(wrong) = slip(lines[number - 1]) else { continue };
        let text: Vec<&str> = (1..).zip(&lines).map(|(n, line)| if n == number { &wrong } else { *line }).collect();
        if let Some(first) = read(text.join("\n").as_bytes()).1.first() {
            let expected = number + wrong.matches('\n').count();
            assert_eq!(first.span.start.line as usize, expected, "{wrong:?}: {}", first.message);
            told += 1;
        }
    }
    assert!(told >= 5, "{told}");
}

/// The line with its value, if it has a plain one, replaced.
fn with_value(line: &str, change: impl Fn(&str) -> String) -> Option<String> {
    let (key, value) = line.split_once(": ")?;
    (!value.starts_with(['[', '{', '"', '\'', '|'])).then(|| format!("{key}: {}", change(value)))
}

#[test]
fn a_missing_space_is_told_on_its_line() {
    check(|line| with_value(line, str::to_owned).map(|line| line.replacen(": ", ":", 1)));
}

#[test]
fn a_missing_colon_is_told_on_its_line() {
    check(|line| with_value(line, str::to_owned).map(|line| line.replacen(": ", " ", 1)));
}

#[test]
fn a_tab_is_told_on_its_line() {
    check(|line| line.starts_with(' ').then(|| format!("\t{}", line.trim_start())));
}

#[test]
fn an_open_quote_is_told_on_its_line() {
    check(|line| with_value(line, |value| format!("\"{value}")));
    check(|line| with_value(line, |value| format!("'{value}")));
}

#[test]
fn an_open_bracket_is_told_on_its_line() {
    check(|line| with_value(line, |value| format!("[{value}")));
    check(|line| with_value(line, |value| format!("{{ a: {value}")));
}

#[test]
fn a_template_without_quotes_is_told_on_its_line() {
    check(|line| with_value(line, |_| "{{ image }}".to_owned()));
    check(|line| with_value(line, |_| "{{ image }}:{{ default(tag, \"x\") }}".to_owned()));
}

#[test]
fn a_second_colon_is_told_on_its_line() {
    check(|line| with_value(line, |value| format!("{value}: more")));
}

#[test]
fn a_repeated_key_is_told_on_its_line() {
    check(|line| {
        let key = line.trim_start().split_once(": ")?.0;
        (!line.contains("- ")).then(|| format!("{line}\n{}{key}: again", &line[..line.len() - line.trim_start().len()]))
    });
}

#[test]
fn a_strange_start_is_told_on_its_line() {
    for start in ["@", "`", "%", "*", "]", "}", ",", "!x!"] {
        check(|line| with_value(line, |value| format!("{start}{value}")));
    }
}

#[test]
fn wrong_indentation_is_told_on_its_line() {
    // The first line below a key sets the indentation: there, the next line is the wrong one.
    let first =
        |line: &str| ["- ", "image", "branches", "KEY"].iter().any(|start| line.trim_start().starts_with(start));
    check(|line| (line.starts_with("    ") && !first(line)).then(|| format!(" {line}")));
    check(|line| (line.starts_with("    ") && !first(line)).then(|| line[1..].to_owned()));
}
