//! `docker_push`

use super::common::{ALL_TAGS, IMAGE, PASSWORD, PLATFORM, PROJECT, REFUSED, REGISTRY, REGISTRY_URL, TAG, USERNAME};
use crate::catalog::{Category, Rule, StepType};

pub(in crate::catalog) const PUSH: StepType = StepType {
    word: "docker_push",
    aliases: &[],
    title: "Push an image",
    title_zh: "推送镜像",
    summary: "pushes an image to a registry; `docker_image` becomes the pushed one",
    summary_zh: "将镜像推送到仓库，`docker_image` 变为推送后的镜像",
    category: Category::Docker,
    unavailable: None,
    params: &[IMAGE, TAG, REGISTRY, REGISTRY_URL, PROJECT, USERNAME, PASSWORD, ALL_TAGS, PLATFORM],
    rules: &[Rule::OnlyWith("username", "registry_url"), Rule::OnlyWith("password", "registry_url")],
    refused: REFUSED,
    examples: &[
        "name: push\ntype: docker_push\nconfig:\n  registry: harbor\n  project: team\n",
        concat!(
            "name: push\ntype: docker_push\nconfig:\n  image: shop\n  tag: \"{{ build_number }}\"\n",
            "  registry_url: registry.example.com\n  username: ci\n  password: \"{{ secrets.REGISTRY_TOKEN }}\"\n",
        ),
    ],
};
