//! Steps that Ansible runs.

use super::{Category, Param, ParamKind, StepType};

pub(super) const ANSIBLE: StepType = StepType {
    word: "ansible",
    aliases: &[],
    title: "Ansible playbook",
    title_zh: "Ansible 剧本",
    summary: "runs `ansible-playbook`",
    summary_zh: "运行 `ansible-playbook`",
    category: Category::Configuration,
    unavailable: None,
    params: PARAMS,
    rules: &[],
    refused: &[
        ("playbook_id", "use `playbook` with the path of the playbook"),
        ("inventory_id", "use `inventory` with the path of the inventory or a list of hosts"),
        ("credential", "use `user` and `private_key: \"{{ secrets.NAME }}\"`"),
        ("credential_id", "use `user` and `private_key: \"{{ secrets.NAME }}\"`"),
    ],
    examples: &[
        "name: configure the web servers\ntype: ansible\nconfig:\n  playbook: site.yml\n  inventory: hosts.ini\n  limit: web\n",
        concat!(
            "name: release\ntype: ansible\nconfig:\n  playbook: release.yml\n  inventory: \"web1.example.com,\"\n",
            "  extra_vars:\n    version: \"{{ build_number }}\"\n    workers: 4\n  tags: [release]\n  user: deploy\n",
            "  private_key: \"{{ secrets.DEPLOY_KEY }}\"\n",
        ),
    ],
};

const PARAMS: &[Param] = &[
    Param::new("playbook", ParamKind::Path, "Playbook", "剧本")
        .aliases(&["playbook_path", "ansible_playbook"])
        .help("path of the playbook, relative to the step's directory", "剧本文件的路径，相对于步骤目录")
        .required()
        .priority(1)
        .example("site.yml"),
    Param::new("inventory", ParamKind::Text, "Inventory", "主机清单")
        .aliases(&["inventory_path", "ansible_inventory"])
        .help(
            "path of the inventory, or host names with a comma after each; without it Ansible's own configuration decides",
            "主机清单的路径，或以逗号结尾的主机名列表；不填则由 Ansible 自身的配置决定",
        )
        .priority(2)
        .example("hosts.ini"),
    Param::new("extra_vars", ParamKind::Yaml, "Extra variables", "额外变量")
        .aliases(&["extra_variables"])
        .help(
            "variables for the playbook, as a map or as YAML or JSON text; numbers and lists keep their type",
            "传给剧本的变量，可为映射或 YAML、JSON 文本；数字和列表保持原有类型",
        )
        .priority(3)
        .example("{ version: \"1.2\" }"),
    Param::new("limit", ParamKind::Text, "Limit", "限定主机")
        .help("a pattern of hosts; the others are left alone", "主机匹配模式，其余主机不受影响")
        .priority(4)
        .example("web"),
    Param::new("tags", ParamKind::TextList, "Tags", "标签")
        .help("run only what has one of these tags", "只运行带有这些标签的任务")
        .priority(4)
        .example("[release]"),
    Param::new("skip_tags", ParamKind::TextList, "Tags to skip", "跳过的标签")
        .help("leave out what has one of these tags", "跳过带有这些标签的任务")
        .priority(5)
        .example("[slow]"),
    Param::new("become", ParamKind::Bool, "Become", "提权")
        .help("run as root on the hosts", "在目标主机上以 root 身份运行")
        .default("false")
        .priority(5),
    Param::new("check_mode", ParamKind::Bool, "Check mode", "检查模式")
        .aliases(&["check"])
        .help("predict what would change, change nothing", "只预测会发生的变化，不做任何更改")
        .default("false")
        .priority(5),
    Param::new("verbose", ParamKind::Int { min: 0, max: 4 }, "Verbosity", "详细程度")
        .aliases(&["verbosity"])
        .help("how much Ansible tells, from 0 to 4 (`-vvvv`)", "Ansible 输出的详细程度，0 到 4（`-vvvv`）")
        .default("0")
        .priority(6),
    Param::new("user", ParamKind::Text, "Remote user", "远程用户")
        .aliases(&["remote_user"])
        .help("the user to connect as", "连接目标主机时使用的用户")
        .priority(3)
        .example("deploy"),
    Param::new("private_key", ParamKind::Multiline, "Private key", "私钥")
        .aliases(&["ssh_key"])
        .help("the SSH key to connect with, as PEM text", "连接使用的 SSH 私钥，PEM 文本")
        .priority(4)
        .example("\"{{ secrets.DEPLOY_KEY }}\"")
        .secret(),
    Param::new("vault_password", ParamKind::Text, "Vault password", "Vault 密码")
        .help("the password of encrypted files", "加密文件的 Ansible Vault 密码")
        .priority(6)
        .example("\"{{ secrets.VAULT_PASSWORD }}\"")
        .secret(),
];
