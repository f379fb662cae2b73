//! What every step on images and containers works with.

use ansflow_core::mask::Masker;
use ansflow_docker::{Daemon, Environment, Login, credentials};

use super::verdict::verdict;
use crate::attempt::alarm::Alarm;
use crate::attempt::order::{Docker, Order};
use crate::attempt::outlet::Outlet;
use crate::attempt::session::{Apart, MARK, Session};
use crate::attempt::{NoGain, broken};
use crate::folder::Folder;

pub(super) struct Desk<'s> {
    pub(super) order: &'s Order,
    pub(super) docker: &'s Docker,
    pub(super) folder: &'s Folder,
    pub(super) masker: &'s Masker,
    pub(super) outlet: Outlet<'s>,
    pub(super) alarm: Alarm<'s>,
    environment: Environment,
}

impl<'s> Desk<'s> {
    pub(super) fn of(session: &'s mut Session) -> Result<Desk<'s>, NoGain> {
        let Apart { order, folder, masker, outlet, alarm } = session.apart();
        let Some(docker) = &order.docker else {
            return Err(broken("the engine that ordered this is of another version: it said nothing of containers"));
        };
        Ok(Desk { order, docker, folder, masker, outlet, alarm, environment: environment(order) })
    }

    pub(super) async fn daemon(&self) -> Result<Daemon, NoGain> {
        self.unless_ended(Daemon::connect(&self.environment)).await
    }

    /// Work that is dropped when the step is to end.
    pub(super) async fn unless_ended<T>(
        &self,
        work: impl Future<Output = ansflow_docker::Result<T>>,
    ) -> Result<T, NoGain> {
        tokio::select! {
            biased;
            why = self.alarm.rings() => Err(why),
            done = work => done.map_err(verdict),
        }
    }

    /// Who signs in at a host: as the order says, else as the docker command of this machine would.
    pub(super) async fn login(&self, host: &str) -> Option<Login> {
        if let Some(login) = self.docker.logins.iter().find(|login| login.host == host) {
            return Some(Login::new(login.username.clone(), login.password.clone()));
        }
        let found = tokio::select! {
            biased;
            // Whatever comes next rings too.
            _ = self.alarm.rings() => return None,
            found = credentials::find(&self.environment, host) => found,
        };
        match found {
            Ok(login) => login,
            // As the docker command has it: what is public needs none, and what is not will say so.
            Err(why) => {
                self.outlet.say(&format!("warning: {why}"));
                None
            }
        }
    }

    pub(super) fn say(&self, line: &str) {
        self.outlet.say(line);
    }

    /// What progress is told by.
    pub(super) fn on_line(&self) -> impl FnMut(&str) + Send + '_ {
        let outlet = &self.outlet;
        move |line: &str| outlet.line(line)
    }
}

/// This process' own, in which the daemon is named. The step's variables have no say in that: a pipeline that chose
/// the daemon would be given the passwords of registries there.
fn environment(order: &Order) -> Environment {
    let ours =
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let mut environment = Environment::new(ours.filter(|(name, _)| !name.starts_with("ANSFLOW_")));
    // Helpers are ours, and found as such.
    environment.set(MARK, order.mark.clone());
    environment
}
