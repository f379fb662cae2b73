//! What a deploy from manifests or from a short description takes.

use super::spec::DEPLOYMENT_SPEC;
use crate::catalog::kubernetes::common::{MANIFEST_CONTENT, MANIFEST_PATH, TEMPLATE, WAIT_FOR_ROLLOUT};
use crate::catalog::{Param, ParamKind};

const MANIFEST: &[&str] = &["manifest"];

pub(super) const PARAMS: &[Param] = &[
    MANIFEST_PATH.show_when("deploy_type", MANIFEST),
    MANIFEST_CONTENT.show_when("deploy_type", MANIFEST),
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
    Param::new("prune", ParamKind::Bool, "Prune", "清理旧资源")
        .help("delete what this step deployed before and no longer has", "删除此步骤以前部署而现在不再包含的资源")
        .default("false")
        .priority(6)
        .show_when("deploy_type", MANIFEST),
    Param::new("force_conflicts", ParamKind::Bool, "Take over fields", "接管字段")
        .help("take over fields that somebody else manages", "接管由其他管理者维护的字段")
        .default("false")
        .priority(7)
        .show_when("deploy_type", MANIFEST),
    Param::new("recreate_immutable", ParamKind::Bool, "Recreate what cannot change", "重建不可变资源")
        .help(
            "delete and create objects whose fields cannot be changed; never claims, volumes and namespaces",
            "对字段不可更改的资源先删除再创建；不适用于存储卷声明、存储卷和命名空间",
        )
        .default("false")
        .priority(7)
        .show_when("deploy_type", MANIFEST),
    TEMPLATE.show_when("deploy_type", MANIFEST),
];
