//! What goes on for a while: commands in pods and logs of many.
//!
//! [`target`] says which pods are meant, [`choice`] which of them, [`reach`] waits until it is ready. [`channels`] is what is
//! spoken with a command, [`exec`] the conversation. [`merge`] is the order in which many are heard, [`logs`] the hearing.

pub mod channels;
pub mod choice;
pub mod exec;
pub mod logs;
pub mod merge;
pub mod reach;
pub mod target;
