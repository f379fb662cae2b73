//! Steps on clusters, as the engine knows them: what they are told, and what they say while they wait. Who speaks to a
//! cluster in a step's name is the attempt (`attempt/kube`).

mod notes;
mod order;
mod pod;

pub(crate) use self::notes::{NOTES, Note, Notes};
pub(crate) use self::order::{may_name_a_cluster, order};
