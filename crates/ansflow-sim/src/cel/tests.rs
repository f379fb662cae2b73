//! Rules as people write them.

use serde_json::{Value, json};

use super::{CelError, Program};

fn holds(rule: &str, this: &Value) -> Result<bool, CelError> {
    Program::parse(rule)?.holds(&[("self", this)])
}

#[test]
fn rules_of_everyday_definitions_are_answered() {
    let this =
        json!({"color": "red", "size": 3, "names": ["a", "b"], "labels": {"x": "1"}, "ratio": 0.5, "memory": "1Gi"});
    for rule in [
        "self.color != 'red' || self.size < 4",
        "self.size >= 1 && self.size <= 5",
        "has(self.color) && !has(self.colour)",
        "self.names.all(name, name.matches('^[a-z]$'))",
        "self.names.exists(n, n == 'b') && self.names.exists_one(n, n == \"a\")",
        "self.names.map(n, n + '!') == ['a!', 'b!']",
        "self.names.filter(n, n != 'a').size() == 1",
        "size(self.names) == 2 && 'a' in self.names && 'x' in self.labels",
        "self.size == 3 ? self.color.startsWith('r') : false",
        "self.labels['x'] == '1' && self.names[1] == 'b'",
        "self.labels.all(key, self.labels[key] == '1')",
        "quantity(self.memory).isLessThan(quantity('2Gi'))",
        "self.ratio * 2.0 == 1 && -self.size == -3 && self.size % 2 == 1",
        "int('3') == self.size && string(self.size) == '3' && type(self.size) == int",
        "{'a': 1}.a == 1 && [1, 2] + [3] == [1, 2, 3]",
        "duration('1h') > duration('59m')",
        "timestamp('2026-01-01T00:00:00Z') < timestamp('2026-01-02T00:00:00Z')",
        "self.names.join(',') == 'a,b' && 'a,b'.split(',') == self.names",
    ] {
        assert_eq!(holds(rule, &this), Ok(true), "{rule}");
    }
}

#[test]
fn what_has_no_answer_is_decided_by_the_other_side_where_it_can() {
    let this = json!({"size": 3});
    assert_eq!(holds("self.missing == 1 || self.size == 3", &this), Ok(true));
    assert_eq!(holds("self.missing == 1 && self.size == 4", &this), Ok(false));
    assert_eq!(holds("self.missing == 1", &this), Err(CelError::Failed("no such key: missing".to_owned())));
}

#[test]
fn what_we_do_not_know_is_told_apart_from_what_fails() {
    let this = json!({"size": 3});
    for rule in ["self.size ==", "ip(self.size)", "authorizer.group('')", "self.?size.orValue(1) == 1", "'open", "a b"]
    {
        assert!(matches!(holds(rule, &this), Err(CelError::Unknown(_))), "{rule}");
    }
}

#[test]
fn a_rule_takes_so_many_steps_and_no_more() {
    let this = json!({"items": vec![1; 400]});
    let rule = "self.items.all(a, self.items.all(b, self.items.all(c, true)))";
    assert_eq!(holds(rule, &this), Err(CelError::Budget));
    let deep = format!("{}1{}", "(".repeat(500), ")".repeat(500));
    assert!(Program::parse(&deep).is_err());
}

#[test]
fn a_rule_that_looks_back_is_known() {
    assert!(Program::parse("self.size >= oldSelf.size").unwrap().names("oldSelf"));
    assert!(!Program::parse("self.oldSelf == 1").unwrap().names("oldSelf"));
}
