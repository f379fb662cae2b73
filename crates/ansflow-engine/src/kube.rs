//! Steps on clusters, as the engine knows them: what they are told, and what they say while they wait. Who speaks to a
//! cluster in a step's name is the attempt (`attempt/kube`), and where that was killed, whoever looks for what it left there.

mod after;
mod left;
mod made;
mod notes;
mod order;
mod pod;

pub(crate) use self::after::{AfterLoss, after_run};
pub(crate) use self::left::{Theirs, sweep};
pub(crate) use self::made::Made;
pub(crate) use self::notes::{NOTES, Note, Notes};
pub(crate) use self::order::{may_name_a_cluster, order};
