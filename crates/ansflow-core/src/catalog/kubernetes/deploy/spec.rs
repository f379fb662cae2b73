//! One deployment described in a few words.

use crate::catalog::{Inherit, Param, ParamKind};

pub(super) const DEPLOYMENT_SPEC: &[Param] = &[
    Param::new("name", ParamKind::Name, "Name", "名称")
        .help("name of the deployment; left out, the resource name", "Deployment 的名称；不填则使用资源名称")
        .priority(1)
        .example("shop"),
    Param::new("image", ParamKind::Text, "Image", "镜像")
        .aliases(&["image_name", "docker_image"])
        .help("left out, the image of the nearest earlier step", "不填则使用最近一个前序步骤的镜像")
        .required()
        .priority(1)
        .inherits(Inherit::Image)
        .example("\"{{ docker_image }}\""),
    Param::new("replicas", ParamKind::Int { min: 0, max: 100 }, "Replicas", "副本数")
        .help("how many pods", "Pod 数量")
        .default("1")
        .priority(2),
    Param::new("ports", ParamKind::Objects(PORT), "Ports", "端口")
        .help("ports that the container listens on", "容器监听的端口")
        .priority(3)
        .example("[{ container_port: 8080 }]"),
    Param::new("environment", ParamKind::TextMap, "Environment", "环境变量")
        .aliases(&["environment_vars", "env"])
        .help("environment variables in the container", "容器内的环境变量")
        .priority(3)
        .example("{ NODE_ENV: production }"),
    Param::new("resources", ParamKind::Object(RESOURCES), "Resources", "资源配额")
        .help("what a pod asks for, and what it may use at most", "Pod 申请的资源与使用上限")
        .priority(4)
        .example("{ limits: { cpu: 500m, memory: 256Mi } }"),
    Param::new("labels", ParamKind::TextMap, "Labels", "标签")
        .help("labels of the deployment and its pods, besides `app`", "除 `app` 外，Deployment 及其 Pod 的标签")
        .priority(5)
        .example("{ team: shop }"),
];

const PORT: &[Param] = &[
    Param::new("container_port", ParamKind::Int { min: 1, max: 65_535 }, "Container port", "容器端口")
        .help("the port", "端口号")
        .default("80")
        .priority(1),
    Param::new("name", ParamKind::Name, "Name", "名称")
        .help("what services may call it", "供 Service 引用的名称")
        .priority(2)
        .example("http"),
    Param::new("protocol", ParamKind::Choice(&["TCP", "UDP", "SCTP"]), "Protocol", "协议")
        .help("the protocol", "传输协议")
        .default("TCP")
        .priority(3),
];

const RESOURCES: &[Param] = &[
    Param::new("requests", ParamKind::TextMap, "Requests", "申请")
        .help("what a node must have free for a pod", "节点须为 Pod 预留的资源")
        .priority(1)
        .example("{ cpu: 100m, memory: 128Mi }"),
    Param::new("limits", ParamKind::TextMap, "Limits", "上限")
        .help("what a pod may use at most", "Pod 最多可使用的资源")
        .priority(1)
        .example("{ cpu: 500m, memory: 256Mi }"),
];
