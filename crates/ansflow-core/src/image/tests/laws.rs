//! What holds for every name.

use proptest::prelude::*;

use crate::image::{Address, Reference, join};

fn host() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z0-9]{1,8}(-[a-z0-9]{1,4})?(\\.[a-zA-Z]{2,5}){1,3}(:[1-9][0-9]{0,3})?",
        "localhost(:[1-9][0-9]{0,3})?",
        "[a-z]{1,8}:[1-9][0-9]{0,3}",
        Just("[::1]:5000".to_owned()),
        Just("docker.io".to_owned()),
    ]
}

fn path() -> impl Strategy<Value = String> {
    // With a dot in it, the first part would be read as a host.
    "[a-z0-9]{1,6}((_|__|-{1,3})[a-z0-9]{1,4}){0,2}(/[a-z0-9]{1,6}(\\.[a-z0-9]{1,3})?){0,3}"
}

fn name() -> impl Strategy<Value = String> {
    let host = proptest::option::of(host());
    let tag = proptest::option::of("[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}");
    let digest = proptest::option::of("sha256:[0-9a-f]{64}");
    (host, path(), tag, digest).prop_map(|(host, path, tag, digest)| {
        let host = host.map(|host| format!("{host}/")).unwrap_or_default();
        let tag = tag.map(|tag| format!(":{tag}")).unwrap_or_default();
        let digest = digest.map(|digest| format!("@{digest}")).unwrap_or_default();
        format!("{host}{path}{tag}{digest}")
    })
}

proptest! {
    #[test]
    fn a_name_is_read_back_from_both_its_forms(text in name()) {
        let reference = Reference::parse(&text).map_err(|refused| TestCaseError::fail(format!("{text}: {refused}")))?;
        prop_assert_eq!(&Reference::parse(&reference.to_string()).unwrap(), &reference);
        prop_assert_eq!(&Reference::parse(&reference.full()).unwrap(), &reference);
        let json = serde_json::to_string(&reference).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Reference>(&json).unwrap(), &reference);
    }

    #[test]
    fn any_text_is_taken_or_refused_with_a_suggestion_that_is_taken(text in "\\PC{0,40}|[a-zA-Z0-9/:@._ -]{0,40}") {
        match Reference::parse(&text) {
            Ok(reference) => prop_assert_eq!(Reference::parse(&reference.full()).unwrap(), reference),
            Err(refused) => if let Some(near) = refused.suggestion {
                prop_assert!(Reference::parse(&near).is_ok(), "{} -> {}", text, near);
            }
        }
    }

    #[test]
    fn joining_twice_is_joining_once(image in name(), registry in host(), below in proptest::option::of("[a-z]{1,5}"), tag in "[a-z0-9]{1,5}") {
        let registry = Address::parse(&below.map_or(registry.clone(), |below| format!("{registry}/{below}"))).unwrap();
        let once = join(Some(&registry), None, &image, Some(&tag)).unwrap();
        prop_assert!(once.is_on(&registry));
        prop_assert!(once.tag().is_some() || once.digest().is_some());
        prop_assert_eq!(join(Some(&registry), None, &once.full(), Some("other")).unwrap(), once);
    }

    #[test]
    fn an_address_is_read_back(host in host(), path in proptest::option::of(path()), scheme in "(http://|https://)?") {
        let text = format!("{scheme}{host}/{}", path.unwrap_or_default());
        let address = Address::parse(&text).unwrap();
        prop_assert_eq!(address.is_insecure(), scheme == "http://");
        prop_assert_eq!(Address::parse(&address.to_string()).unwrap(), address);
    }
}
