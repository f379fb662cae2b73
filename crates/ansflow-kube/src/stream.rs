//! What goes on for a while: commands in pods and logs of many.
//!
//! [`choice`] says which pod is meant, [`channels`] what is spoken with one, [`merge`] in which order many are heard.

pub mod channels;
pub mod choice;
pub mod merge;
