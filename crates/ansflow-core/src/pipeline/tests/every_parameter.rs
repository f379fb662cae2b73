//! Every parameter of every type, under every spelling, in every place, in every shape: it arrives, it means the same
//! wherever it stands, and printing loses nothing of it.

use proptest::prelude::*;

use super::super::{print, renamed};
use super::any_step::{Given, complete, pipeline, places, spellings, step, values};
use super::{catalog, read, right, shown};
use crate::catalog::StepType;

fn text(kind: &StepType, given: &[Given]) -> String {
    format!("type: hybrid\nvariables: {{ docker_image: x }}\nsteps:\n{}", step("a", kind.word, kind, given, 0))
}

#[test]
fn arrives_from_wherever_it_stands_and_survives_printing() {
    let mut seen = 0;
    for kind in catalog::all() {
        for param in kind.params {
            for value in values(param) {
                let plain = complete(kind, vec![Given::plain(param, value.clone())]);
                let expect = right(&text(kind, &plain));
                assert!(expect.steps[0].params.get(param.key).is_some(), "{} {} {value}", kind.word, param.key);
                let printed = print(&expect);
                let (again, problems) = read(&printed);
                assert!(again.as_ref() == Some(&expect), "{}became\n{printed}", shown(&problems));
                for spelling in spellings(param) {
                    for place in places(kind, spelling) {
                        let mut given = plain.clone();
                        let own = given.iter_mut().find(|given| given.param.key == param.key).unwrap();
                        (own.spelling, own.place) = (spelling, place);
                        let text = text(kind, &given);
                        assert!(right(&text) == expect, "not the same:\n{text}");
                        seen += 1;
                    }
                }
            }
        }
    }
    assert!(seen > 2_000, "only {seen} shapes were tried");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_steps_a_pipeline_has(choices in prop::collection::vec(any::<u16>(), 300)) {
        let mut next = choices.iter().cycle();
        let text = pipeline("shop", &mut |below| usize::from(*next.next().expect("it goes round")) % below);
        let expect = right(&text);
        let printed = print(&expect);
        prop_assert!(right(&printed) == expect, "{}\nbecame\n{}", text, printed);

        let copy = renamed(&text, "a: copy").expect("a plain name can be changed");
        let (before, after) = text.split_once("shop").expect("it is called so");
        prop_assert_eq!(&copy, &format!("{before}\"a: copy\"{after}"));
        let mut wanted = expect;
        wanted.name.value = "a: copy".to_owned();
        prop_assert!(right(&copy) == wanted);
    }
}
