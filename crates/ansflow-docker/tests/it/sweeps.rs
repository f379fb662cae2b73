//! Sweeping: what is over goes, and nothing else.

use ansflow_docker::labels::{ATTEMPT, DETACHED, INSTANCE};
use ansflow_docker::run::{self, Spec};
use ansflow_docker::{Error, sweep};

use crate::world::{World, unique, with_daemon};

#[test]
fn only_what_is_over_of_this_instance_is_removed() {
    with_daemon(async |world: World| {
        let start = async |change: &dyn Fn(&mut Spec)| {
            let mut spec = world.script("sleep 600").await;
            change(&mut spec);
            run::start(&world.daemon, &spec).await.unwrap().id().to_owned()
        };
        let label =
            |spec: &mut Spec, name: &str, value: &str| drop(spec.labels.insert(name.to_owned(), value.to_owned()));
        let lives = start(&|spec| label(spec, ATTEMPT, "1")).await;
        let over = start(&|spec| label(spec, ATTEMPT, "2")).await;
        let stays = start(&|spec| {
            label(spec, ATTEMPT, "2");
            label(spec, DETACHED, "true");
        })
        .await;
        // Another AnsFlow's on the same daemon, and somebody's who has nothing to do with us.
        let other = unique("other-instance");
        let others = start(&|spec| {
            label(spec, INSTANCE, &other);
            label(spec, ATTEMPT, "2");
        })
        .await;
        let strange = start(&|spec| {
            spec.labels.clear();
            label(spec, ATTEMPT, "2");
        })
        .await;

        let swept =
            sweep::sweep(&world.daemon, &world.instance, |labels| labels.get(ATTEMPT).is_some_and(|a| a == "2"));
        let swept = swept.await.unwrap();
        let removed: Vec<&str> = swept.removed.iter().map(|found| found.id.as_str()).collect();
        assert_eq!(removed, [over.as_str()]);
        for id in [&lives, &stays, &others, &strange] {
            assert_eq!(run::state(&world.daemon, id).await.unwrap(), None, "{id} runs on");
        }
        for id in [&others, &strange] {
            run::remove(&world.daemon, id).await.unwrap();
        }
        let error = sweep::sweep(&world.daemon, "", |_| true).await.unwrap_err();
        assert!(matches!(error, Error::Invalid { .. }), "{error}");
    });
}
