//! A secret is in nothing that is stored or shown.

use crate::world::{Ended, World};

const SECRET: &str = "s3cr3t-Value/with+signs";

fn run(world: &World, pipeline: &str) -> Ended {
    world.write("p.yml", pipeline);
    let mut command = world.command(&["run", "p.yml", "-o", "json", "--secret", "TOKEN"]);
    command.env("ANSFLOW_SECRET_TOKEN", SECRET);
    Ended::of(command)
}

/// Every file of the run data that holds the text.
fn leaks(world: &World, text: &str) -> Vec<String> {
    let found = std::process::Command::new("grep").args(["-rlaF", text]).arg(world.state()).output().unwrap();
    String::from_utf8(found.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn a_secret_is_masked_in_whatever_is_stored() {
    let world = World::new();
    let ended = run(
        &world,
        r#"
steps:
  - name: leak
    type: command
    env: { TOKEN: "{{ secrets.TOKEN }}" }
    command: |
      echo "plain $TOKEN"
      printf %s "$TOKEN" | base64 -w0; echo
      half=${TOKEN#?????}; printf %s "${TOKEN%"$half"}"; sleep 0.3; echo "$half"
      echo "to stderr $TOKEN" >&2
      echo "key=$TOKEN" >>"$ANSFLOW_OUTPUT"
      echo "open=fine" >>"$ANSFLOW_OUTPUT"
"#,
    );
    assert_eq!(ended.code, 0, "{ended:#?}");
    assert!(!ended.stdout.contains(SECRET) && !ended.stderr.contains(SECRET), "{ended:#?}");
    assert_eq!(leaks(&world, SECRET), Vec::<String>::new());
    assert!(ended.log("leak").contains(&"plain ***".to_owned()), "{ended:#?}");
    assert_eq!(ended.finished("leak")["outputs"]["open"], "fine");
    assert_eq!(ended.finished("leak")["outputs"]["key"], "***");
}

#[test]
fn a_step_that_uses_a_masked_output_fails_with_advice() {
    let ended = run(
        &World::new(),
        r#"
steps:
  - name: leak
    type: command
    command: echo "key={{ secrets.TOKEN }}" >>"$ANSFLOW_OUTPUT"
  - name: use
    type: command
    command: echo {{ steps.leak.outputs.key }}
"#,
    );
    assert_eq!(ended.story(), "leak success · use failed · run failed");
    let why = ended.finished("use")["why"].as_str().unwrap().to_owned();
    assert!(why.contains("masked") && why.contains("secrets."), "{why}");
}

#[test]
fn a_secret_that_is_not_given_is_asked_for_by_name_before_anything_starts() {
    let world = World::new();
    let ended = world.run("steps:\n  - {name: a, type: command, command: 'touch x; echo {{ secrets.TOKEN }}'}\n", &[]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("TOKEN") && ended.stderr.contains("--secret"), "{}", ended.stderr);
    assert!(!world.workspace().join("x").exists());
}

#[test]
fn a_step_does_not_see_the_variables_that_secrets_come_in() {
    let ended = run(&World::new(), "steps:\n  - {name: a, type: command, command: 'env | grep -c SECRET || true'}\n");
    assert_eq!(ended.log("a"), ["0"]);
}
