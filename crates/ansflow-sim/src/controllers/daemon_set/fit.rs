//! Whether a template's pod belongs on a node: by name, by labels, by taints.

use serde_json::Value;

use super::pod::TOLERATED;

pub(super) fn fits(template: &Value, node: &Value) -> bool {
    let spec = &template["spec"];
    let named = spec["nodeName"].as_str().unwrap_or_default();
    (named.is_empty() || node["metadata"]["name"] == named) && labels_fit(spec, node) && taints_fit(spec, node)
}

fn labels_fit(spec: &Value, node: &Value) -> bool {
    let labels = &node["metadata"]["labels"];
    let selected = spec["nodeSelector"].as_object().into_iter().flatten().all(|(name, value)| labels[name] == *value);
    let required = &spec["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"];
    let Some(terms) = required["nodeSelectorTerms"].as_array() else { return selected };
    let term = |term: &Value| {
        let expressions = term["matchExpressions"].as_array().into_iter().flatten();
        let fields = term["matchFields"].as_array().into_iter().flatten();
        expressions.clone().all(|one| matches(one, labels[one["key"].as_str().unwrap_or_default()].as_str()))
            && fields.clone().all(|one| matches(one, node["metadata"]["name"].as_str()))
            && expressions.count() + fields.count() > 0
    };
    selected && terms.iter().any(term)
}

fn matches(expression: &Value, value: Option<&str>) -> bool {
    let values = expression["values"].as_array().map(Vec::as_slice).unwrap_or_default();
    let listed = value.is_some_and(|value| values.iter().any(|one| one == value));
    let compared = |than: fn(&i64, &i64) -> bool| {
        let bound = values.first().and_then(Value::as_str).and_then(|text| text.parse::<i64>().ok());
        let number = value.and_then(|text| text.parse::<i64>().ok());
        number.zip(bound).is_some_and(|(number, bound)| than(&number, &bound))
    };
    match expression["operator"].as_str().unwrap_or_default() {
        "In" => listed,
        "NotIn" => !listed,
        "Exists" => value.is_some(),
        "DoesNotExist" => value.is_none(),
        "Gt" => compared(i64::gt),
        "Lt" => compared(i64::lt),
        _ => false,
    }
}

fn taints_fit(spec: &Value, node: &Value) -> bool {
    let taints = node["spec"]["taints"].as_array().into_iter().flatten();
    let tolerations = spec["tolerations"].as_array().map(Vec::as_slice).unwrap_or_default();
    let tolerated = |taint: &Value| {
        TOLERATED.iter().any(|(key, effect)| taint["key"] == *key && taint["effect"] == *effect)
            || tolerations.iter().any(|one| tolerates(one, taint))
    };
    taints.filter(|taint| taint["effect"] != "PreferNoSchedule").all(tolerated)
}

fn tolerates(toleration: &Value, taint: &Value) -> bool {
    let any = |field: &str| toleration[field].as_str().unwrap_or_default().is_empty();
    let exists = toleration["operator"] == "Exists";
    (any("effect") || toleration["effect"] == taint["effect"])
        && ((any("key") && exists) || toleration["key"] == taint["key"])
        && (exists || toleration["value"].as_str().unwrap_or_default() == taint["value"].as_str().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_taint_keeps_a_daemon_away_that_does_not_tolerate_it() {
        let node = json!({"metadata": {"name": "a"}, "spec": {"taints": [{"key": "gpu", "effect": "NoSchedule"}]}});
        assert!(!fits(&json!({"spec": {}}), &node));
        assert!(fits(&json!({"spec": {"tolerations": [{"operator": "Exists"}]}}), &node));
    }

    #[test]
    fn a_selector_wants_the_label() {
        let node = json!({"metadata": {"name": "a", "labels": {"disk": "ssd"}}});
        assert!(fits(&json!({"spec": {"nodeSelector": {"disk": "ssd"}}}), &node));
        assert!(!fits(&json!({"spec": {"nodeSelector": {"disk": "hdd"}}}), &node));
    }
}
