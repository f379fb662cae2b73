//! `ansflow run`: the engine here and now, and the people who watch it.

pub(crate) mod clusters;
pub(crate) mod git;
pub(crate) mod mail;
pub(crate) mod people;
pub(crate) mod prepare;
pub(crate) mod registries;
pub(crate) mod secrets;
pub(crate) mod select;
pub(crate) mod simulate;
pub(crate) mod views;
pub(crate) mod watch;
