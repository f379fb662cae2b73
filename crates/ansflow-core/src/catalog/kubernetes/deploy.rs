//! `k8s_deploy`: from manifests, from a chart, or from a short description of one deployment.

mod helm;
mod manifests;
mod spec;

use super::common::{CLUSTER, NAMESPACE, REFUSED, RESOURCE_NAME, TIMEOUT};
use crate::catalog::{Category, Param, ParamKind, Rule, StepType};

pub(in crate::catalog) const DEPLOY: StepType = StepType {
    word: "k8s_deploy",
    aliases: &[],
    title: "Deploy",
    title_zh: "部署",
    summary: "deploys manifests, a Helm chart or one deployment, and waits until it is ready",
    summary_zh: "部署清单、Helm Chart 或单个 Deployment，并等待就绪",
    category: Category::Kubernetes,
    unavailable: None,
    params: &PARAMS,
    rules: &[
        Rule::Wins("manifest_content", "manifest_path"),
        Rule::NotBoth("chart_name", "manifest_path"),
        Rule::NotBoth("chart_name", "manifest_content"),
        Rule::NotBoth("chart_name", "deployment_spec"),
        Rule::NotBoth("deployment_spec", "manifest_path"),
        Rule::NotBoth("deployment_spec", "manifest_content"),
    ],
    refused: REFUSED,
    examples: &[
        "name: production\ntype: k8s_deploy\nconfig:\n  cluster: production\n  namespace: shop\n  manifest_path: k8s/\n",
        concat!(
            "name: staging\ntype: k8s_deploy\nconfig:\n  cluster: staging\n  namespace: shop\n  deploy_type: helm\n",
            "  chart_name: ./chart\n  release_name: shop\n  values_file: values-staging.yaml\n",
            "  custom_values: \"image: { tag: '{{ build_number }}' }\"\n",
        ),
        concat!(
            "name: development\ntype: k8s_deploy\nconfig:\n  cluster: dev\n  namespace: shop\n  deployment_spec:\n",
            "    name: shop\n    image: \"{{ docker_image }}\"\n    replicas: 2\n    ports:\n      - container_port: 8080\n",
            "    resources:\n      limits: { cpu: 500m, memory: 256Mi }\n",
        ),
    ],
};

/// What a deploy leaves to later steps.
pub(in crate::catalog) const OUTPUTS: &[&str] =
    &["created", "changed", "unchanged", "pruned", "revision", "image", "namespace", "resource_name"];

const FRONT: [Param; 4] = [
    CLUSTER,
    NAMESPACE,
    Param::new("deploy_type", ParamKind::Choice(&["manifest", "helm"]), "Deploy with", "部署方式")
        .help(
            "left out, what the other parameters name; with none, a chart in the step's directory, else the manifests in `k8s/`",
            "不填则由其他参数决定；若都没有，则使用步骤目录中的 Chart，否则使用 `k8s/` 中的清单",
        )
        .priority(1)
        .example("helm")
        .fixed(),
    RESOURCE_NAME,
];
const BACK: [Param; 3] = [
    TIMEOUT.aliases(&["helm_timeout", "timeout_seconds"]),
    Param::new("dry_run", ParamKind::Bool, "Dry run", "试运行")
        .help("ask the cluster what would happen, change nothing", "只询问集群会发生什么，不做任何更改")
        .default("false")
        .priority(6),
    Param::new("create_namespace", ParamKind::Bool, "Create the namespace", "创建命名空间")
        .help(
            "make the namespace where it does not exist; left out, Helm makes it and manifests do not",
            "命名空间不存在时自动创建；不填时 Helm 会创建，清单不会",
        )
        .priority(6)
        .example("true"),
];
const PARAMS: [Param; FRONT.len() + manifests::PARAMS.len() + helm::PARAMS.len() + BACK.len()] = joined();

/// The parameters of all modes in one table.
const fn joined<const N: usize>() -> [Param; N] {
    let parts: [&[Param]; 4] = [&FRONT, manifests::PARAMS, helm::PARAMS, &BACK];
    let mut all = [CLUSTER; N];
    let (mut part, mut place) = (0, 0);
    while part < parts.len() {
        let mut i = 0;
        while i < parts[part].len() {
            all[place] = parts[part][i];
            place += 1;
            i += 1;
        }
        part += 1;
    }
    all
}
