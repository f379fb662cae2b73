//! Lists: as of which revision, which part, which of the objects.

use base64::Engine;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::options::{Options, invalid};
use super::{Answer, Call, definition, show};
use crate::field_selector::FieldSelector;
use crate::kind::Kind;
use crate::object::Str;
use crate::selector::Selector;
use crate::status::{Cause, Details, Status};
use crate::store::{Behind, ListAt, Page, Query, Stored};
use crate::wire::accept;

pub(super) fn answer(call: &Call<'_>) -> Result<Answer, Status> {
    let form = accept::form(call.request.header("accept"))?;
    let page = page(call)?;
    show::list(call, form, &page).map(Answer::Whole)
}

/// Which objects of a kind are meant.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub(crate) namespace: Option<String>,
    /// The one object that a path names.
    pub(crate) name: Option<String>,
    pub(crate) labels: Selector,
    pub(crate) fields: FieldSelector,
}

impl Filter {
    pub(crate) fn of(call: &Call<'_>) -> Result<Filter, Status> {
        let (kind, options) = (&call.route.kind, &call.request.options);
        let labels = options.given("labelSelector").map(Selector::parse).transpose();
        let labels = labels.map_err(|bad| Status::bad_request(bad.0))?.unwrap_or_default();
        let selectable = definition::selectable_fields(call.sim, kind);
        let parsed =
            options.given("fieldSelector").map(|text| FieldSelector::parse(text, &kind.group, &kind.kind, &selectable));
        let fields = parsed.transpose().map_err(|bad| Status::bad_request(bad.0))?.unwrap_or_default();
        Ok(Filter { namespace: call.route.namespace.clone(), name: call.route.name.clone(), labels, fields })
    }

    /// Whether an object is meant.
    pub(crate) fn keeps(&self, kind: &Kind, stored: &Stored) -> bool {
        self.namespace.as_deref().is_none_or(|namespace| namespace == stored.namespace())
            && self.name.as_deref().is_none_or(|name| name == stored.name())
            && (self.labels.is_everything() || self.labels.matches_pairs(&stored.labels))
            && (self.fields.is_everything() || self.fields_match(kind, stored))
    }

    pub(crate) fn selects(&self) -> bool {
        !self.labels.is_everything() || !self.fields.is_everything()
    }

    fn fields_match(&self, kind: &Kind, stored: &Stored) -> bool {
        if self.fields.needs_only_metadata() {
            return self.fields.matches(&json!({"metadata": {"name": stored.name(), "namespace": stored.namespace()}}));
        }
        self.fields.matches(&Value::Object(stored.thaw(kind)))
    }
}

/// What a list request asks for.
pub(super) fn page(call: &Call<'_>) -> Result<Page, Status> {
    let (kind, options) = (&call.route.kind, &call.request.options);
    let filter = Filter::of(call)?;
    let limit = options.number::<usize>("limit")?.filter(|limit| *limit > 0);
    let token = options.given("continue").map(|token| Token::read(token, filter.namespace.as_deref())).transpose()?;
    let at = match &token {
        Some(token) => token.revision.map_or(ListAt::Now, ListAt::Revision),
        None => at(options, limit.is_some())?,
    };
    let after = token.map(|token| token.after);
    let again = after.as_ref().map(|after| Token::encoded(None, after, filter.namespace.as_deref()));
    let keep = |stored: &Stored| filter.keeps(kind, stored);
    let query = Query { namespace: filter.namespace.as_deref(), at, after, limit, keep: &keep };
    let page = call.sim.store().list(kind.id, &query);
    page.map_err(|behind| again.map_or_else(|| refused(behind), token_too_old))
}

/// As of when, by `resourceVersion` and `resourceVersionMatch`.
fn at(options: &Options, limited: bool) -> Result<ListAt, Status> {
    let asked = match options.given("resourceVersion") {
        Some(text) => Some(text.parse::<u64>().map_err(|_| bad_revision(text))?),
        None => None,
    };
    let exactly = match (asked, options.given("resourceVersionMatch")) {
        (None, Some(_)) => {
            let why = "Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided";
            return Err(invalid("ListOptions", vec![Cause::new("FieldValueForbidden", "resourceVersionMatch", why)]));
        }
        (Some(0), Some("Exact")) => {
            let why = "Forbidden: resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"";
            return Err(invalid("ListOptions", vec![Cause::new("FieldValueForbidden", "resourceVersionMatch", why)]));
        }
        (_, Some(asked)) => asked == "Exact",
        // A page of a revision that was named is of that revision, as it was before there was a match to say so.
        (_, None) => limited,
    };
    Ok(match asked {
        None | Some(0) => ListAt::Now,
        Some(revision) if exactly => ListAt::Revision(revision),
        Some(revision) => ListAt::NotBefore(revision),
    })
}

pub(super) fn bad_revision(text: &str) -> Status {
    let why = format!("Invalid value: \"{text}\": strconv.ParseUint: parsing \"{text}\": invalid syntax");
    invalid("ListOptions", vec![Cause::new("FieldValueInvalid", "resourceVersion", why)])
}

fn refused(behind: Behind) -> Status {
    match behind {
        Behind::TooOld { .. } => Status::expired("The resourceVersion for the provided list is too old."),
        Behind::TooNew { asked, current } => too_new(asked, current),
    }
}

pub(super) fn too_new(asked: u64, current: u64) -> Status {
    let causes = vec![Cause::new("ResourceVersionTooLarge", "", "Too large resource version")];
    let details = Details { causes, retry_after: Some(1), ..Details::default() };
    let message = format!("Timeout: Too large resource version: {asked}, current: {current}");
    Status::new(504, "Timeout", message).detailed(details)
}

/// What is left can still be listed, as it is now: `again` is the token for that.
fn token_too_old(again: String) -> Status {
    let status = Status::expired(
        "The provided continue parameter is too old to display a consistent list result. You can start a new list without \
         the continue parameter, or use the continue token in this response to retrieve the remainder of the results. \
         Continuing with the provided token results in an inconsistent list - objects that were created, modified, or \
         deleted between the time the first chunk was returned and now may show up in the list.",
    );
    Status { proceed: Some(again), ..status }
}

/// Where the next page begins.
pub(super) struct Token {
    /// Nothing where the list goes on as things are now.
    revision: Option<u64>,
    after: (Str, Str),
}

impl Token {
    /// The token for what follows a page, as Kubernetes writes it: relative to what the request's path covers.
    pub(super) fn write(page: &Page, namespace: Option<&str>) -> Option<String> {
        Some(Token::encoded(Some(page.revision), page.next.as_ref()?, namespace))
    }

    fn encoded(revision: Option<u64>, (in_namespace, name): &(Str, Str), namespace: Option<&str>) -> String {
        let start = match (namespace, &**in_namespace) {
            (None, within) if !within.is_empty() => format!("/{within}/{name}\0"),
            _ => format!("/{name}\0"),
        };
        let revision = revision.map_or(Value::from(-1), Value::from);
        let token = json!({"v": "meta.k8s.io/v1", "rv": revision, "start": start});
        URL_SAFE_NO_PAD.encode(token.to_string())
    }

    fn read(text: &str, namespace: Option<&str>) -> Result<Token, Status> {
        let bad =
            |why: String| Status::bad_request(format!("invalid continue token: continue key is not valid: {why}"));
        let bytes = URL_SAFE_NO_PAD.decode(text).or_else(|_| URL_SAFE.decode(text));
        let bytes = bytes.map_err(|_| bad(format!("illegal base64 data at input byte {}", text.len() / 4 * 4)))?;
        let token: Value = serde_json::from_slice(&bytes).map_err(|_| match bytes.first() {
            Some(first) => bad(format!("invalid character '{}' looking for beginning of value", char::from(*first))),
            None => bad("unexpected end of JSON input".to_owned()),
        })?;
        if token["v"] != "meta.k8s.io/v1" {
            return Err(bad(format!("server does not recognize this encoded version {}", token["v"])));
        }
        let start = token["start"].as_str().unwrap_or_default().trim_start_matches('/').trim_end_matches('\0');
        let after = match (start.split_once('/'), namespace) {
            (Some((within, name)), None) => (within.into(), name.into()),
            _ => (namespace.unwrap_or_default().into(), start.into()),
        };
        Ok(Token { revision: token["rv"].as_u64(), after })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(namespace: &str, name: &str) -> Page {
        Page { revision: 19_105, items: Vec::new(), next: Some((namespace.into(), name.into())), remaining: 1 }
    }

    #[test]
    fn a_token_says_where_the_next_page_begins_as_kubernetes_does() {
        let token = Token::write(&page("demo", "page-2"), Some("demo")).unwrap();
        assert_eq!(token, "eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MTkxMDUsInN0YXJ0IjoiL3BhZ2UtMlx1MDAwMCJ9");
        let read = Token::read(&token, Some("demo")).unwrap();
        assert_eq!((&*read.after.0, &*read.after.1, read.revision), ("demo", "page-2", Some(19_105)));
        let everywhere = Token::write(&page("demo", "web"), None).unwrap();
        assert_eq!(&*Token::read(&everywhere, None).unwrap().after.1, "web");
    }

    #[test]
    fn a_token_that_is_too_old_is_answered_with_one_that_goes_on_as_things_are_now() {
        let again = Token::encoded(None, &("demo".into(), "page-2".into()), Some("demo"));
        let said = token_too_old(again).to_value();
        assert_eq!((&said["code"], &said["reason"]), (&json!(410), &json!("Expired")));
        let read = Token::read(said["metadata"]["continue"].as_str().unwrap(), Some("demo")).unwrap();
        assert_eq!((&*read.after.1, read.revision), ("page-2", None));
    }

    #[test]
    fn a_broken_token_is_refused_in_words() {
        let Err(status) = Token::read("abc", Some("demo")) else { panic!("it was read") };
        let why =
            "invalid continue token: continue key is not valid: invalid character 'i' looking for beginning of value";
        assert_eq!(status.message, why);
    }
}
