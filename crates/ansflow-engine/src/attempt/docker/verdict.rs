//! Whose fault a failure is: the step's, which said something that cannot be; or the world's, which may be better later.

use ansflow_docker::{Cause, Error};

use crate::attempt::{NoGain, broken, failed};

#[expect(clippy::needless_pass_by_value, reason = "what `map_err` hands over")]
pub(super) fn verdict(error: Error) -> NoGain {
    let message = error.to_string();
    match &error {
        Error::NotStarted { code: Some(code), .. } => NoGain::Failed { exit_code: i32::try_from(*code).ok(), message },
        Error::Build(failure) => {
            NoGain::Failed { exit_code: failure.code.and_then(|code| i32::try_from(code).ok()), message }
        }
        Error::Transfer { cause, .. } | Error::Registry { cause, .. } if is_the_worlds(cause) => broken(message),
        Error::NoDaemon { .. }
        | Error::Address { .. }
        | Error::TooOld { .. }
        | Error::DaemonLost { .. }
        | Error::NoContainer { .. }
        | Error::Credentials { .. }
        | Error::NeedsBuildKit { .. }
        | Error::Program { .. } => broken(message),
        Error::DaemonRefused { .. }
        | Error::Invalid { .. }
        | Error::File { .. }
        | Error::NoImage { .. }
        | Error::NameTaken { .. }
        | Error::Transfer { .. }
        | Error::NotStarted { .. }
        | Error::Registry { .. } => failed(message),
    }
}

fn is_the_worlds(cause: &Cause) -> bool {
    match cause {
        Cause::Refused
        | Cause::TimedOut
        | Cause::TooManyRequests
        | Cause::DiskFull
        | Cause::Broken(_)
        | Cause::Other(_) => true,
        Cause::UnknownHost
        | Cause::Tls(_)
        | Cause::PlainHttp
        | Cause::LoginNeeded
        | Cause::LoginRefused
        | Cause::Forbidden
        | Cause::NoRepository
        | Cause::NoManifest
        | Cause::NoPlatform
        | Cause::NotARegistry(_)
        | Cause::NotOffered(_) => false,
    }
}
