//! What a step prints cannot steer the terminal of whoever watches.

use crate::world::World;

const HOSTILE: &str = r#"
steps:
  - name: a
    type: command
    command: printf '\033]0;owned\007\033[2J\033[31mred\033[0m 10%%\r20%%\n\302\23331mc1\n'
"#;

#[test]
fn plain_lines_keep_colours_and_nothing_else() {
    let world = World::new();
    world.write("p.yml", HOSTILE);
    let ended = world.ansflow(&["run", "p.yml"]);
    let lines: Vec<&str> = ended.stdout.lines().take(2).collect();
    assert_eq!(lines, ["a │ \x1b[31mred\x1b[0m 10% 20%", "a │ c1"], "{ended:?}");
}

#[test]
fn json_and_the_stored_log_have_every_byte() {
    let world = World::new();
    let ended = world.run(HOSTILE, &[]);
    assert_eq!(ended.log("a")[0], "\x1b]0;owned\x07\x1b[2J\x1b[31mred\x1b[0m 10%\r20%");
}

#[test]
fn a_broken_file_is_quoted_without_its_control_characters() {
    let world = World::new();
    world.write("p.yml", "steps: \x1b[2J\x1b]0;owned\x07\n");
    let ended = world.ansflow(&["validate", "p.yml"]);
    assert_eq!(ended.code, 1);
    assert!(!ended.stdout.contains(|c: char| c.is_control() && c != '\n'), "{:?}", ended.stdout);
}
