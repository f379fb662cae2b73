//! `docker_build`

use super::common::{IMAGE, PASSWORD, PLATFORM, PROJECT, REFUSED, REGISTRY, REGISTRY_URL, TAG, USERNAME};
use crate::catalog::{Category, Format, Param, ParamKind, Rule, StepType};

pub(in crate::catalog) const BUILD: StepType = StepType {
    word: "docker_build",
    aliases: &[],
    title: "Build an image",
    title_zh: "构建镜像",
    summary: "builds an image; later steps know it as `docker_image`",
    summary_zh: "构建镜像，后续步骤可用 `docker_image` 引用",
    category: Category::Docker,
    unavailable: None,
    params: PARAMS,
    rules: &[Rule::OnlyWith("username", "registry_url"), Rule::OnlyWith("password", "registry_url")],
    refused: REFUSED,
    examples: &[
        "name: image\ntype: docker_build\nconfig:\n  image: shop\n  tag: \"{{ build_number }}\"\n",
        concat!(
            "name: image\ntype: docker_build\ndocker_image: registry.example.com/team/shop\ndocker_config:\n",
            "  dockerfile: docker/Dockerfile\n  context: .\n  target_stage: release\n  build_args:\n    NODE_ENV: production\n",
        ),
    ],
};

const PARAMS: &[Param] = &[
    // Not inherited: a second build that forgot its name would replace the first one's image.
    Param::new("image", ParamKind::Text, "Image", "镜像")
        .aliases(IMAGE.aliases)
        .help("name of the image to build, with or without registry", "要构建的镜像名，可带仓库地址")
        .required()
        .priority(1)
        .format(Format::Image)
        .example("shop"),
    TAG,
    Param::new("dockerfile", ParamKind::Path, "Dockerfile", "Dockerfile")
        .aliases(&["dockerfile_path"])
        .help(
            "path of the Dockerfile, relative to the step's directory or to the context",
            "Dockerfile 的路径，相对于步骤目录或构建上下文",
        )
        .default("Dockerfile")
        .priority(2),
    Param::new("context", ParamKind::Path, "Context", "构建上下文")
        .aliases(&["context_path"])
        .help("the directory whose files the build sees", "构建时可见的目录")
        .default(".")
        .priority(3),
    Param::new("build_args", ParamKind::TextMap, "Build arguments", "构建参数")
        .help(
            "values of `ARG` in the Dockerfile; they stay readable in the image",
            "Dockerfile 中 `ARG` 的值；会保留在镜像中，可被读取",
        )
        .priority(3)
        .example("{ NODE_ENV: production }"),
    Param::new("secrets", ParamKind::TextMap, "Build secrets", "构建密钥")
        .aliases(&["build_secrets"])
        .help(
            "files that `RUN --mount=type=secret,id=NAME` sees and that stay out of the image; they ask for BuildKit",
            "供 `RUN --mount=type=secret,id=NAME` 读取的文件，不会保留在镜像中；需要 BuildKit",
        )
        .priority(6)
        .example("{ npm_token: \"{{ secrets.NPM_TOKEN }}\" }"),
    Param::new("target_stage", ParamKind::Text, "Target stage", "目标阶段")
        .aliases(&["target"])
        .help("the stage of the Dockerfile to stop at", "多阶段构建中的目标阶段")
        .priority(4)
        .example("release"),
    PLATFORM,
    Param::new("no_cache", ParamKind::Bool, "No cache", "不使用缓存")
        .help("build every layer again", "重新构建每一层")
        .default("false")
        .priority(5),
    Param::new("pull", ParamKind::Bool, "Pull base images", "更新基础镜像")
        .help("look for newer base images first", "构建前检查基础镜像是否有更新")
        .default("true")
        .priority(5),
    Param::new("labels", ParamKind::TextMap, "Labels", "镜像标记")
        .help("labels of the image", "写入镜像的标记（label）")
        .priority(6)
        .example("{ org.opencontainers.image.revision: \"{{ git_commit }}\" }"),
    Param::new("cache_from", ParamKind::TextList, "Cache from", "缓存来源")
        .help("images whose layers may be reused", "可复用其层的镜像")
        .priority(7)
        .example("[shop:latest]"),
    REGISTRY,
    REGISTRY_URL,
    PROJECT,
    USERNAME,
    PASSWORD,
];
