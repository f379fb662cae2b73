//! What several Docker steps take.

use crate::catalog::{Format, Inherit, Param, ParamKind};

/// What building, pushing and pulling give: the full reference, its name without tag, the tag, the digest, the bytes.
pub(in crate::catalog) const OUTPUTS: &[&str] = &["docker_image", "image", "tag", "digest", "size"];

/// A project is a part of the image's name here, not a row of a database.
pub(super) const REFUSED: &[(&str, &str)] = &[
    ("project_id", "use `project` with the project's name"),
    ("docker_project_id", "use `project` with the project's name"),
];

pub(super) const IMAGE: Param = Param::new("image", ParamKind::Text, "Image", "镜像")
    .aliases(&["image_name", "docker_image"])
    .help(
        "the image, with or without registry and tag; left out, the image of the nearest earlier step",
        "镜像名，可带仓库地址和标签；不填则使用最近一个前序步骤的镜像",
    )
    .required()
    .priority(1)
    .inherits(Inherit::Image)
    .format(Format::Image)
    .example("shop");

pub(super) const TAG: Param = Param::new("tag", ParamKind::Text, "Tag", "标签")
    .aliases(&["docker_tag"])
    .help("the image's tag, unless the image names one", "镜像标签；镜像名已带标签时无需填写")
    .default("latest")
    .format(Format::Tag)
    .priority(2);

pub(super) const REGISTRY: Param = Param::new("registry", ParamKind::Reference, "Registry", "镜像仓库")
    .aliases(&["docker_registry", "registry_id"])
    .help(
        "a registry by name or id; left out, the registry of the nearest earlier step",
        "镜像仓库的名称或编号；不填则使用最近一个前序步骤的仓库",
    )
    .priority(2)
    .inherits(Inherit::Registry)
    .example("harbor");

pub(super) const REGISTRY_URL: Param = Param::new("registry_url", ParamKind::Text, "Registry address", "仓库地址")
    .help(
        "the registry's address where no stored registry is meant; a stored one wins over it",
        "未使用已保存的仓库时的仓库地址；已保存的仓库优先",
    )
    .priority(3)
    .format(Format::Address)
    .example("registry.example.com");

pub(super) const PROJECT: Param = Param::new("project", ParamKind::Text, "Project", "项目")
    .aliases(&["registry_project", "docker_project"])
    .help(
        "the registry's project or organisation, between address and image",
        "仓库中的项目或组织，位于地址与镜像名之间",
    )
    .priority(4)
    .format(Format::Project)
    .example("team");

pub(super) const USERNAME: Param = Param::new("username", ParamKind::Text, "User name", "用户名")
    .aliases(&["registry_username"])
    .help("for `registry_url`; a stored registry has its own", "配合 `registry_url` 使用；已保存的仓库自带凭据")
    .priority(6)
    .example("ci");

pub(super) const PASSWORD: Param = Param::new("password", ParamKind::Text, "Password or token", "密码或令牌")
    .aliases(&["registry_password"])
    .help("for `registry_url`; a stored registry has its own", "配合 `registry_url` 使用；已保存的仓库自带凭据")
    .priority(6)
    .example("\"{{ secrets.REGISTRY_TOKEN }}\"")
    .secret();

pub(super) const PLATFORM: Param = Param::new("platform", ParamKind::Text, "Platform", "平台")
    .help("system and processor; left out, those of the daemon", "操作系统与处理器架构；不填则与守护进程一致")
    .priority(5)
    .format(Format::Platform)
    .example("linux/amd64");

pub(super) const ALL_TAGS: Param = Param::new("all_tags", ParamKind::Bool, "All tags", "全部标签")
    .help("every tag of the image, not only one", "处理该镜像的所有标签")
    .default("false")
    .priority(6);

/// Of these a step takes only what it says itself.
pub(super) const OWN_REGISTRY: Param = Param::new("registry", ParamKind::Reference, "Registry", "镜像仓库")
    .aliases(REGISTRY.aliases)
    .help("a registry by name or id, for an image without one", "镜像名未带仓库时使用的仓库名称或编号")
    .priority(5)
    .example("harbor");
