//! What listeners are told, and how often: words when they change, the picture four times a second.

use super::now;
use crate::Millis;
use crate::monitor::{Happening, Message, Tail};
use crate::sink::Sink;
use crate::track::{Picture, Track};
use crate::world::World;
use ansflow_core::verdict::Waiting;
use jiff::Timestamp;

/// The first words come after this: what is ready sooner was not waited for.
const FIRST: Millis = 1_000;

/// New words come at most this often.
const WORDS: Millis = 3_000;

/// The same words, with another number of seconds, come this often.
const SAME_WORDS: Millis = 15_000;

/// The picture comes this often, where it has changed.
const PICTURE: Millis = 250;

/// For every so many pods it comes as much more seldom: it is drawn anew each time.
const MANY: usize = 200;

pub(super) struct Sayer<'a> {
    sink: &'a dyn Sink,
    /// Whether something was looked at since the last picture.
    has_news: bool,
    /// Whether something was looked at since the last words.
    has_words: bool,
    draw_at: Millis,
    /// When the whole picture was told last.
    whole_at: Millis,
    speak_at: Millis,
    said: Option<(String, Millis)>,
    picture: Picture,
    waiting: Option<Waiting>,
}

impl<'a> Sayer<'a> {
    pub(super) fn new(sink: &'a dyn Sink) -> Sayer<'a> {
        Sayer {
            sink,
            has_news: false,
            has_words: false,
            draw_at: now(),
            whole_at: Millis::MIN,
            speak_at: now().saturating_add(FIRST),
            said: None,
            picture: Picture::default(),
            waiting: None,
        }
    }

    pub(super) fn line(&self, line: &str) {
        self.sink.line(line);
    }

    pub(super) fn event(&self, happening: Happening) {
        self.sink.monitor(&Message::Event(happening));
    }

    pub(super) fn log(&self, tail: Tail) {
        self.sink.monitor(&Message::Log { at: Timestamp::now(), tail });
    }

    pub(super) fn looked(&mut self) {
        self.has_news = true;
        self.has_words = true;
    }

    /// When there will be something to say.
    pub(super) fn due(&self) -> Option<Millis> {
        let draw = self.has_news.then_some(self.draw_at);
        let speak = self.has_words.then_some(self.speak_at);
        draw.into_iter().chain(speak).min()
    }

    /// Says what is new, as far as it is time.
    pub(super) fn say(&mut self, track: &Track, world: &World) {
        let now = now();
        self.speak(track.waiting(), now);
        if self.has_news && now >= self.draw_at {
            self.has_news = false;
            self.draw(track, world, now);
        }
    }

    /// The last picture.
    pub(super) fn end(&mut self, track: &Track, world: &World) {
        self.draw(track, world, now());
    }

    fn speak(&mut self, waiting: &Waiting, now: Millis) {
        if !self.has_words || now < self.speak_at {
            return;
        }
        self.has_words = false;
        if waiting.r#for.is_empty() {
            return;
        }
        let words: String = waiting.r#for.chars().filter(|letter| !letter.is_ascii_digit()).collect();
        let is_same = self.said.as_ref().is_some_and(|(said, _)| *said == words);
        let spoke = self.said.as_ref().map_or(Millis::MIN, |(_, at)| *at);
        if is_same && now < spoke.saturating_add(SAME_WORDS) {
            return;
        }
        self.sink.waiting(waiting);
        self.said = Some((words, now));
        self.speak_at = now.saturating_add(WORDS);
    }

    fn draw(&mut self, track: &Track, world: &World, now: Millis) {
        let picture = track.picture(world);
        let pods: usize = picture.rollouts.iter().flat_map(|it| &it.revisions).map(|it| it.pods.len()).sum();
        let seldom = Millis::try_from(pods / MANY).unwrap_or_default().saturating_add(1);
        self.draw_at = now.saturating_add(PICTURE.saturating_mul(seldom));
        let at = Timestamp::now();
        // Words do not make a large picture travel again.
        let is_small = pods < MANY || now >= self.whole_at.saturating_add(SAME_WORDS);
        let waiting = if is_small { Some(track.waiting().clone()) } else { self.waiting.clone() };
        match pods_alone(&self.picture, &picture, at).filter(|_| self.waiting == waiting) {
            Some(messages) => messages.iter().for_each(|message| self.sink.monitor(message)),
            None => {
                self.whole_at = now;
                let rollouts = picture.rollouts.clone();
                self.sink.monitor(&Message::Rollout { at, rollouts, waiting: waiting.clone() });
            }
        }
        (self.picture, self.waiting) = (picture, waiting);
    }
}

/// The pods that changed between two pictures, where nothing else did; None where the whole is to be told.
fn pods_alone(old: &Picture, new: &Picture, at: Timestamp) -> Option<Vec<Message>> {
    let mut messages = Vec::new();
    if old.rollouts.len() != new.rollouts.len() || new.rollouts.is_empty() {
        return None;
    }
    for (old, new) in old.rollouts.iter().zip(&new.rollouts) {
        let same = old.object == new.object && old.wanted == new.wanted && old.revisions.len() == new.revisions.len();
        if !same {
            return None;
        }
        for (old, new_revision) in old.revisions.iter().zip(&new.revisions) {
            if (&old.name, old.new) != (&new_revision.name, new_revision.new) {
                return None;
            }
            let message = |pod, gone| Message::Pod {
                at,
                object: new.object.clone(),
                revision: new_revision.name.clone(),
                pod,
                gone,
            };
            let there = |name: &str| new_revision.pods.iter().any(|pod| pod.name == name);
            let gone = old.pods.iter().filter(|pod| !there(&pod.name));
            messages.extend(gone.map(|pod| message(None, Some(pod.name.clone()))));
            let is_old: std::collections::BTreeSet<_> = old.pods.iter().collect();
            let changed = new_revision.pods.iter().filter(|pod| !is_old.contains(pod));
            messages.extend(changed.map(|pod| message(Some(pod.clone()), None)));
        }
    }
    Some(messages)
}
