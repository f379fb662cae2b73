//! The real `ansible-playbook` where it is installed, and what is said where it is not.

use ansflow_core::run::event::Report;
use ansflow_core::spec::{Ansible, StepSpec};

use crate::world::World;

const PLAYBOOK: &str = "
- hosts: all
  gather_facts: false
  tasks:
    - debug: { msg: 'greeting={{ greeting }}' }
    - assert: { that: number == 7 }
";

fn order(world: &World, number: u32) -> ansflow_engine::attempt::order::Order {
    world.write("site.yml", PLAYBOOK);
    world.order(StepSpec::Ansible(Ansible {
        playbook: "site.yml".into(),
        inventory: Some("localhost,".into()),
        extra_vars: serde_json::from_value(serde_json::json!({
            "greeting": "a b; $(id) \"q\"", "number": number, "ansible_connection": "local"
        }))
        .unwrap(),
        vault_password: Some("vault hunter2-hunter2".into()),
        ..Ansible::default()
    }))
}

pub(crate) fn is_installed() -> bool {
    std::process::Command::new("ansible-playbook").arg("--version").output().is_ok()
}

#[test]
fn values_reach_the_playbook_with_their_types() {
    let world = World::new();
    let report = world.run(&order(&world, 7)).report;
    if is_installed() {
        assert!(matches!(report, Report::Succeeded(_)), "{report:?} {}", world.log());
        assert!(world.log().contains(r#"greeting=a b; $(id) \"q\""#), "{}", world.log());
    } else {
        let Report::Broken { message } = report else { panic!("{report:?}") };
        assert!(message.contains("install Ansible"), "{message}");
    }
}

#[test]
fn a_failed_host_is_explained() {
    let world = World::new();
    let report = world.run(&order(&world, 8)).report;
    if is_installed() {
        let Report::Failed { exit_code, message } = report else { panic!("{report:?}") };
        assert_eq!((exit_code, message.rsplit(": ").next().unwrap()), (Some(2), "tasks failed on one or more hosts"));
    } else {
        assert!(matches!(report, Report::Broken { .. }));
    }
}
