//! How long a finding must stand before it is a verdict: one table, with the reason beside each line.
//!
//! A second lost costs less than one false alarm. What heals by itself has no grace at all: only a deadline tells of it.

use crate::Millis;

/// What kind of sign a finding is; its grace depends on nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// The image is not there, or may not be had.
    ImageFinal,
    /// The registry cannot be asked just now.
    ImageTransient,
    /// A container's configuration names what is not there, or not allowed.
    Config,
    /// The same, and something may bring it yet.
    ConfigComing,
    /// What can never be: the pod's own user that it may not be, a port that it does not have; a Job that has given up.
    Never,
    /// The runtime cannot start the program.
    Start,
    /// The runtime is slow or full.
    StartOther,
    /// The hook after the start failed twice.
    Hook,
    /// Killed twice for its memory.
    OutOfMemory,
    /// Killed twice by a probe.
    ProbeKills,
    /// Died four times.
    Crash,
    /// Died twice in the same way, and its log says that nothing outside can help.
    CrashTold,
    /// Two pods of the same revision were evicted.
    Evicted,
    /// A volume's source is not there.
    Mount,
    /// A volume cannot be attached or mounted.
    MountOther,
    /// The node does not know how to make the sandbox.
    Sandbox,
    /// The network or runtime cannot make the sandbox just now.
    SandboxOther,
    /// The node says that it is not ready.
    NodeUnready,
    /// A rule of the cluster refuses the pods; or a webhook that is not there, or not what it should be.
    Admission,
    /// A webhook does not answer.
    Webhook,
    /// A webhook does not answer yet: what serves it is coming up.
    WebhookComing,
    /// No node fits, or has room.
    Schedule,
    /// The same, where nodes are made when pods need them.
    ScheduleGrowing,
    /// The same, for a taint that the cluster takes away itself.
    ScheduleTaint,
    /// A claim, or its class, is not there.
    Volume,
    /// A claim has no volume yet.
    VolumeComing,
    /// The readiness probe itself is wrong.
    ReadyErrored,
    /// The readiness probe is answered 4xx again and again.
    Ready4xx,
    /// The readiness probe is answered 5xx again and again.
    Ready5xx,
    /// An object's own last word, such as a Job that has failed.
    FinalState,
    /// A kind of others says that it has failed.
    Custom,
    /// What may well heal: one or two deaths, a refused probe. Only a deadline makes it a verdict.
    Suspected,
}

/// How long each class has to stand.
#[derive(Debug, Clone, Copy)]
pub struct Patience(fn(Class) -> Option<Millis>);

/// The patience of AnsFlow.
pub static PATIENCE: Patience = Patience(grace);

impl Patience {
    /// How long a finding of a class must stand; none where standing alone proves nothing.
    #[must_use]
    pub fn grace(&self, class: Class) -> Option<Millis> {
        (self.0)(class)
    }
}

const SECOND: Millis = 1_000;

fn grace(class: Class) -> Option<Millis> {
    let seconds = match class {
        // What an object says last is not taken back. Deaths and kills are counted, which needs no time besides.
        Class::FinalState | Class::Hook | Class::OutOfMemory | Class::ProbeKills | Class::Crash | Class::Evicted => 0,
        // A runtime that cannot start the program tries again at once; a second tells a hiccup apart. An image is tried again
        // after ten seconds at the earliest: nothing that heals would show before, and all events of one failure have come.
        // What nobody but the pod's own author can mend takes no longer.
        Class::Start | Class::Never | Class::ImageFinal | Class::Sandbox => 1,
        // What was refused or died twice has been tried again meanwhile.
        Class::Admission | Class::CrashTold => 2,
        // Who creates several things at once may create the missing one a moment later.
        Class::Config
        | Class::Mount
        | Class::Webhook
        | Class::Schedule
        | Class::Volume
        | Class::ReadyErrored
        | Class::Custom => 4,
        // Programs that load data, or wait for their database, answer 404 meanwhile.
        Class::Ready4xx => 30,
        // What is usually over within a minute: registries, operators, provisioners, nodes that join.
        Class::ImageTransient
        | Class::ConfigComing
        | Class::StartOther
        | Class::MountOther
        | Class::SandboxOther
        | Class::NodeUnready
        | Class::WebhookComing
        | Class::ScheduleTaint
        | Class::VolumeComing
        | Class::Ready5xx => 60,
        // A new machine needs its time.
        Class::ScheduleGrowing => 90,
        Class::Suspected => return None,
    };
    Some(seconds * SECOND)
}

#[cfg(test)]
mod tests {
    //! What the table promises.

    use super::{Class, PATIENCE};

    #[test]
    fn what_may_heal_never_ends_a_wait_early_and_what_is_over_does_at_once() {
        assert_eq!(PATIENCE.grace(Class::Suspected), None);
        assert_eq!(PATIENCE.grace(Class::FinalState), Some(0));
        assert_eq!(PATIENCE.grace(Class::ImageFinal), Some(1_000));
        assert_eq!(PATIENCE.grace(Class::ScheduleGrowing), Some(90_000));
    }
}
