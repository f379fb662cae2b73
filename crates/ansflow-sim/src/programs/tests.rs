//! Images that nobody knows, and servers under shells.

use super::start;
use crate::program::{Exit, Signal, Start};
use crate::shell::bench::{BEGAN, Bench};
use crate::shell::files::ContainerFiles;

fn bench(image: &str, command: &[&str], always: bool) -> Bench {
    let command = command.iter().map(|word| (*word).to_owned()).collect();
    let begin = Start { image: image.into(), command, restarts_always: always, now: BEGAN, ..Start::default() };
    let files = ContainerFiles::new(image, "web-0", None, BEGAN);
    Bench::new(start(begin.into(), None, &files).unwrap(), files)
}

#[test]
fn an_image_that_nobody_knows_serves_or_succeeds() {
    for command in [&[][..], &["/app/server"], &["java", "-jar", "app.jar"], &["sh", "-c", "exec python app.py"]] {
        let mut service = bench("team/web:1", command, true);
        assert_eq!(service.run(60), None, "{command:?}");
        assert!(
            service.program.listens(8080) && service.program.http("/ready", service.now) == Some(200),
            "{command:?}"
        );
        service.signal(Signal::Term);
        assert_eq!(service.run(1), Some(Exit { code: 0, oom: false }), "{command:?}");
        let mut task = bench("team/web:1", command, false);
        assert_eq!(task.run(60), Some(Exit { code: 0, oom: false }), "{command:?}");
    }
}

#[test]
fn a_server_under_a_shell_with_a_trap_does_not_hear_the_signal() {
    for (script, ends) in [
        ("exec nginx -g 'daemon off;'", true),
        ("nginx -g 'daemon off;'", true),
        ("trap 'echo bye' TERM; nginx -g 'daemon off;'", false),
        ("trap 'exit 0' TERM; nginx -g 'daemon off;' & wait", true),
    ] {
        let mut web = bench("nginx:1.22", &["sh", "-c", script], true);
        assert_eq!(web.run(5), None, "{script}");
        assert!(web.program.listens(80), "{script}");
        web.signal(Signal::Term);
        assert_eq!(web.run(5).is_some(), ends, "{script}");
    }
}
