//! An answer without end, line by line: watches and logs. A line that is too long is cut, not kept.

use super::Cluster;
use super::ask::Ask;
use crate::connect::{Trouble, Why};
use crate::error::Error;
use bytes::{Buf as _, Bytes, BytesMut};
use http_body_util::BodyExt as _;
use kube::client::Body;

/// The lines of an answer.
pub struct Lines {
    body: Body,
    host: String,
    read: BytesMut,
    /// Up to here no line ends.
    looked: usize,
    longest: usize,
    is_over: bool,
}

/// A line, without its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its bytes.
    pub bytes: Bytes,
    /// Whether the line goes on with the next one, because it is too long.
    pub is_cut: bool,
}

impl Cluster {
    /// Asks, and hands the answer on line by line. It takes no place among the requests under way.
    pub(super) async fn lines(&self, ask: &Ask, longest: usize) -> Result<Lines, Error> {
        let body = self.open(ask).await?.into_body();
        let host = self.host().to_owned();
        Ok(Lines { body, host, read: BytesMut::new(), looked: 0, longest, is_over: false })
    }
}

impl Lines {
    /// The next line; None at the end. What is half read stays when the future is dropped.
    pub async fn next(&mut self) -> Result<Option<Line>, Error> {
        loop {
            if let Some(line) = self.take() {
                return Ok(Some(line));
            }
            if self.is_over {
                return Ok(None);
            }
            match self.body.frame().await {
                Some(Ok(frame)) => {
                    if let Ok(mut data) = frame.into_data() {
                        self.read.extend_from_slice(&data.copy_to_bytes(data.remaining()));
                    }
                }
                Some(Err(error)) => {
                    let trouble = Trouble::of(&self.host, &error);
                    return Err(match trouble.why {
                        Why::Other(said) => Trouble::new(&self.host, Why::Broken(said)),
                        _ => trouble,
                    }
                    .into());
                }
                None => self.is_over = true,
            }
        }
    }

    fn take(&mut self) -> Option<Line> {
        let rest = self.read.get(self.looked..).unwrap_or_default();
        match rest.iter().position(|byte| *byte == b'\n') {
            Some(at) if self.looked + at <= self.longest => {
                let mut line = self.read.split_to(self.looked + at + 1);
                self.looked = 0;
                let length = line.len() - if line.ends_with(b"\r\n") { 2 } else { 1 };
                line.truncate(length);
                Some(Line { bytes: line.freeze(), is_cut: false })
            }
            Some(_) => Some(self.cut()),
            None if self.read.len() > self.longest => Some(self.cut()),
            None if self.is_over && !self.read.is_empty() => {
                self.looked = 0;
                Some(Line { bytes: self.read.split().freeze(), is_cut: false })
            }
            None => {
                self.looked = self.read.len();
                None
            }
        }
    }

    fn cut(&mut self) -> Line {
        self.looked = 0;
        Line { bytes: self.read.split_to(self.longest.min(self.read.len())).freeze(), is_cut: true }
    }
}
