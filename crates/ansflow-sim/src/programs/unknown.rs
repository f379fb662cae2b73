//! What nobody knows: it serves, is well, and goes when it is told to.

use crate::program::Signal;
use crate::shell::Server;
use crate::time::Micros;

pub(crate) struct Unknown;

impl Server for Unknown {
    fn listens(&self, _port: u16) -> bool {
        true
    }

    fn get(&self, _path: &str, _now: Micros) -> (u16, Vec<u8>) {
        (200, b"simulated\n".to_vec())
    }

    fn ended_by(&self, _signal: Signal) -> Option<i32> {
        Some(0)
    }
}
