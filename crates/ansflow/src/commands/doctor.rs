//! `ansflow doctor`: what this machine has of what pipelines need.

mod docker;

use std::process::{Command, Stdio};

use anyhow::Result;
use serde_json::json;

use super::print_data;
use crate::cli::Output;
use crate::exit::Exit;
use crate::state::StateDir;
use crate::terminal::{out, paint::Paint, table::pad};

/// A program that steps start.
struct Tool {
    name: &'static str,
    words: &'static [&'static str],
    needed: bool,
    serves: &'static str,
    advice: &'static str,
}

const TOOLS: &[Tool] = &[
    Tool {
        name: "sh",
        words: &["-c", "echo POSIX shell"],
        needed: true,
        serves: "every step",
        advice: "install a POSIX shell",
    },
    Tool {
        name: "bash",
        words: &["--version"],
        needed: false,
        serves: "steps with `shell: bash`",
        advice: "install bash",
    },
    Tool {
        name: "git",
        words: &["--version"],
        needed: false,
        serves: "`git` steps, git_branch and git_commit",
        advice: "install git",
    },
    Tool {
        name: "ssh",
        words: &["-V"],
        needed: false,
        serves: "`git` steps over SSH, `ansible`",
        advice: "install openssh-client",
    },
    Tool {
        name: "ansible-playbook",
        words: &["--version"],
        needed: false,
        serves: "`ansible` steps",
        advice: "install ansible-core",
    },
    Tool {
        name: "helm",
        words: &["version", "--short"],
        needed: false,
        serves: "Helm deploys (they cannot run yet)",
        advice: "install helm 3.14 or newer",
    },
];

/// What was found out about one thing.
struct Finding {
    name: &'static str,
    found: Result<String, String>,
    needed: bool,
    serves: &'static str,
}

pub(super) fn doctor(output: Output) -> Result<Exit> {
    let mut findings = vec![Finding { name: "run data", found: state(), needed: true, serves: "every run" }];
    findings.push(Finding {
        name: "lost steps",
        found: ansflow_engine::can_brand().map(|()| "all their processes are found again".to_owned()),
        needed: false,
        serves: "ending what hides after `kill -9` of AnsFlow and its step",
    });
    findings.extend(TOOLS.iter().map(Tool::look));
    let docker = docker::look();
    for (name, found, serves) in [
        ("docker", docker.daemon, "`docker_*` steps, and shell steps in containers"),
        ("buildkit", docker.buildkit, "build secrets, and the newest Dockerfiles"),
    ] {
        findings.push(Finding { name, found, needed: false, serves });
    }
    let sick = findings.iter().any(|finding| finding.needed && finding.found.is_err());
    match output {
        Output::Table => out(&for_people(&findings))?,
        Output::Json | Output::Yaml => {
            let views: Vec<_> = findings.iter().map(Finding::view).collect();
            print_data(output, &json!({ "ok": !sick, "checks": views }))?;
        }
    }
    Ok(if sick { Exit::Failed } else { Exit::Success })
}

fn state() -> Result<String, String> {
    StateDir::open().map(|state| state.root().display().to_string()).map_err(|problem| format!("{problem:#}"))
}

impl Tool {
    fn look(&self) -> Finding {
        let answer = Command::new(self.name).args(self.words).stdin(Stdio::null()).output();
        let found = match answer {
            // `ssh -V` answers on standard error.
            Ok(answer) if answer.status.success() => {
                let said = if answer.stdout.is_empty() { &answer.stderr } else { &answer.stdout };
                Ok(String::from_utf8_lossy(said).lines().next().unwrap_or_default().trim().to_owned())
            }
            Ok(answer) => Err(format!("found, but it ended with {}", answer.status)),
            Err(problem) if problem.kind() == std::io::ErrorKind::NotFound => {
                Err(format!("not found; {}", self.advice))
            }
            Err(problem) => Err(problem.to_string()),
        };
        Finding { name: self.name, found, needed: self.needed, serves: self.serves }
    }
}

impl Finding {
    fn view(&self) -> serde_json::Value {
        let (ok, detail) = match &self.found {
            Ok(detail) => (true, detail),
            Err(detail) => (false, detail),
        };
        json!({ "check": self.name, "ok": ok, "required": self.needed, "detail": detail, "for": self.serves })
    }
}

fn for_people(findings: &[Finding]) -> String {
    let paint = Paint::stdout();
    let width = findings.iter().map(|finding| finding.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for finding in findings {
        let (mark, detail) = match &finding.found {
            Ok(detail) => (paint.green("ok     "), detail),
            Err(detail) if finding.needed => (paint.red("MISSING"), detail),
            Err(detail) => (paint.yellow("absent "), detail),
        };
        let serves = paint.dim(&format!("(for {})", finding.serves));
        text += &format!("{mark}  {}  {detail} {serves}\n", pad(finding.name, width));
    }
    text
}
