//! What a deploy with Helm takes.

use crate::catalog::{Param, ParamKind};

const HELM: &[&str] = &["helm"];

pub(super) const PARAMS: &[Param] = &[
    Param::new("chart_name", ParamKind::Text, "Chart", "Chart")
        .aliases(&["chart"])
        .help(
            "a chart's name, folder, archive or `oci://` address; left out, the chart in the step's directory",
            "Chart 的名称、目录、压缩包或 `oci://` 地址；不填则使用步骤目录中的 Chart",
        )
        .priority(2)
        .show_when("deploy_type", HELM)
        .example("./chart"),
    Param::new("release_name", ParamKind::Name, "Release", "Release 名称")
        .aliases(&["release"])
        .help("left out, the resource name, else the chart's name", "不填则使用资源名称，否则使用 Chart 名称")
        .priority(2)
        .show_when("deploy_type", HELM)
        .example("shop"),
    Param::new("chart_repo", ParamKind::Text, "Chart repository", "Chart 仓库")
        .aliases(&["chart_repository"])
        .help("address of the repository that has the chart", "Chart 所在仓库的地址")
        .priority(3)
        .show_when("deploy_type", HELM)
        .example("https://charts.example.com"),
    Param::new("chart_version", ParamKind::Text, "Chart version", "Chart 版本")
        .help("left out, the newest", "不填则使用最新版本")
        .priority(3)
        .show_when("deploy_type", HELM)
        .example("1.4.2"),
    Param::new("values_files", ParamKind::TextList, "Values files", "Values 文件")
        .aliases(&["values_file"])
        .help(
            "files of values, relative to the step's directory; later ones win",
            "Values 文件，相对于步骤目录；后者优先",
        )
        .priority(3)
        .show_when("deploy_type", HELM)
        .example("[values.yaml, values-staging.yaml]"),
    Param::new("custom_values", ParamKind::Yaml, "Values", "自定义 Values")
        .aliases(&["values"])
        .help(
            "values in place, as a map or as YAML text; they win over files",
            "直接填写的 Values，可为映射或 YAML 文本；优先于文件",
        )
        .priority(3)
        .show_when("deploy_type", HELM)
        .example("{ image: { tag: \"{{ build_number }}\" } }"),
    Param::new("set", ParamKind::TextMap, "Single values", "单项设置")
        .aliases(&["set_values"])
        .help(
            "single values by path, as `helm --set` takes them; they win over all others",
            "按路径设置的单项值，同 `helm --set`；优先级最高",
        )
        .priority(4)
        .show_when("deploy_type", HELM)
        .example("{ image.tag: \"{{ build_number }}\" }"),
    Param::new("helm_upgrade", ParamKind::Bool, "Upgrade", "允许升级")
        .aliases(&["upgrade"])
        .help(
            "upgrade a release that exists; off, an existing release is a failure",
            "升级已存在的 Release；关闭时若已存在则失败",
        )
        .default("true")
        .priority(5)
        .show_when("deploy_type", HELM),
    Param::new("helm_wait", ParamKind::Bool, "Wait", "等待就绪")
        .help(
            "the step ends when everything is ready, or cannot become ready",
            "所有资源就绪，或确定无法就绪时，步骤才结束",
        )
        .default("true")
        .priority(4)
        .show_when("deploy_type", HELM),
    Param::new("helm_atomic", ParamKind::Bool, "Atomic", "原子部署")
        .aliases(&["atomic"])
        .help("roll back when it does not become ready", "无法就绪时自动回滚")
        .default("false")
        .priority(4)
        .show_when("deploy_type", HELM),
];
