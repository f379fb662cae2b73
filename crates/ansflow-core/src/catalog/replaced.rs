//! Types that the first implementation knew and we refuse, because they did nothing or guessed what to do.

pub(super) const REPLACED: &[(&str, &str)] = &[
    ("build", "use `command` with the build command, or `docker_build` for an image"),
    ("test", "use `command` with the test command"),
    ("test_execution", "use `command` with the test command"),
    ("security_scan", "use `command` or `docker_run` with the scanner's command"),
    ("deploy", "use `k8s_deploy`, `ansible`, or `command` with the deploy command"),
    ("kubernetes_deploy", "use `k8s_deploy`"),
    ("artifact_upload", "use `artifacts:` on the step that makes the files"),
    ("condition", "use `when:` or `conditions:` on the step that depends on it"),
    ("shell_command", "use `command`"),
    ("api_call", "use `command` with `curl --fail`"),
    ("http_webhook", "use `command` with `curl --fail`, or `notify`"),
    ("database_query", "use `command` with the database's client"),
    ("git_clone", "use `git`"),
    ("kaniko_build", "use `docker_build`"),
    ("input", "use `variables:` of the pipeline, or `approval` to wait for people"),
];
