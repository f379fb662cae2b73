//! Faults on purpose: one table of rules, and three doors to it: an annotation of a pod, the name of an image, and the API.

pub(crate) mod api;
pub(crate) mod catalog;
pub(crate) mod http;
pub(crate) mod matching;
pub(crate) mod registry;
pub(crate) mod rule;

use crate::lock::lock;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use http::{Asked, HttpFault};
pub(crate) use matching::Place;
use registry::Registry;
use rule::{ContainerFault, ImageFault, ProbeFault, Rule, WebhookFault, What};

/// The annotation that gives a pod faults of its own: a JSON list of what a rule does, or one of them.
pub(crate) const ANNOTATION: &str = "sim.ansflow.io/fault";

type Rules = BTreeMap<String, Arc<Rule>>;

/// The rules that hold now, by name.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    rules: Mutex<Rules>,
    /// How many requests a rule was about.
    met: Mutex<BTreeMap<String, u64>>,
    /// What registries have, by the name that they were given here.
    registries: Mutex<BTreeMap<String, Registry>>,
}

impl Faults {
    pub(crate) fn put(&self, name: &str, rule: Rule) {
        lock(&self.met).remove(name);
        self.lock().insert(name.to_owned(), Arc::new(rule));
    }

    pub(crate) fn get(&self, name: &str) -> Option<Arc<Rule>> {
        self.lock().get(name).cloned()
    }

    /// Has somebody answer for a registry.
    pub(crate) fn put_registry(&self, name: &str, registry: Registry) {
        lock(&self.registries).insert(name.to_owned(), registry);
    }

    pub(crate) fn remove(&self, name: &str) -> bool {
        lock(&self.registries).remove(name).is_some() | self.lock().remove(name).is_some()
    }

    pub(crate) fn all(&self) -> Vec<(String, Arc<Rule>)> {
        self.lock().iter().map(|(name, rule)| (name.clone(), rule.clone())).collect()
    }

    /// Whether a node is declared lost.
    pub(crate) fn is_lost(&self, node: &str) -> bool {
        let lost = |rule: &Arc<Rule>| matches!(rule.what, What::NodeLost) && rule.on.is_node(node);
        self.lock().values().any(lost)
    }

    /// Whether some rule drives pods from their nodes.
    pub(crate) fn evict(&self) -> bool {
        self.lock().values().any(|rule| matches!(rule.what, What::Evict(_)))
    }

    /// What is to happen at a place: the pod's own wishes first, then the rules in the order of their names.
    pub(crate) fn at(&self, place: &Place<'_>) -> Vec<What> {
        let mut found = place.annotation.map(own).unwrap_or_default();
        let rules = self.lock();
        found.extend(rules.values().filter(|rule| rule.on.matches(place)).map(|rule| rule.what.clone()));
        found
    }

    pub(crate) fn image(&self, place: &Place<'_>) -> Option<ImageFault> {
        self.at(place).into_iter().find_map(|what| if let What::Image(fault) = what { Some(fault) } else { None })
    }

    /// The id of an image that somebody answers for, by its reference in full: none where nobody does, and within it none
    /// where the registry does not have it.
    pub(crate) fn pushed(&self, full: &str) -> Option<Option<String>> {
        let asked = lock(&self.registries).values().find(|registry| registry.has_word_on(full)).cloned();
        asked.map(|registry| registry.id(full))
    }

    /// What the container is to do in the place of its program, where a rule or its image says so.
    pub(crate) fn container(&self, place: &Place<'_>) -> Option<ContainerFault> {
        let of_rule = self.at(place).into_iter().find_map(|what| match what {
            What::Exit(exit) => Some(ContainerFault::Exit(exit)),
            What::Hang => Some(ContainerFault::Hang),
            _ => None,
        });
        of_rule.or_else(|| catalog::container(place.image))
    }

    pub(crate) fn probe(&self, place: &Place<'_>, which: &str) -> Option<ProbeFault> {
        let meant = |fault: &ProbeFault| fault.which.is_empty() || fault.which == which;
        let of_rule =
            self.at(place).into_iter().find_map(|what| if let What::Probe(fault) = what { Some(fault) } else { None });
        of_rule.or_else(|| catalog::probe(place.image)).filter(meant)
    }

    /// Why a volume cannot be mounted.
    pub(crate) fn mount(&self, place: &Place<'_>, volume: &str) -> Option<String> {
        self.at(place).into_iter().find_map(|what| match what {
            What::Mount(fault) if fault.volume.is_empty() || fault.volume == volume => Some(fault.message),
            _ => None,
        })
    }

    /// Whether requests are to be asked about at all.
    pub(crate) fn has_http(&self) -> bool {
        self.lock().values().any(|rule| matches!(rule.what, What::Http(_)))
    }

    /// What becomes of a request: the first rule that is about it and whose turn it is. Each that is about it counts it.
    pub(crate) fn http(&self, asked: &Asked<'_>) -> Option<HttpFault> {
        let (rules, mut met) = (self.lock(), lock(&self.met));
        let about = |(name, rule): (&String, &Arc<Rule>)| match &rule.what {
            What::Http(fault) if fault.concerns(asked) && rule.on.is_about(asked) => {
                Some((name.clone(), fault.clone()))
            }
            _ => None,
        };
        rules.iter().filter_map(about).find_map(|(name, fault)| {
            let before = met.entry(name).or_default();
            *before += 1;
            fault.is_due(*before - 1).then_some(fault)
        })
    }

    /// What a webhook answers, where a rule says so.
    pub(crate) fn webhook(&self, name: &str) -> Option<WebhookFault> {
        self.lock().values().find_map(|rule| match &rule.what {
            What::Webhook(fault) if rule.on.webhook.is_empty() || matching::like(&rule.on.webhook, name) => {
                Some(fault.clone())
            }
            _ => None,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Rules> {
        lock(&self.rules)
    }
}

/// What an annotation wishes. One that cannot be read wishes nothing; who applied it was told so.
fn own(text: &str) -> Vec<What> {
    wishes(text).unwrap_or_default()
}

/// What an annotation wishes, or why it cannot be read.
pub(crate) fn wishes(text: &str) -> Result<Vec<What>, String> {
    let several = text.trim_start().starts_with('[');
    let read = if several { serde_json::from_str(text) } else { serde_json::from_str(text).map(|what| vec![what]) };
    read.map_err(|why| why.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pod_says_itself_what_is_to_go_wrong() {
        let faults = Faults::default();
        let place = Place {
            annotation: Some(r#"{"exit": {"code": 3, "after": "2s", "log": "no database"}}"#),
            image: "acme/web:1",
            ..Place::default()
        };
        let Some(ContainerFault::Exit(exit)) = faults.container(&place) else { panic!("it ends") };
        assert_eq!((exit.code, exit.after.0.as_secs(), exit.log.as_str()), (3, 2, "no database"));
    }

    #[test]
    fn a_rule_holds_where_it_says_and_until_it_is_taken_away() {
        let faults = Faults::default();
        let rule = r#"{"on": {"namespace": "demo", "image": "acme/*"}, "what": {"image": "denied"}}"#;
        faults.put("registry", serde_json::from_str(rule).unwrap());
        let place = |namespace| Place { namespace, image: "acme/web:1", ..Place::default() };
        assert_eq!(faults.image(&place("demo")), Some(ImageFault::Denied));
        assert_eq!(faults.image(&place("other")), None);
        assert!(faults.remove("registry"));
        assert_eq!(faults.image(&place("demo")), None);
    }
}
