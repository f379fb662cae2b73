//! What is particular of one kind, a file each.

pub(super) mod checked;
pub(super) mod config_map;
pub(super) mod cron_job;
pub(super) mod definition;
pub(super) mod fixed;
pub(super) mod job;
pub(super) mod namespace;
pub(super) mod pod;
pub(super) mod service;
pub(super) mod service_rules;
pub(super) mod volume;
pub(super) mod workload;
