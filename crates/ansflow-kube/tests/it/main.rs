//! The judge, tried on recordings of a real cluster.

mod replay;
