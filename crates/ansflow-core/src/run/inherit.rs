//! What a step gets from those it needs: failure, the directory to start in, and where the git branch is known from.
//!
//! Fixed at the moment at which the last need ends, in time that grows with the needs; nobody walks back later.

use super::Run;
use super::event::{Gains, StepStatus};
use super::state::GroupOutcome;
use crate::plan::StepIndex;

/// The nearest earlier steps that say something about the world.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Sources {
    pub(super) git_branch: Option<StepIndex>,
    pub(super) git_commit: Option<StepIndex>,
    pub(super) docker_image: Option<StepIndex>,
}

/// The output under which a step leaves the image that it built.
pub(super) const DOCKER_IMAGE: &str = "docker_image";

impl Run {
    /// The directory in which a step starts, relative to the workspace; empty: the workspace itself.
    ///
    /// # Panics
    /// When the plan has no such step.
    #[must_use]
    pub fn directory(&self, i: StepIndex) -> &str {
        self.steps[i].directory.as_deref().unwrap_or_default()
    }

    /// The last of its needs has ended: the step takes over what they leave.
    pub(super) fn arrive(&mut self, i: StepIndex) {
        let came = self.needs(i).iter().find_map(|&need| self.passed_on(need));
        let directory = self.agreed_directory(i);
        let sources = self.sources_for(i);
        let step = &mut self.steps[i];
        step.came = came;
        step.directory = Some(directory);
        step.sources = sources;
    }

    fn needs(&self, i: StepIndex) -> &[StepIndex] {
        &self.plan().steps[i].needs
    }

    /// The step whose failure is felt behind `need`. A group that one success was enough for makes good what its
    /// members failed at, but not what had failed before them.
    fn passed_on(&self, need: StepIndex) -> Option<StepIndex> {
        if self.is_in_won_group(need) { self.steps[need].came } else { self.steps[need].passes }
    }

    /// Whether the step's group is decided by a success.
    pub(super) fn is_in_won_group(&self, i: StepIndex) -> bool {
        let outcome = self.plan().steps[i].group.and_then(|group| self.groups[group].outcome);
        matches!(outcome, Some(GroupOutcome::Won(_)))
    }

    fn agreed_directory(&self, i: StepIndex) -> String {
        let mut left = self.needs(i).iter().filter_map(|&need| self.left_directory(need));
        match left.next() {
            Some(first) if left.all(|other| other == first) => first.to_owned(),
            Some(_) | None => String::new(),
        }
    }

    /// The directory that a step leaves to the next one. A member of a parallel group changes it for nobody; one
    /// that was called off before it got a directory has no say.
    fn left_directory(&self, i: StepIndex) -> Option<&str> {
        let got = self.steps[i].directory.as_deref()?;
        let is_alone = self.plan().steps[i].group.is_none();
        let gained = self.gains(i).filter(|_| is_alone).and_then(|gains| gains.directory.as_deref());
        Some(gained.unwrap_or(got))
    }

    /// What later steps may use of a step, if it succeeded.
    pub(super) fn gains(&self, i: StepIndex) -> Option<&Gains> {
        let finished = self.steps[i].finished()?;
        (finished.status == StepStatus::Success).then_some(&finished.gains)
    }

    fn sources_for(&self, i: StepIndex) -> Sources {
        Sources {
            git_branch: self.nearest(i, |gains| gains.git_branch.is_some(), |sources| sources.git_branch),
            git_commit: self.nearest(i, |gains| gains.git_commit.is_some(), |sources| sources.git_commit),
            docker_image: self.nearest(
                i,
                |gains| gains.outputs.contains_key(DOCKER_IMAGE),
                |sources| sources.docker_image,
            ),
        }
    }

    /// The last step, in the order of needs, among those that `i` follows and that say it.
    fn nearest(
        &self,
        i: StepIndex,
        says: impl Fn(&Gains) -> bool,
        inherited: impl Fn(&Sources) -> Option<StepIndex>,
    ) -> Option<StepIndex> {
        let of_need = |&need: &StepIndex| match self.gains(need) {
            Some(gains) if says(gains) => Some(need),
            Some(_) | None => inherited(&self.steps[need].sources),
        };
        self.needs(i).iter().filter_map(of_need).max_by_key(|&source| self.frame.rank[source])
    }
}
