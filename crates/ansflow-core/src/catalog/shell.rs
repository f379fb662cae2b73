//! Steps that a shell runs.

mod pod;

pub(crate) use self::pod::POD;

use self::pod::{CLUSTER, NAMESPACE, NODE_SELECTOR, RESOURCES, RUN_AS_USER, SERVICE_ACCOUNT, WORKSPACE};
use super::{Category, Format, Param, ParamKind, Rule, StepType};

pub(super) const COMMAND: StepType = StepType {
    word: "command",
    aliases: &["custom"],
    title: "Command",
    title_zh: "命令",
    summary: "runs a shell text",
    summary_zh: "运行一段 Shell 命令",
    category: Category::Shell,
    unavailable: None,
    params: &[
        Param::new("command", ParamKind::Code, "Command", "命令")
            .aliases(&["script"])
            .help(
                "what the shell runs, on one line or several; the step fails with the first command that fails",
                "由 Shell 执行的命令，可以多行；任何一条命令失败，步骤即失败",
            )
            .required()
            .priority(1)
            .example("make test"),
        SHELL,
        IMAGE,
        CLUSTER,
        NAMESPACE,
        SERVICE_ACCOUNT,
        RESOURCES,
        WORKSPACE,
        NODE_SELECTOR,
        RUN_AS_USER,
    ],
    rules: &[],
    refused: &[],
    examples: &["name: unit tests\ntype: command\ncommand: make test\n"],
};

pub(super) const SCRIPT: StepType = StepType {
    word: "script",
    aliases: &["shell_script"],
    title: "Script",
    title_zh: "脚本",
    summary: "runs a shell text of several lines, or a file with its own `#!`",
    summary_zh: "运行多行 Shell 脚本，或带有 `#!` 的脚本文件",
    category: Category::Shell,
    unavailable: None,
    params: &[
        Param::new("script", ParamKind::Code, "Script", "脚本")
            .aliases(&["command"])
            .help(
                "what the shell runs; the step fails with the first command that fails",
                "由 Shell 执行的脚本；任何一条命令失败，步骤即失败",
            )
            .priority(1)
            .example("|\n  make\n  make install"),
        Param::new("path", ParamKind::Path, "File", "脚本文件")
            .help(
                "a file to start instead, relative to the step's directory; it needs a `#!` line",
                "改为启动该文件，相对于步骤目录；文件需要 `#!` 行",
            )
            .priority(2)
            .example("scripts/release.sh"),
        Param::new("args", ParamKind::Words, "Arguments", "参数")
            .help(
                "arguments of the file, split into words without a shell",
                "传给脚本文件的参数，按单词拆分，不经过 Shell",
            )
            .priority(3)
            .example("--dry-run v1.2"),
        SHELL,
        IMAGE,
        CLUSTER,
        NAMESPACE,
        SERVICE_ACCOUNT,
        RESOURCES,
        WORKSPACE,
        NODE_SELECTOR,
        RUN_AS_USER,
    ],
    rules: &[Rule::OneOf(&["script", "path"]), Rule::OnlyWith("args", "path"), Rule::OnlyWith("shell", "script")],
    refused: &[],
    examples: &[
        "name: package\ntype: script\nscript: |\n  make\n  make package\n",
        "name: release\ntype: script\nconfig:\n  path: scripts/release.sh\n  args: [--dry-run, v1.2]\n",
    ],
};

const SHELL: Param = Param::new("shell", ParamKind::Choice(&["sh", "bash"]), "Shell", "Shell")
    .help(
        "`sh` runs as `sh -e`, `bash` as `bash -eo pipefail`",
        "`sh` 以 `sh -e` 运行，`bash` 以 `bash -eo pipefail` 运行",
    )
    .default("sh")
    .priority(4)
    .fixed();

const IMAGE: Param = Param::new("image", ParamKind::Text, "Image", "镜像")
    .aliases(&["docker_image"])
    .help(
        "the container image to run in, in a pipeline of type `docker`, `kubernetes` or `hybrid`; left out, the pipeline's `image`",
        "在该容器镜像中运行，用于 `docker`、`kubernetes` 或 `hybrid` 类型的流水线；不填则用流水线的 `image`",
    )
    .format(Format::Image)
    .priority(5)
    .example("node:22");
