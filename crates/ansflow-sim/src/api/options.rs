//! What a request's query says.

use super::target::decoded;
use super::write::{Patch, Strictness};
use crate::status::{Cause, Details, Status};

/// The parameters of a query, in their order.
#[derive(Debug, Default, Clone)]
pub(crate) struct Options {
    pairs: Vec<(String, String)>,
}

impl Options {
    pub(crate) fn parse(query: &str) -> Options {
        let pair = |pair: &str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(&name.replace('+', " ")), decoded(&value.replace('+', " ")))
        };
        Options { pairs: query.split('&').filter(|one| !one.is_empty()).map(pair).collect() }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Not empty.
    pub(crate) fn given(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// As of a command, whose words are given one by one.
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        self.pairs.iter().filter(|(known, _)| known == name).map(|(_, value)| value.clone()).collect()
    }

    /// `?watch`, `?watch=1`, `?watch=true`; "0" and "false" are no.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| !matches!(value, "0" | "false" | "False" | "FALSE" | "f" | "F"))
    }

    pub(crate) fn number<T: std::str::FromStr>(&self, name: &str) -> Result<Option<T>, Status> {
        let Some(text) = self.given(name) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| {
            let message = format!("strconv.ParseInt: parsing \"{text}\": invalid syntax");
            Status::bad_request(message)
        })
    }

    /// Whether nothing is to be kept.
    pub(crate) fn dry_run(&self) -> Result<bool, Status> {
        match self.all("dryRun").as_slice() {
            [] => Ok(false),
            all if all.iter().all(|value| value == "All") => Ok(true),
            all => {
                let told: Vec<String> = all.iter().map(|value| format!("\"{value}\"")).collect();
                let why = format!("Unsupported value: [{}]: supported values: \"All\"", told.join(","));
                Err(invalid("PatchOptions", vec![Cause::new("FieldValueNotSupported", "dryRun", why)]))
            }
        }
    }

    pub(crate) fn strictness(&self) -> Strictness {
        match self.given("fieldValidation") {
            Some("Strict") => Strictness::Strict,
            Some("Ignore") => Strictness::Ignore,
            _ => Strictness::Warn,
        }
    }
}

/// A media type, without its parameters.
pub(crate) fn media(content_type: Option<&str>) -> &str {
    content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim()
}

/// The patch that a content type means; nothing for apply.
pub(crate) fn patch_of(media: &str) -> Option<Patch> {
    match media {
        "application/json-patch+json" => Some(Patch::Json),
        "application/merge-patch+json" => Some(Patch::Merge),
        "application/strategic-merge-patch+json" => Some(Patch::Strategic),
        _ => None,
    }
}

/// 422 of options of `meta.k8s.io`.
pub(crate) fn invalid(kind: &str, causes: Vec<Cause>) -> Status {
    let said: Vec<String> = causes.iter().map(|cause| format!("{}: {}", cause.field, cause.message)).collect();
    let said = if said.len() == 1 { said.concat() } else { format!("[{}]", said.join(", ")) };
    let details = Details { group: "meta.k8s.io".to_owned(), kind: kind.to_owned(), causes, ..Details::default() };
    Status::new(422, "Invalid", format!("{kind}.meta.k8s.io \"\" is invalid: {said}")).detailed(details)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_read_with_its_escapes() {
        let options = Options::parse("watch&labelSelector=a%3Db%2Cc+d&command=sh&command=-c&limit=3&dryRun=All");
        assert!(options.flag("watch"));
        assert_eq!(options.get("labelSelector"), Some("a=b,c d"));
        assert_eq!(options.all("command"), ["sh", "-c"]);
        assert_eq!(options.number::<u64>("limit").unwrap(), Some(3));
        assert!(options.dry_run().unwrap());
    }
}
