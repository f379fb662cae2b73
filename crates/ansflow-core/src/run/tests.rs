//! What a run does, told in scenarios; what always holds, as laws; what was once written, as golden files.

mod approvals;
mod attempts;
mod conditions;
mod corrupt;
mod endings;
mod golden;
mod groups;
mod laws;
mod linear;
mod names;
mod notes;
mod order;
mod reruns;
mod scenario;
mod statuses;
mod world;
