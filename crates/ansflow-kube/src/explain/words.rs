//! Findings as verdicts: one sentence that names the object and the reason, what was seen, and what to do.

use super::{Finding, advice, create};
use crate::Millis;
use crate::text::short;
use ansflow_core::verdict::{Cause, Evidence, EvidenceFrom, Verdict};

/// A sentence is read on a phone at three in the morning.
const LONGEST: usize = 160;

/// A finding that is certain; `stood` says how long it was watched before that.
pub(crate) fn verdict(finding: &Finding, stood: Millis) -> Verdict {
    let mut verdict = Verdict::failed(finding.cause.clone(), Some(finding.object.clone()), summary(finding));
    verdict.evidence.clone_from(&finding.evidence);
    verdict.evidence.extend(quota(finding));
    verdict.advice = advice::advice(&finding.cause, &finding.text);
    if stood >= 1_000 {
        verdict.remarks.push(format!("it was watched for {} s before it was called certain", stood / 1_000));
    }
    verdict
}

/// A finding in one sentence.
pub(crate) fn summary(finding: &Finding) -> String {
    sentence(&format!("{}{}{}", finding.object, lead(&finding.cause), finding.text))
}

/// One line of no more than [`LONGEST`] characters.
pub(super) fn sentence(text: &str) -> String {
    short(text, LONGEST)
}

/// What stands between an object and what is wrong with it.
fn lead(cause: &Cause) -> &'static str {
    match cause {
        Cause::ImagePull | Cause::ImageName | Cause::ContainerConfig | Cause::VolumeMount | Cause::Sandbox => {
            " cannot start: "
        }
        Cause::CrashLoop | Cause::InitContainer | Cause::OomKilled => " cannot run: ",
        Cause::QuotaExceeded
        | Cause::AdmissionDenied
        | Cause::PodSecurity
        | Cause::WebhookUnreachable
        | Cause::NamespaceTerminating
        | Cause::ProgressDeadline
        | Cause::JobFailed
        | Cause::JobDeadline
        | Cause::Paused
        | Cause::NodeLost
        | Cause::InvalidManifest
        | Cause::Unknown(_) => " ",
        _ => ": ",
    }
}

fn quota(finding: &Finding) -> Option<Evidence> {
    let object = (finding.cause == Cause::QuotaExceeded).then(|| create::quota(&finding.text))??;
    Some(super::seen(EvidenceFrom::Quota, object, &finding.text))
}
