//! Expressions and crates by the words of a small policy.

use super::{Policy, Theirs, judge};

const POLICY: &str = r#"
licenses = { allow = ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"] }
bans = { deny = [{ crate = "openssl", reason = "rustls" }] }
sources = { allow-registry = ["https://registry.example.com/index"] }
"#;

fn policy() -> Policy {
    Policy::parse(POLICY).expect("the policy above is complete")
}

#[test]
fn a_choice_needs_one_allowed_licence_and_a_sum_needs_all() {
    let cases = [
        ("MIT", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("GPL-3.0/MIT", true),
        ("GPL-3.0 AND MIT", false),
        ("(GPL-3.0 OR MIT) AND Apache-2.0", true),
        ("(GPL-3.0 OR MIT) AND BSL-1.0", false),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("MIT WITH LLVM-exception", false),
        ("MIT OR", true),
        ("(MIT", false),
        ("MIT MIT", false),
        ("", false),
    ];
    for (expression, allowed) in cases {
        assert_eq!(policy().allows(expression), allowed, "{expression:?}");
    }
}

#[test]
fn a_crate_is_judged_by_licence_name_and_source() {
    let messages = |name: &str, licence: Option<&str>, source: Option<&str>| -> Vec<String> {
        let theirs =
            Theirs { name: name.to_owned(), licence: licence.map(str::to_owned), source: source.map(str::to_owned) };
        judge(&policy(), &theirs).into_iter().map(|finding| finding.message).collect()
    };
    let registry = Some("registry+https://registry.example.com/index");
    assert!(messages("serde", Some("MIT OR Apache-2.0"), registry).is_empty());
    assert_eq!(messages("ghost", None, registry), ["`ghost` names no licence"]);
    assert_eq!(messages("openssl", Some("MIT"), registry), ["`openssl` is banned: rustls"]);
    assert_eq!(messages("mine", Some("MIT"), None), ["`mine` comes from a folder of this machine"]);
    assert_eq!(messages("fork", Some("MIT"), Some("git+https://example.com/fork")).len(), 1);
}

#[test]
fn a_policy_without_a_list_is_refused() {
    let error = Policy::parse("").err().expect("nothing is allowed by an empty file");
    assert_eq!(error.to_string(), "no list `allow` under [licenses] in deny.toml");
}
