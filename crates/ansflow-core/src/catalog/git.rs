//! Steps that get the code.

use super::{Category, Param, ParamKind, Rule, StepType};

pub(super) const GIT: StepType = StepType {
    word: "git",
    aliases: &["fetch_code"],
    title: "Git checkout",
    title_zh: "拉取代码",
    summary: "checks out a git repository; `git_commit` and `git_branch` follow it",
    summary_zh: "检出 Git 仓库，并更新 `git_commit` 与 `git_branch`",
    category: Category::Source,
    unavailable: None,
    params: PARAMS,
    rules: &[Rule::NotBoth("password", "ssh_key")],
    refused: &[
        ("command", "use `repository` to check out, or a `command` step to run git yourself"),
        ("git_credential", "use `password` or `ssh_key` with `\"{{ secrets.NAME }}\"`"),
        ("git_credential_id", "use `password` or `ssh_key` with `\"{{ secrets.NAME }}\"`"),
    ],
    examples: &[
        "name: code\ntype: git\nconfig:\n  repository: https://git.example.com/team/shop.git\n  branch: main\n",
        concat!(
            "name: code\ntype: git\nconfig:\n  repository: git@git.example.com:team/shop.git\n  ref: v1.2.0\n",
            "  path: shop\n  depth: 1\n  submodules: true\n  ssh_key: \"{{ secrets.DEPLOY_KEY }}\"\n",
        ),
    ],
};

const PARAMS: &[Param] = &[
    Param::new("repository", ParamKind::Text, "Repository", "仓库地址")
        .aliases(&["repository_url", "url"])
        .help("where to clone from: HTTPS, SSH or a path", "克隆地址：HTTPS、SSH 或本地路径")
        .required()
        .priority(1)
        .example("https://git.example.com/team/shop.git"),
    Param::new("ref", ParamKind::Text, "Branch, tag or commit", "分支、标签或提交")
        .aliases(&["branch", "tag", "commit", "revision"])
        .help(
            "what to check out; without it the default branch of the repository",
            "要检出的分支、标签或提交；不填则为仓库的默认分支",
        )
        .priority(2)
        .example("main"),
    Param::new("path", ParamKind::Path, "Directory", "目录")
        .aliases(&["directory"])
        .help(
            "where to put it, below the step's directory; without it the last name of the repository",
            "检出到步骤目录下的哪个目录；不填则取仓库名",
        )
        .priority(3)
        .example("shop"),
    Param::new("depth", ParamKind::Int { min: 0, max: 1_000_000 }, "Depth", "历史深度")
        .help("how many commits of history to fetch; 0 is all of it", "获取多少次提交的历史；0 表示全部")
        .default("0")
        .priority(5),
    Param::new("submodules", ParamKind::Bool, "Submodules", "子模块")
        .help("check out submodules too", "同时检出子模块")
        .default("false")
        .priority(5),
    Param::new("username", ParamKind::Text, "User name", "用户名")
        .help("for HTTPS; many hosts take any name beside a token", "用于 HTTPS；使用令牌时多数平台接受任意用户名")
        .priority(4)
        .example("ci"),
    Param::new("password", ParamKind::Text, "Password or token", "密码或令牌")
        .aliases(&["token", "access_token"])
        .help("for HTTPS", "用于 HTTPS")
        .priority(4)
        .example("\"{{ secrets.GIT_TOKEN }}\"")
        .secret(),
    Param::new("ssh_key", ParamKind::Multiline, "SSH key", "SSH 私钥")
        .aliases(&["private_key"])
        .help("the private key for SSH, as PEM text", "用于 SSH 的私钥，PEM 文本")
        .priority(4)
        .example("\"{{ secrets.DEPLOY_KEY }}\"")
        .secret(),
    Param::new("known_hosts", ParamKind::Multiline, "Known hosts", "已知主机")
        .help(
            "lines of a `known_hosts` file; without them a host that is not known yet is trusted",
            "`known_hosts` 文件的内容；不填则信任首次见到的主机",
        )
        .priority(6)
        .example("git.example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample"),
];
