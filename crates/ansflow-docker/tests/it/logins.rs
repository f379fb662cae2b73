//! The user's own logins, as their docker command keeps them.

use std::path::PathBuf;

use ansflow_docker::credentials::find;
use ansflow_docker::{Environment, Error, Login};
use tempfile::TempDir;

use crate::world::{block_on, program};

struct Home {
    dir: TempDir,
}

impl Home {
    fn with(config: &str) -> Home {
        let home = Home { dir: tempfile::tempdir().unwrap() };
        std::fs::write(home.path("config.json"), config).unwrap();
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn find(&self, host: &str) -> ansflow_docker::Result<Option<Login>> {
        let folder = self.dir.path().display().to_string();
        let environment = Environment::new([
            ("DOCKER_CONFIG".to_owned(), folder.clone()),
            ("PATH".to_owned(), format!("{folder}:/usr/bin:/bin")),
        ]);
        block_on(find(&environment, host))
    }
}

#[test]
fn logins_in_the_file_are_found_under_every_name_of_their_registry() {
    // user:pass:with:colons
    let home = Home::with(
        r#"{"auths":{"https://index.docker.io/v1/":{"auth":"dXNlcjpwYXNzOndpdGg6Y29sb25z"},
            "https://old.example/v2/":{"auth":"YTpi"},"r.example:5000":{"username":"u","password":"p"},
            "token.example":{"auth":"PHRva2VuPjo=","identitytoken":"idt"},"empty.example":{}}}"#,
    );
    let hub = Some(Login::new("user", "pass:with:colons"));
    for name in ["docker.io", "index.docker.io", "registry-1.docker.io"] {
        assert_eq!(home.find(name).unwrap(), hub, "{name}");
    }
    assert_eq!(home.find("old.example").unwrap(), Some(Login::new("a", "b")));
    assert_eq!(home.find("r.example:5000").unwrap(), Some(Login::new("u", "p")));
    assert!(
        matches!(home.find("token.example").unwrap(), Some(Login::IdentityToken(token)) if token.as_str() == "idt")
    );
    for name in ["r.example", "example", "empty.example", "evil-old.example"] {
        assert_eq!(home.find(name).unwrap(), None, "{name}");
    }
}

#[test]
fn a_helper_is_asked_by_its_protocol_and_before_the_file() {
    let home =
        Home::with(r#"{"auths":{"r.example":{"auth":"YTpi"}},"credsStore":"store","credHelpers":{"r.example":"own"}}"#);
    program(
        &home.path("docker-credential-own"),
        "#!/bin/sh\n[ \"$1\" = get ] || exit 9\nread -r url\nprintf '{\"ServerURL\":\"%s\",\"Username\":\"%s\",\"Secret\":\"s\"}' \"$url\" \"$url\"\n",
    );
    program(
        &home.path("docker-credential-store"),
        "#!/bin/sh\ncase $(cat) in\nhttps://index.docker.io/v1/) echo '{\"Username\":\"<token>\",\"Secret\":\"t\"}';;\n*) echo 'credentials not found in native keychain'; exit 1;;\nesac\n",
    );
    assert_eq!(home.find("r.example").unwrap(), Some(Login::new("r.example", "s")));
    assert!(matches!(home.find("docker.io").unwrap(), Some(Login::IdentityToken(token)) if token.as_str() == "t"));
    assert_eq!(home.find("unknown.example").unwrap(), None);
}

#[test]
fn a_helper_that_fails_is_named_and_its_words_are_not() {
    let failing = |script: Option<&str>| {
        let home = Home::with(r#"{"credsStore":"broken"}"#);
        if let Some(script) = script {
            program(&home.path("docker-credential-broken"), script);
        }
        let error = home.find("r.example").unwrap_err();
        assert!(matches!(error, Error::Credentials { .. }));
        assert!(error.to_string().contains("docker-credential-broken"), "{error}");
        assert!(!format!("{error} {error:?}").contains("secret-8812"), "{error:?}");
    };
    failing(None);
    failing(Some("#!/bin/sh\necho secret-8812; echo secret-8812 >&2; exit 3\n"));
    failing(Some("#!/bin/sh\necho '{\"Username\":\"u\",\"Secret\":\"secret-8812\"'\n"));
    failing(Some("#!/bin/sh\nhead -c 3000000 /dev/zero\n"));
}

#[test]
fn a_helper_whose_name_is_a_path_is_not_started() {
    for name in ["../evil", "x/../../evil", "/tmp/evil", "a b", "$(id)", "a;b"] {
        let home = Home::with(&format!(r#"{{"credsStore":"{name}"}}"#));
        let evil = format!("#!/bin/sh\ntouch {}\n", home.path("was-here").display());
        program(&home.path("evil"), &evil);
        program(&home.path("docker-credential-"), &evil);
        let error = home.find("r.example").unwrap_err();
        assert!(error.to_string().contains("may have letters, digits"), "{error}");
        assert!(!home.path("was-here").exists());
    }
}

#[test]
fn a_damaged_file_is_named_and_not_repeated() {
    for text in
        [r#"{"auths":{"r.example":{"auth":"secret-8812"}"#, r#"{"auths":{"r.example":{"auth":"c2VjcmV0LTg4MTI="}}}"#]
    {
        let home = Home::with(text);
        let error = home.find("r.example").unwrap_err();
        assert!(error.to_string().contains("config.json"), "{error}");
        for secret in ["secret-8812", "c2VjcmV0LTg4MTI"] {
            assert!(!format!("{error} {error:?}").contains(secret), "{error:?}");
        }
    }
    let shown = format!("{:?}", Login::new("u", "secret-8812"));
    assert!(!shown.contains("secret"), "{shown}");
}
