//! A cron job has a schedule that can be read.

use serde_json::Value;

use super::job;
use crate::kind::Kind;
use crate::object::{Object, ObjectExt};
use crate::rules::{Causes, said};

pub(crate) fn validate(_kind: &Kind, object: &Object, causes: &mut Causes) {
    let schedule = object.text("/spec/schedule");
    if object.name().len() > 52 {
        said::invalid(causes, "metadata.name", &Value::from(object.name()), "must be no more than 52 characters");
    }
    if schedule.is_empty() {
        said::required(causes, "spec.schedule", "");
    } else if let Some(why) = wrong(schedule) {
        said::invalid(causes, "spec.schedule", &Value::from(schedule), &why);
    }
    let policies = ["Allow", "Forbid", "Replace"];
    said::one_of(causes, "spec.concurrencyPolicy", object.at("/spec/concurrencyPolicy"), &policies);
    for field in ["startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"] {
        said::not_negative(causes, &format!("spec.{field}"), object.at(&format!("/spec/{field}")));
    }
    if let Some(zone) = object.at("/spec/timeZone").and_then(Value::as_str)
        && jiff::tz::TimeZone::get(zone).is_err()
    {
        said::invalid(causes, "spec.timeZone", &Value::from(zone), &format!("unknown time zone {zone}"));
    }
    let template = object.at("/spec/jobTemplate/spec/template").unwrap_or(&Value::Null);
    job::template(template, "spec.jobTemplate.spec.template", causes);
}

/// Why a schedule cannot be read, in the words of Go's cron.
fn wrong(schedule: &str) -> Option<String> {
    if let Some(name) = schedule.strip_prefix('@') {
        let known = ["yearly", "annually", "monthly", "weekly", "daily", "midnight", "hourly"];
        let is_known = known.contains(&name) || name.starts_with("every ");
        return (!is_known).then(|| format!("unrecognized descriptor: {schedule}"));
    }
    let fields: Vec<&str> = schedule.split_whitespace().collect();
    if fields.len() != 5 {
        return Some(format!("expected exactly 5 fields, found {}: [{}]", fields.len(), fields.join(" ")));
    }
    let bounds = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 6)];
    fields.iter().zip(bounds).find_map(|(field, (least, most))| {
        field.split(',').find_map(|part| {
            let range = part.split('/').next().unwrap_or_default();
            range.split('-').find_map(|number| match number.parse::<u32>() {
                Ok(number) if number < least => {
                    Some(format!("beginning of range ({number}) below minimum ({least}): {part}"))
                }
                Ok(number) if number > most => Some(format!("end of range ({number}) above maximum ({most}): {part}")),
                Ok(_) => None,
                Err(_) if matches!(number, "*" | "?") || number.chars().all(|c| c.is_ascii_alphabetic()) => None,
                Err(_) => Some(format!(
                    "failed to parse int from {number}: strconv.Atoi: parsing \"{number}\": invalid syntax"
                )),
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_are_five_fields_or_a_word() {
        for schedule in ["*/5 * * * *", "0 0 1 1 0", "1-5,7 * * jan mon", "@hourly", "@every 5m"] {
            assert_eq!(wrong(schedule), None, "{schedule}");
        }
        assert_eq!(wrong("hello").as_deref(), Some("expected exactly 5 fields, found 1: [hello]"));
        assert_eq!(wrong("60 * * * *").as_deref(), Some("end of range (60) above maximum (59): 60"));
        assert!(wrong("@sometimes").is_some() && wrong("x1 * * * *").is_some());
    }
}
