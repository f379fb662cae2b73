//! The output of running attempts, as it is written: one inotify for all of them, never polling.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io;
use std::ops::ControlFlow;
use std::os::fd::{AsFd as _, AsRawFd, RawFd};
use std::path::Path;

use ansflow_core::run::{Attempt, Run};
use ansflow_store::output::{LOG, LogEnd, LogReader};
use nix::errno::Errno;
use nix::sys::inotify::{AddWatchFlags, InitFlags, Inotify, WatchDescriptor};
use tokio::io::unix::AsyncFd;

use crate::observer::Observer;

/// So many bytes of one attempt are shown before others, and decisions, have their turn.
const TURN: u64 = 4 * 1024 * 1024;

/// What is read of which attempt, and where news come from.
#[derive(Debug)]
pub(crate) struct Tail {
    inotify: AsyncFd<News>,
    attempts: BTreeMap<Attempt, Place>,
    watched: BTreeMap<WatchDescriptor, Attempt>,
    /// Attempts with something to read.
    news: Vec<Attempt>,
}

/// The kernel's news of files, as tokio knows descriptors.
#[derive(Debug)]
struct News(Inotify);

impl AsRawFd for News {
    fn as_raw_fd(&self) -> RawFd {
        self.0.as_fd().as_raw_fd()
    }
}

#[derive(Debug)]
struct Place {
    folder: std::path::PathBuf,
    watch: WatchDescriptor,
    reader: Option<LogReader>,
    read: u64,
}

impl Tail {
    pub(crate) fn new() -> io::Result<Self> {
        let inotify = Inotify::init(InitFlags::IN_NONBLOCK | InitFlags::IN_CLOEXEC)?;
        #[expect(deprecated, reason = "`News` owns its descriptor, which is all that the unsafe successor asks for")]
        let descriptor = AsyncFd::new(News(inotify))?;
        Ok(Self { inotify: descriptor, attempts: BTreeMap::new(), watched: BTreeMap::new(), news: Vec::new() })
    }

    /// Follows an attempt from the start of its output. Its folder exists.
    pub(crate) fn follow(&mut self, attempt: Attempt, folder: &Path) -> io::Result<()> {
        // Before the first read: what is written in between is news.
        let watch = self.inotify.get_ref().0.add_watch(folder, AddWatchFlags::IN_MODIFY)?;
        self.watched.insert(watch, attempt);
        self.attempts.insert(attempt, Place { folder: folder.to_owned(), watch, reader: None, read: 0 });
        self.news.push(attempt);
        Ok(())
    }

    /// Whether there is something to read without waiting.
    pub(crate) fn has_news(&self) -> bool {
        !self.news.is_empty()
    }

    /// Until there is something to read.
    pub(crate) async fn wait(&mut self) -> io::Result<()> {
        while self.news.is_empty() {
            let mut ready = self.inotify.readable_mut().await?;
            match ready.get_inner().0.read_events() {
                Ok(events) => {
                    // An attempt writes more into its folder than output.
                    let mut found: Vec<_> = events
                        .iter()
                        .filter(|event| event.name.as_deref() == Some(OsStr::new(LOG)))
                        .filter_map(|event| self.watched.get(&event.wd).copied())
                        .collect();
                    if events.iter().any(|event| event.mask.contains(AddWatchFlags::IN_Q_OVERFLOW)) {
                        found.extend(self.attempts.keys());
                    }
                    found.sort_unstable();
                    found.dedup();
                    self.news = found;
                }
                Err(Errno::EAGAIN) => ready.clear_ready(),
                Err(Errno::EINTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Shows what there is, a turn of it.
    pub(crate) fn show(&mut self, observer: &mut impl Observer, run: &Run) -> io::Result<()> {
        for attempt in std::mem::take(&mut self.news) {
            let Some(place) = self.attempts.get_mut(&attempt) else { continue };
            if place.show(attempt, LogEnd::Growing, Some(TURN), observer, run)? {
                self.news.push(attempt);
            }
        }
        observer.flush()
    }

    /// Shows the rest of an attempt that has ended, and forgets it.
    pub(crate) fn finish(&mut self, attempt: Attempt, observer: &mut impl Observer, run: &Run) -> io::Result<()> {
        let Some(mut place) = self.attempts.remove(&attempt) else { return Ok(()) };
        self.watched.remove(&place.watch);
        // Fails where the folder was taken away; then the watch went with it.
        let _ = self.inotify.get_ref().0.rm_watch(place.watch);
        place.show(attempt, LogEnd::Final, None, observer, run).map(drop)
    }
}

impl Place {
    /// Whether it stopped before the end because its turn was over.
    fn show(
        &mut self,
        attempt: Attempt,
        end: LogEnd,
        turn: Option<u64>,
        observer: &mut impl Observer,
        run: &Run,
    ) -> io::Result<bool> {
        if self.reader.is_none() {
            self.reader = LogReader::open(&self.folder).ok();
        }
        let Some(reader) = &self.reader else { return Ok(false) };
        let stop_at = turn.map_or(u64::MAX, |turn| self.read + turn);
        let (mut shown, mut is_over) = (Ok(()), false);
        let read = reader.for_each_line(self.read, end, |line| {
            shown = observer.line(attempt, line, run);
            is_over = line.next >= stop_at;
            if shown.is_err() || is_over { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        self.read = read.map_err(io::Error::other)?;
        shown.map(|()| is_over)
    }
}

/// Shows all output of an attempt that ended before we came.
pub(crate) fn show_all(attempt: Attempt, folder: &Path, observer: &mut impl Observer, run: &Run) -> io::Result<()> {
    let Ok(reader) = LogReader::open(folder) else { return Ok(()) };
    let mut shown = Ok(());
    let read = reader.for_each_line(0, LogEnd::Final, |line| {
        shown = observer.line(attempt, line, run);
        if shown.is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    read.map_err(io::Error::other)?;
    shown
}
