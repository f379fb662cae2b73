//! A mark on every process of an attempt that none of them loses by accident: not by another session, not by an empty
//! environment, not by dead parents, not by becoming another user.
//!
//! It is a resource limit, because limits are what a process hands on through everything and nobody else touches: the
//! hard limit of time under real-time scheduling, of which processes have none, in thousands of years. It costs a
//! system call; a cgroup would do the same, costs milliseconds to enter where nobody did just before, and needs rights.

use std::fs;
use std::time::Duration;

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::time::{ClockId, clock_gettime};

/// Brands count down from here, in microseconds. Twice as much would overflow in the kernel's arithmetic.
const HIGHEST: u64 = 1 << 63;
/// Process ids have so many bits.
const PID_BITS: u32 = 22;

/// Whether the processes of steps can be found again when engine and attempt were killed, whatever they did to hide.
///
/// # Errors
/// Why those that hide cannot, with what to do about it.
pub fn can_brand() -> Result<(), String> {
    let Some(brand) = fresh() else { return Err("the clock of this machine tells no time".to_owned()) };
    match getrlimit(Resource::RLIMIT_RTTIME) {
        Ok((_, hard)) if hard >= brand => Ok(()),
        Ok((_, hard)) => {
            Err(format!("real-time scheduling is limited to {hard} us; lift it with `ulimit -R unlimited`"))
        }
        Err(error) => Err(format!("resource limits cannot be read: {error}")),
    }
}

/// Brands this process and whatever it starts from now on; none: somebody has set the limit for a purpose.
pub(crate) fn put_on() -> Option<u64> {
    let brand = fresh()?;
    let (soft, hard) = getrlimit(Resource::RLIMIT_RTTIME).ok()?;
    // Never raised, even where we might. One below another's brand is another attempt's, inside of it.
    let allowed = hard >= brand && setrlimit(Resource::RLIMIT_RTTIME, soft.min(brand), brand).is_ok();
    allowed.then_some(brand)
}

/// Whether a process has this brand.
pub(crate) fn is_on(pid: i32, brand: u64) -> bool {
    let limits = fs::read_to_string(format!("/proc/{pid}/limits")).unwrap_or_default();
    let limit = limits.lines().find_map(|line| line.strip_prefix("Max realtime timeout"));
    limit.and_then(|limit| limit.split_ascii_whitespace().nth(1)?.parse().ok()) == Some(brand)
}

/// Another one for every process of a boot, made of its time and id; a later one is lower, so that attempts inside of
/// attempts may put theirs on.
fn fresh() -> Option<u64> {
    let up = Duration::from(clock_gettime(ClockId::CLOCK_MONOTONIC).ok()?);
    let ms = u64::try_from(up.as_millis()).ok()?;
    let used = ms.checked_mul(1 << PID_BITS)?.checked_add(u64::from(std::process::id()))?;
    // A limit that could ever be reached is none of ours.
    HIGHEST.checked_sub(used).filter(|&brand| brand > HIGHEST / 4)
}
