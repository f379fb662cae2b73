//! What a deploy from manifests or from a short description takes.

use super::spec::DEPLOYMENT_SPEC;
use crate::catalog::kubernetes::common::WAIT_FOR_ROLLOUT;
use crate::catalog::{Param, ParamKind};

const MANIFEST: &[&str] = &["manifest"];

pub(super) const PARAMS: &[Param] = &[
    Param::new("manifest_path", ParamKind::Path, "Manifests", "清单路径")
        .aliases(&["manifest_file"])
        .help("a file or a folder of manifests, relative to the step's directory", "清单文件或目录，相对于步骤目录")
        .priority(2)
        .show_when("deploy_type", MANIFEST)
        .example("k8s/"),
    Param::new("manifest_content", ParamKind::Manifests, "Manifests in place", "清单内容")
        .aliases(&["manifest"])
        .help("the objects themselves; they win over a path", "直接填写资源清单；优先于路径")
        .priority(3)
        .show_when("deploy_type", MANIFEST)
        .example("{ apiVersion: v1, kind: ConfigMap, metadata: { name: shop } }"),
    Param::new("deployment_spec", ParamKind::Object(DEPLOYMENT_SPEC), "One deployment", "部署描述")
        .help("a deployment described in a few words, in place of manifests", "用少量字段描述一个 Deployment，代替清单")
        .priority(2)
        .show_when("deploy_type", MANIFEST)
        .example("{ name: shop, image: \"{{ docker_image }}\", replicas: 2 }"),
    WAIT_FOR_ROLLOUT.show_when("deploy_type", MANIFEST),
    Param::new("rollback_on_failure", ParamKind::Bool, "Roll back on failure", "失败时回滚")
        .help("bring back what ran before when it does not become ready", "无法就绪时恢复到之前的版本")
        .default("false")
        .priority(4)
        .show_when("deploy_type", MANIFEST),
];
