//! `docker_pull`

use super::common::{ALL_TAGS, IMAGE, PASSWORD, PLATFORM, PROJECT, REFUSED, REGISTRY, REGISTRY_URL, TAG, USERNAME};
use crate::catalog::{Category, Rule, StepType};

pub(in crate::catalog) const PULL: StepType = StepType {
    word: "docker_pull",
    aliases: &[],
    title: "Pull an image",
    title_zh: "拉取镜像",
    summary: "pulls an image from a registry; later steps know it as `docker_image`",
    summary_zh: "从仓库拉取镜像，后续步骤可用 `docker_image` 引用",
    category: Category::Docker,
    unavailable: None,
    params: &[IMAGE, TAG, REGISTRY, REGISTRY_URL, PROJECT, USERNAME, PASSWORD, ALL_TAGS, PLATFORM],
    rules: &[Rule::OnlyWith("username", "registry_url"), Rule::OnlyWith("password", "registry_url")],
    refused: REFUSED,
    examples: &["name: pull\ntype: docker_pull\nconfig:\n  image: nginx\n  tag: \"1.27\"\n  platform: linux/amd64\n"],
};
