//! Steps on images and containers, with a real daemon and a real registry that asks for a password.

mod ends;
mod kills;
mod others;
mod shell;
mod steps;
mod world;
