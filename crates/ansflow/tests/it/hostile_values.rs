//! A value is data wherever it is used: the branch name of the textbook prints itself.

use std::process::Command;

use crate::world::World;

const BRANCH: &str = r#"zzz";echo${IFS}pwned;#"#;

#[test]
fn a_hostile_branch_name_prints_itself_wherever_it_is_used() {
    let world = World::new();
    let git = |words: &[&str]| {
        let ok = Command::new("git").args(words).current_dir(world.workspace()).output().unwrap().status.success();
        assert!(ok, "git {words:?}");
    };
    git(&["init", "-q"]);
    git(&["symbolic-ref", "HEAD", &format!("refs/heads/{BRANCH}")]);
    git(&["-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "--allow-empty", "-m", "x"]);
    let ended = world.run(
        r#"
steps:
  - name: bare
    type: command
    command: printf '%s\n' {{ git_branch }}
  - name: double
    type: command
    command: printf '%s\n' "{{ git_branch }}"
  - name: single
    type: command
    command: printf '%s\n' '{{ git_branch }}'
  - name: glued
    type: command
    command: printf '%s\n' a{{ git_branch }}b
  - name: script
    type: script
    script: |
      # {{ git_branch }}
      value={{ git_branch }}
      printf '%s\n' "$value" "$(printf '%s' "{{ git_branch }}")"
      cat <<EOF
      {{ git_branch }}
      EOF
      cat <<'EOF'
      {{ git_branch }} $HOME
      EOF
  - name: bash
    type: script
    shell: bash
    script: |
      [[ {{ git_branch }} == "$CI_COMMIT_BRANCH" ]] && cat <<< {{ git_branch }}
  - name: environment
    type: command
    env: { BRANCH: "{{ git_branch }}" }
    command: printf '%s\n' "$BRANCH" "$CI_COMMIT_BRANCH"
  - name: condition
    type: command
    when: git_branch == 'zzz";echo${IFS}pwned;#'
    command: printf '%s\n' held
  - name: branch equals
    type: command
    conditions: [{ type: branch_equals, value: 'zzz";echo${IFS}pwned;#' }]
    command: printf '%s\n' held
"#,
        &[],
    );
    assert_eq!(ended.code, 0, "{ended:#?}");
    for step in ["bare", "double", "single", "bash"] {
        assert_eq!(ended.log(step), [BRANCH], "{step}");
    }
    assert_eq!(ended.log("glued"), [format!("a{BRANCH}b")]);
    assert_eq!(ended.log("script"), [BRANCH, BRANCH, BRANCH, &format!("{BRANCH} $HOME")]);
    assert_eq!(ended.log("environment"), [BRANCH, BRANCH]);
    assert_eq!(ended.log("condition"), ["held"]);
    assert_eq!(ended.log("branch equals"), ["held"]);
    assert!(!ended.stdout.contains("\"line\":\"pwned"), "{}", ended.stdout);
}
