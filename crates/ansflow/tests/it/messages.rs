//! Steps that tell people, on a laptop.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use crate::world::{Ended, World};

/// Answers one request with 200: what it was.
fn receiver() -> (String, std::thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook/t0ken-t0ken", listener.local_addr().unwrap());
    let got = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let (mut request, mut buffer) = (String::new(), [0; 4096]);
        while !request.ends_with('}') {
            let count = stream.read(&mut buffer).unwrap();
            request.push_str(std::str::from_utf8(&buffer[..count]).unwrap());
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok").unwrap();
        request
    });
    (url, got)
}

#[test]
fn a_message_is_sent_from_here_and_its_address_is_in_nothing_that_is_stored_or_shown() {
    let (url, got) = receiver();
    let world = World::new();
    world.write(
        "p.yml",
        "steps:\n  - name: tell\n    type: notify\n    config: { channel: slack, webhook_url: '{{ secrets.HOOK }}', message: 'build {{ build_number }} is <out>' }\n",
    );
    let mut command = world.command(&["run", "p.yml", "-o", "json", "--secret", "HOOK"]);
    let ended = Ended::of({
        command.env("ANSFLOW_SECRET_HOOK", &url);
        command
    });
    assert_eq!((ended.code, ended.log("tell")), (0, vec!["ansflow: sent to 127.0.0.1".to_owned()]), "{ended:#?}");
    assert!(got.join().unwrap().contains("build 1 is &lt;out&gt;"));
    assert!(!ended.stdout.contains("t0ken") && !ended.stderr.contains("t0ken"), "{ended:#?}");
    let found = std::process::Command::new("grep").args(["-rlaF", "t0ken"]).arg(world.state()).output().unwrap();
    assert_eq!(String::from_utf8(found.stdout).unwrap(), "");
}

const MAIL: &str = "steps:\n  - {name: a, type: command, command: 'touch x'}\n  - {name: mail, type: notify, config: {channel: email, to: [ops@example.com]}, when: git_branch == 'main'}\n";

#[test]
fn mail_without_a_server_is_refused_before_anything_starts() {
    let world = World::new();
    let ended = world.run(MAIL, &["--var", "git_branch=main"]);
    assert_eq!(ended.code, 2, "{ended:#?}");
    assert!(
        ended.stderr.contains("step `mail` sends mail") && ended.stderr.contains("ANSFLOW_SMTP_URL="),
        "{}",
        ended.stderr
    );
    assert!(!world.workspace().join("x").exists() && world.runs().is_empty());
    let skipped = world.run(MAIL, &["--var", "git_branch=dev"]);
    assert_eq!(skipped.story(), "a success · mail skipped · run success");
}

#[test]
fn a_mail_server_that_cannot_be_read_is_not_repeated() {
    let world = World::new();
    world.write("p.yml", MAIL);
    let mut command = world.command(&["run", "p.yml", "--var", "git_branch=main"]);
    command.env("ANSFLOW_SMTP_URL", "smtps://ci:p4ssw0rd@mail.example.com");
    let ended = Ended::of(command);
    assert_eq!(ended.code, 2);
    assert!(
        ended.stderr.contains("does not say who the sender is") && !ended.stderr.contains("p4ss"),
        "{}",
        ended.stderr
    );
}

#[test]
fn a_mail_server_that_is_not_there_fails_the_step_without_its_password() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let world = World::new();
    world.write("p.yml", MAIL);
    let mut command = world.command(&["run", "p.yml", "-o", "json", "--var", "git_branch=main"]);
    command.env("ANSFLOW_SMTP_URL", format!("smtp://ci:p4ssw0rd@{free}?from=ci@example.com"));
    let ended = Ended::of(command);
    assert_eq!(ended.story(), "a success · mail failed · run failed", "{ended:#?}");
    let why = ended.finished("mail")["why"].as_str().unwrap().to_owned();
    assert!(why.starts_with(&format!("the mail server {free} could not be reached")), "{why}");
    assert!(!ended.stdout.contains("p4ss"), "{}", ended.stdout);
}
