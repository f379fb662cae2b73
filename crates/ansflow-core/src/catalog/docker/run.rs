//! `docker_run`

use super::common::{IMAGE, OWN_REGISTRY, PASSWORD, PLATFORM, PROJECT, REGISTRY_URL, TAG, USERNAME};
use crate::catalog::{Category, Format, Param, ParamKind, Rule, StepType};

pub(in crate::catalog) const RUN: StepType = StepType {
    word: "docker_run",
    aliases: &[],
    title: "Run a container",
    title_zh: "运行容器",
    summary: "runs a command in a container and ends with its exit code",
    summary_zh: "在容器中运行命令，以其退出码为结果",
    category: Category::Docker,
    unavailable: None,
    params: PARAMS,
    rules: &[Rule::OnlyWith("username", "registry_url"), Rule::OnlyWith("password", "registry_url")],
    refused: REFUSED,
    examples: &[
        "name: unit tests\ntype: docker_run\nconfig:\n  image: node:22\n  command: npm test\n  environment: { CI: \"true\" }\n",
        concat!(
            "name: database\ntype: docker_run\nconfig:\n  image: postgres:17\n  container_name: test-db\n  detach: true\n",
            "  ports:\n    - { host: 15432, container: 5432 }\n  volumes:\n    - ./data:/var/lib/postgresql/data:rw\n",
        ),
    ],
};

const PARAMS: &[Param] = &[
    IMAGE,
    TAG,
    Param::new("command", ParamKind::Words, "Command", "命令")
        .help(
            "what to run instead of the image's own command; split into words, no shell",
            "替代镜像默认命令；按单词拆分，不经过 Shell",
        )
        .priority(2)
        .example("npm test"),
    Param::new("entrypoint", ParamKind::Words, "Entry point", "入口")
        .help("what to run instead of the image's own entry point", "替代镜像的入口程序")
        .priority(6)
        .example("[sh, -c]"),
    Param::new("environment", ParamKind::TextMap, "Environment", "环境变量")
        .aliases(&["environment_vars", "env", "env_vars"])
        .help("environment variables in the container", "容器内的环境变量")
        .priority(3)
        .example("{ CI: \"true\" }"),
    Param::new("volumes", ParamKind::Volumes, "Volumes", "挂载")
        .help("directories and volumes to mount, `rw` or `ro`", "挂载的目录或卷，`rw` 可写，`ro` 只读")
        .priority(3)
        .example("[\"./data:/data:ro\"]"),
    Param::new("ports", ParamKind::Ports, "Ports", "端口")
        .help("ports of the host that lead to the container", "映射到容器的主机端口")
        .priority(3)
        .example("[\"8080:80\"]"),
    Param::new("working_dir", ParamKind::Path, "Working directory", "工作目录")
        .aliases(&["workdir", "working_directory"])
        .help(
            "the directory inside the container, the image's own where it is left out; a relative one lies in the workspace",
            "容器内的工作目录，不填则用镜像自带的；相对路径位于工作区内",
        )
        .priority(4)
        .example("/app"),
    Param::new("name", ParamKind::Text, "Container name", "容器名")
        .aliases(&["container_name"])
        .help("left out, a name made from run and step", "不填则由运行与步骤生成")
        .priority(5)
        .format(Format::ContainerName)
        .example("test-db"),
    Param::new("network", ParamKind::Text, "Network", "网络")
        .aliases(&["network_mode"])
        .help("the network to join, or `host` or `none`", "加入的网络，或 `host`、`none`")
        .priority(5)
        .format(Format::Network)
        .example("host"),
    Param::new("user", ParamKind::Text, "User", "用户")
        .help("user, or user and group, inside the container", "容器内的用户，或“用户:组”")
        .priority(5)
        .format(Format::User)
        .example("\"1000:1000\""),
    Param::new("memory", ParamKind::Text, "Memory limit", "内存上限")
        .aliases(&["memory_limit"])
        .help("the container is killed when it needs more", "超出上限时容器会被终止")
        .priority(6)
        .format(Format::Memory)
        .example("512m"),
    Param::new("cpus", ParamKind::Text, "Processor limit", "CPU 上限")
        .aliases(&["cpu_limit"])
        .help("how many processors it may keep busy", "最多占用的处理器数")
        .priority(6)
        .format(Format::Cpus)
        .example("1.5"),
    Param::new("detach", ParamKind::Bool, "Detach", "后台运行")
        .help(
            "the step ends when the container has started, whatever comes of it; it runs on until the run ends",
            "容器启动后步骤即结束，不等待其结果；容器运行到本次流水线结束",
        )
        .default("false")
        .priority(4),
    Param::new("remove", ParamKind::Bool, "Remove", "结束后删除")
        .aliases(&["auto_remove"])
        .help("remove the container when it has ended", "容器结束后将其删除")
        .default("true")
        .priority(5),
    Param::new("pull", ParamKind::Choice(&["missing", "always", "never"]), "Pull", "拉取策略")
        .help("when to pull the image first", "何时先拉取镜像")
        .default("missing")
        .priority(6),
    Param::new("mount_workspace", ParamKind::Bool, "Mount the workspace", "挂载工作区")
        .help("the workspace is there in the container, under its own path", "在容器内以相同路径提供工作区")
        .default("true")
        .priority(6),
    PLATFORM,
    OWN_REGISTRY,
    REGISTRY_URL,
    PROJECT,
    USERNAME,
    PASSWORD,
];

/// What would give a container rights over the host.
const REFUSED: &[(&str, &str)] = &[
    ("project_id", "use `project` with the project's name"),
    ("docker_project_id", "use `project` with the project's name"),
    ("privileged", "a step gets no rights over its host; say with `user`, `volumes` and `network` what it needs"),
    ("cap_add", "a step gets no rights over its host; say with `user`, `volumes` and `network` what it needs"),
];
