//! What is said of wrong files, as people read it.

use expect_test::{Expect, expect};

use super::{read, shown};

fn check(text: &str, expected: &Expect) {
    expected.assert_eq(&shown(&read(text).1));
}

#[test]
fn all_problems_at_once_sorted_by_place() {
    check(
        "name: shop
typ: local
timeout: 5 parsecs
steps:
  - name: build
    type: comand
    comand: make
  - name: build
    type: command
    needs: [biuld]
    when: git_brnch == 'main'
    command: echo {{ imge }}
    environment: { ANSFLOW_X: 1, 2X: 1 }
",
        &expect![[r#"
            2:1-2:4 unknown-key: the pipeline has no key `typ`
                  did you mean `type`?
            3:10-3:19 bad-duration: `timeout`: unknown unit `parsecs` in the duration `5 parsecs`
                  write ms, s, m, h or d
            6:11-6:17 unknown-type: there is no step type `comand`
                  did you mean `command`?
            7:5-7:11 unknown-key: step `build` has no key `comand`
                  did you mean `command`?
            8:11-8:16 duplicate-step: step `build` on line 8 has the name of the step on line 5
                  give one of them another name
            10:13-10:18 unknown-step: step `build` needs `biuld`, and there is no such step
                  did you mean `build`?
            11:11-11:20 unknown-name: there is no variable `git_brnch`
                  did you mean `git_branch`?
            12:22-12:26 unknown-name: there is no variable `imge`
                  add `imge` to `variables`, or give it with `--var imge=…`
            13:20-13:29 bad-name: `ANSFLOW_X` is one of AnsFlow's own
                  names that begin with `ANSFLOW_` are taken
            13:34-13:36 bad-name: `2X` is no name of an environment variable
                  use letters of a to z, digits and `_`, and begin with no digit
        "#]],
    );
}

#[test]
fn the_same_thing_in_two_spellings_names_both_places() {
    check(
        "steps:
  - name: a
    type: docker_build
    docker_image: shop
    timeout: 5m
    timeout_seconds: 300
    config:
      image_name: shop
",
        &expect![[r#"
            6:5-6:20 given-twice: `timeout_seconds` means the same as `timeout`, which is already given on line 5, column 5
                  keep one of the two
            8:7-8:17 given-twice: `image_name` means the same as `docker_image`, which is already given on line 4, column 5
                  keep one of the two
        "#]],
    );
}

#[test]
fn circles_are_named() {
    check(
        "steps:
  - { name: a, type: command, command: x, needs: [c] }
  - { name: b, type: command, command: x }
  - { name: c, type: command, command: x }
  - { name: d, type: command, command: x, needs: [e, d] }
  - { name: e, type: command, command: x, needs: [d] }
",
        &expect![[r#"
            2:51-2:52 cycle: steps wait for each other in a circle: `a` needs `c`, `c` follows `b`, `b` follows `a`
                  a step without `needs` follows its predecessor; give one of them `needs` of its own
            5:51-5:52 cycle: steps wait for each other in a circle: `d` needs `e`, `e` needs `d`
                  take one of these needs away
            5:54-5:55 self-need: step `d` needs itself
                  name the steps before it
        "#]],
    );
}

#[test]
fn variables_in_a_circle_are_named() {
    check(
        "variables: { a: '{{ b }}', b: 'x{{ c }}', c: '{{ a }}', d: '{{ d }}', steps: 1 }
steps: [{ name: a, type: command, command: x }]
",
        &expect![[r#"
            1:14-1:15 variable-cycle: variables refer to each other in a circle: `a` → `b` → `c`
                  give one of them a plain value
            1:57-1:58 variable-cycle: variable `d` refers to itself
                  give one of them a plain value
            1:71-1:76 reserved-name: `steps` is a name of AnsFlow's own
                  give the variable another name
        "#]],
    );
}

#[test]
fn refused_words_of_the_first_implementation_have_a_replacement() {
    check(
        "steps:
  - { name: a, type: build, parameters: { build_tool: npm } }
  - { name: b, type: ansible, parameters: { playbook_id: 3 } }
  - { name: c, type: command, command: x, docker_image: shop }
  - { name: d, type: command, command: x, config: { timeout: 3 } }
",
        &expect![[r#"
            2:22-2:27 unknown-type: there is no step type `build`
                  use `command` with the build command, or `docker_build` for an image
            3:13-3:14 missing-parameter: step `b` (`ansible`) has no `playbook`
                  add `playbook`: path of the playbook, relative to the step's directory
            3:45-3:56 unknown-key: a step of type `ansible` takes no `playbook_id`
                  use `playbook` with the path of the playbook
            4:43-4:55 wrong-type: step `c` has an `image`, and a pipeline of type `local` runs nothing in one
                  write `type: hybrid` or `type: docker` at the top of the pipeline
            5:53-5:60 unknown-key: `timeout` is no parameter of `command`
                  it stands on the step itself
        "#]],
    );
}

#[test]
fn parameters_are_judged_by_the_catalogue() {
    check(
        "steps:
  - { name: a, type: k8s_scale, config: { resource_name: Shop!, replicas: many } }
  - { name: b, type: k8s_exec, config: { cluster: c, command: 'a \"b', pod: x, pod_selector: y } }
  - { name: c, type: script, script: \"#!/usr/bin/env python3\\nprint()\", args: x }
  - { name: d, type: command, command: '  ' }
  - { name: e, type: k8s_deploy, config: { cluster: c, deploy_type: helm, manifest_path: k8s } }
",
        &expect![[r#"
            2:13-2:14 missing-parameter: step `a` (`k8s_scale`) has no `cluster`, and no step before it has one
                  add `cluster`: a cluster by name or id; left out, the cluster of the nearest earlier step
            2:58-2:63 bad-name: `resource_name` is no name that Kubernetes takes: `Shop!`
                  use lower-case letters, digits, `-` and `.`, and begin and end with a letter or digit
            2:75-2:79 wrong-type: `replicas` must be a whole number, and is text
            3:63-3:69 bad-value: `command` has a `"` that is not closed
            3:79-3:91 exclusive-parameters: step `b` has both `pod` (line 3) and `pod_selector`
                  keep one of the two
            4:38-4:71 foreign-interpreter: `script` begins with `#!/usr/bin/env python3`, and a shell would read it
                  put it into a file, and start that with a `script` step and `config.path`
            4:73-4:77 lone-parameter: `args` of step `c` makes sense only with `path`
                  add `path`
            4:73-4:77 unknown-key: `args` is a parameter of `script`, and stands on the step itself
                  move it under `config:`
            5:40-5:45 empty-command: `command` is empty
            6:75-6:88 warning no-effect: `manifest_path` has no effect in step `e`
                  it belongs to `deploy_type: `manifest``
        "#]],
    );
}

#[test]
fn values_that_a_shell_would_read_as_code_are_refused() {
    check(
        "variables: { x: 1 }
steps:
  - name: a
    type: script
    script: |
      echo {{ x }}
      eval \"{{ x }}\"
",
        &expect![[r#"
            7:13-7:20 shell-hole: `{{ x }}` stands in an argument that `eval` runs as code
                  pass it as an argument: `sh -c 'echo "$1"' _ {{ x }}`, or set `env: { NAME: "{{ x }}" }` on the step and write "$NAME" in the code, in single quotes
        "#]],
    );
}

#[test]
fn results_belong_to_steps_that_are_followed() {
    check(
        "steps:
  - { name: a, type: command, command: x }
  - { name: b, type: command, needs: [], command: 'echo {{ steps.a.outputs.x }} {{ steps.b.status }} {{ steps.aa.status }} {{ steps.a.output.x }}' }
  - { name: c, type: docker_run, needs: [], config: { image: '{{ docker_image }}' } }
  - { name: d, type: command, when: env.HOME == 'x', command: x }
",
        &expect![[r#"
            3:60-3:77 unknown-name: step `b` does not follow step `a`, so its results may not be there yet
                  add `a` to the `needs` of `b`
            3:84-3:98 unknown-name: step `b` has no results before it has run
            3:105-3:120 unknown-name: there is no step `aa`
            3:127-3:143 unknown-name: step `a` has `status`, `exit_code` and `outputs`, not `output`
                  did you mean `outputs`?
            4:66-4:78 unknown-name: no step before this one can have made a `docker_image`
                  let it follow a `docker_build` step, or give a variable `docker_image`
            5:37-5:45 unknown-name: a condition does not see `env`
                  use a variable, or let the step itself look
        "#]],
    );
}

#[test]
fn triggers_and_conditions_have_a_shape() {
    check(
        "triggers:
  - { type: schedule, cron: '0 25 * * *', timezone: nowhere land }
  - { type: schedule, cron: '* * *' }
  - { type: webhok }
  - { type: webhook, branches: ['rel{'] }
parallel_groups: { g: { policy: all } }
steps:
  - name: a
    type: command
    command: x
    conditions: [{ type: branch_equals }, { type: always, value: 1 }, { type: nope }]
    approval: { approvers: [a], required: 2, timeout: soon }
    retry: { attempts: 0, backoff: quick }
",
        &expect![[r#"
            2:29-2:41 bad-cron: `cron` has `25` as hour, which must be from 0 to 23
                  write five fields: minute, hour, day of month, month, day of week; `0 3 * * *` is 3:00 every day
            2:53-2:65 bad-timezone: `nowhere land` is no time zone
                  write a name such as `UTC` or `Asia/Shanghai`
            3:29-3:37 bad-cron: `cron` has 3 fields, and needs 5
                  write five fields: minute, hour, day of month, month, day of week; `0 3 * * *` is 3:00 every day
            4:13-4:19 unknown-choice: `type` of a trigger has no choice `webhok`
                  did you mean `webhook`? known words: `manual`, `api`, `schedule`, `webhook`
            5:33-5:39 bad-glob: `rel{` is no pattern: unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?)
            6:20-6:21 warning unused-group: no step belongs to parallel group `g`
                  give its steps `parallel_group`, or take the group away
            6:33-6:36 unknown-choice: `policy` has no choice `all`
                  known words: `wait_all`, `wait_any`, `fail_fast`
            11:18-11:41 missing-key: condition `branch_equals` has no `value`
                  add `value:`
            11:59-11:64 unknown-key: condition `always` takes no `value`
            11:79-11:83 unknown-choice: `type` of a condition has no choice `nope`
                  known words: `branch_equals`, `branch_matches`, `environment_equals`, `expression`, `on_success`, `on_failure`, `always`
            12:43-12:44 out-of-range: `required` asks for 2 of 1 approvers
                  name more approvers, or ask for fewer
            12:55-12:59 bad-duration: `timeout`: `soon` is not a duration
                  write 90s, 5m or 1h30m
            13:24-13:25 out-of-range: `attempts` must be between 1 and 1000, and is 0
            13:36-13:41 unknown-choice: `backoff` has no choice `quick`
                  known words: `fixed`, `linear`, `exponential`
        "#]],
    );
}

#[test]
fn files_that_are_no_pipelines() {
    for (text, expected) in [
        (
            "",
            expect![[r#"
            1:1-1:1 empty: the file is empty
                  a pipeline has at least `steps:`
        "#]],
        ),
        (
            "steps: []\n",
            expect![[r#"
            1:1-1:6 no-steps: the pipeline has no steps
                  add `steps:` with at least one step, such as `- { name: hello, type: command, command: echo hello }`
        "#]],
        ),
        (
            "- a\n",
            expect![[r#"
            1:1-1:4 wrong-type: the file must be a map, and is a list
        "#]],
        ),
        (
            "name: x\nstages: [{ name: a, steps: [] }]\n",
            expect![[r#"
            2:21-2:26 empty-stage: stage `a` has no steps
        "#]],
        ),
        (
            "pipeline: { steps: [{ name: a, type: approval }] }\nname: x\n",
            expect![[r#"
            2:1-2:5 unknown-key: the file, beside `pipeline`, has no key `name`
                  known keys: pipeline
        "#]],
        ),
    ] {
        check(text, &expected);
    }
}

#[test]
fn a_hundred_problems_are_enough() {
    let steps = "  - { name: a, type: comand }\n".repeat(500);
    let (_, problems) = read(&format!("steps:\n{steps}"));
    assert_eq!(problems.len(), 101);
    assert_eq!(problems[100].message, "899 more problems");
}
