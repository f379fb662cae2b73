//! Kubeconfigs that lead somewhere, say nothing, or are none: each is refused, and its sentence says how to do it right.

use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use super::{PAIR, base64, kubeconfig, told, with};
use crate::credentials::contexts;

fn token() -> Json {
    json!({ "token": "s3cr3t-token" })
}

/// Each refused one, with words that its sentence must have.
fn table() -> Vec<(&'static str, String, &'static [&'static str])> {
    let far = || json!({});
    let cert = || base64(&PAIR.cert);
    let key = || base64(&PAIR.key);
    let exec = |command: &str, more: Json| {
        let mut exec = json!({ "apiVersion": "client.authentication.k8s.io/v1", "command": command });
        exec.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        with(json!({}), json!({ "exec": exec }))
    };
    let text = |text: &str| told(text, None);
    let edited = |edit: fn(&mut Json)| {
        let mut tree = kubeconfig(&json!({}), &token());
        edit(&mut tree);
        told(&tree.to_string(), None)
    };
    vec![
        // Programs.
        (
            "exec",
            exec("aws", json!({})),
            &["`exec: aws` of user `robot` would run a program", "create token", "--allow-exec"],
        ),
        ("exec with a path", exec("/bin/touch", json!({})), &["`exec: /bin/touch`", "create token"]),
        ("exec relative", exec("./aws", json!({})), &["would run a program"]),
        ("exec climbing", exec("/usr/local/bin/../bin/aws", json!({})), &["would run a program"]),
        ("exec of the allowed one's name", exec("aws ", json!({})), &["would run a program"]),
        ("exec without a command", exec("", json!({})), &["names no `command`"]),
        ("exec sh", exec("sh", json!({ "args": ["-c", "touch /tmp/x"] })), &["would run a program"]),
        (
            "exec preloading",
            exec("/usr/local/bin/aws", json!({ "env": [{ "name": "LD_PRELOAD", "value": "/tmp/x.so" }] })),
            &["`LD_PRELOAD`", "may set AWS_PROFILE"],
        ),
        (
            "exec with a path of its own",
            exec("/usr/local/bin/aws", json!({ "env": [{ "name": "PATH", "value": "/tmp" }] })),
            &["`PATH`"],
        ),
        (
            "exec with a configuration",
            exec("/usr/local/bin/aws", json!({ "env": [{ "name": "AWS_CONFIG_FILE", "value": "/tmp/c" }] })),
            &["`AWS_CONFIG_FILE`"],
        ),
        (
            "exec with nameless variables",
            exec("/usr/local/bin/aws", json!({ "env": [{ "value": "x" }] })),
            &["sets ``"],
        ),
        ("exec with args that are none", exec("/usr/local/bin/aws", json!({ "args": "x" })), &["`args`", "no list"]),
        (
            "exec with env that is none",
            exec("/usr/local/bin/aws", json!({ "env": { "A": "b" } })),
            &["`env`", "no list"],
        ),
        (
            "exec beside a token",
            with(far(), json!({ "token": "s3cr3t-token", "exec": { "command": "/usr/local/bin/aws" } })),
            &["more than one"],
        ),
        ("exec that is a text", with(far(), json!({ "exec": "aws" })), &["names no `command`"]),
        (
            "auth-provider",
            with(far(), json!({ "auth-provider": { "name": "gcp", "config": { "cmd-path": "/bin/sh" } } })),
            &["`auth-provider: gcp`", "create token"],
        ),
        (
            "auth-provider beside a token",
            with(far(), json!({ "token": "s3cr3t-token", "auth-provider": { "name": "oidc" } })),
            &["`auth-provider: oidc`"],
        ),
        // Files.
        (
            "ca file",
            with(json!({ "certificate-authority": "/etc/ssl/ca.pem" }), token()),
            &[
                "`certificate-authority: /etc/ssl/ca.pem` of cluster `far` is a file",
                "`certificate-authority-data`",
                "base64 -w0",
            ],
        ),
        ("ca file climbing", with(json!({ "certificate-authority": "../../etc/shadow" }), token()), &["is a file"]),
        (
            "certificate file",
            with(far(), json!({ "client-certificate": "/etc/k8s/crt", "client-key-data": key() })),
            &["`client-certificate: /etc/k8s/crt`", "`client-certificate-data`"],
        ),
        (
            "key file",
            with(far(), json!({ "client-certificate-data": cert(), "client-key": "/etc/k8s/key" })),
            &["`client-key: /etc/k8s/key`", "`client-key-data`"],
        ),
        (
            "token file",
            with(far(), json!({ "tokenFile": "/var/run/secrets/token" })),
            &["`tokenFile: /var/run/secrets/token`", "into `token`"],
        ),
        (
            "token file beside a token",
            with(far(), json!({ "token": "s3cr3t-token", "tokenFile": "/proc/self/environ" })),
            &["`tokenFile: /proc/self/environ`"],
        ),
        (
            "file with a line break",
            with(json!({ "certificate-authority": "/a\nb" }), token()),
            &["`certificate-authority: /a\\nb`"],
        ),
        // Who one is.
        (
            "password",
            with(far(), json!({ "username": "admin", "password": "s3cr3t" })),
            &["signs in with a password", "create token"],
        ),
        ("user name alone", with(far(), json!({ "username": "admin" })), &["signs in with a password"]),
        ("nobody", with(far(), json!({})), &["has no credential", "create token"]),
        ("null user", edited(|tree| tree["users"][0]["user"] = Json::Null), &["has no credential"]),
        ("empty token", with(far(), json!({ "token": "" })), &["has no credential"]),
        (
            "unknown way",
            with(far(), json!({ "token": "s3cr3t-token", "spiffe": {} })),
            &["`spiffe`", "no way to be somebody"],
        ),
        (
            "as-user-extra",
            with(far(), json!({ "token": "s3cr3t-token", "as": "mona", "as-user-extra": { "a": ["b"] } })),
            &["not supported", "`as-groups`"],
        ),
        (
            "groups without a user",
            with(far(), json!({ "token": "s3cr3t-token", "as-groups": ["system:masters"] })),
            &["without `as`"],
        ),
        (
            "as with a header",
            with(far(), json!({ "token": "s3cr3t-token", "as": "mona\r\nX: y" })),
            &["no header can carry"],
        ),
        (
            "groups that are none",
            with(far(), json!({ "token": "s3cr3t-token", "as": "a", "as-groups": "b" })),
            &["no list"],
        ),
        ("token with a header", with(far(), json!({ "token": "s3cr3t\r\nX-A: b" })), &["several lines"]),
        ("token with its word", with(far(), json!({ "token": "Bearer s3cr3t" })), &["without `Bearer`"]),
        ("token in base64", with(far(), json!({ "token": base64("eyJh.s3cr3t.c") })), &["still Base64", "base64 -d"]),
        ("token beyond headers", with(far(), json!({ "token": "s3cr3t".repeat(4_000) })), &["16 KiB"]),
        ("token that is a map", with(far(), json!({ "token": { "s3cr3t": 1 } })), &["`token`", "no text"]),
        (
            "certificate without key",
            with(far(), json!({ "client-certificate-data": cert() })),
            &["without its key", "client-key-data"],
        ),
        ("key without certificate", with(far(), json!({ "client-key-data": key() })), &["without its certificate"]),
        (
            "two who differ",
            with(far(), json!({ "client-certificate-data": cert(), "client-key-data": base64(&PAIR.other) })),
            &["does not belong"],
        ),
        (
            "certificate and token",
            with(
                far(),
                json!({ "token": "s3cr3t-token", "client-certificate-data": cert(), "client-key-data": key() }),
            ),
            &["more than one"],
        ),
        (
            "certificate not in base64",
            with(far(), json!({ "client-certificate-data": PAIR.cert, "client-key-data": key() })),
            &["no Base64", "base64 -w0"],
        ),
        (
            "key as certificate",
            with(far(), json!({ "client-certificate-data": key(), "client-key-data": key() })),
            &["holds a private key"],
        ),
        (
            "certificate as key",
            with(far(), json!({ "client-certificate-data": cert(), "client-key-data": cert() })),
            &["this is a certificate"],
        ),
        (
            "locked key",
            with(
                far(),
                json!({ "client-certificate-data": cert(), "client-key-data": base64("-----BEGIN ENCRYPTED PRIVATE KEY-----\ns3cr3t\n") }),
            ),
            &["passphrase", "openssl pkey"],
        ),
        (
            "ca of nothing",
            with(json!({ "certificate-authority-data": base64("s3cr3t") }), token()),
            &["no certificate in PEM"],
        ),
        // Where it is.
        ("no server", with(json!({ "server": null }), token()), &["says no `server`"]),
        ("plain http", with(json!({ "server": "http://10.0.0.5:8080" }), token()), &["TLS only"]),
        ("server of a file", with(json!({ "server": "file:///etc/passwd" }), token()), &["no address"]),
        ("server with a password", with(json!({ "server": "https://a:s3cr3t@10.0.0.5" }), token()), &["must not hold"]),
        ("server that asks", with(json!({ "server": "https://10.0.0.5/?a=b" }), token()), &["question mark"]),
        ("server of unix", with(json!({ "server": "unix:///var/run/docker.sock" }), token()), &["server"]),
        ("port of nothing", with(json!({ "server": "https://10.0.0.5:99999" }), token()), &["port"]),
        ("proxy of nothing", with(json!({ "proxy-url": "file:///etc/passwd" }), token()), &["the proxy is no address"]),
        ("half a truth", with(json!({ "insecure-skip-tls-verify": "maybe" }), token()), &["neither true nor false"]),
        // Which of them.
        ("no context", edited(|tree| tree["current-context"] = json!("")), &["no current context", "`ci`, `other`"]),
        (
            "unknown context",
            edited(|tree| tree["current-context"] = json!("prod")),
            &["no context `prod`", "`ci`, `other`"],
        ),
        ("dangling cluster", edited(|tree| tree["current-context"] = json!("other")), &["names the cluster `gone`"]),
        (
            "dangling user",
            edited(|tree| tree["contexts"][0]["context"]["user"] = json!("who")),
            &["names the user `who`"],
        ),
        ("no user", edited(|tree| tree["contexts"][0]["context"]["user"] = Json::Null), &["names no user"]),
        (
            "two of one name",
            edited(|tree| tree["users"] = json!([tree["users"][0], tree["users"][0]])),
            &["`robot` twice"],
        ),
        ("contexts that are none", edited(|tree| tree["contexts"] = json!("ci")), &["no list"]),
        ("a cluster that is a list", edited(|tree| tree["clusters"][0]["cluster"] = json!([1])), &["no map"]),
        ("empty lists", edited(|tree| tree["contexts"] = json!([])), &["no contexts at all"]),
        // What it is.
        ("empty", text(""), &["cannot be read as YAML", "config view --raw"]),
        ("a word", text("s3cr3t"), &["no kubeconfig"]),
        ("a list", text("- s3cr3t"), &["no kubeconfig"]),
        ("a Secret", text("kind: Secret\nmetadata: {name: a}"), &["`Secret`, no kubeconfig"]),
        ("half a file", text("users: [{name: s3cr3t"), &["cannot be read as YAML: line 1"]),
        ("two documents", text("a: s3cr3t\n---\nb: 2\n"), &["cannot be read as YAML"]),
        ("a key twice", text("users: []\nusers: [s3cr3t]\n"), &["cannot be read as YAML: line 2"]),
        ("tags", text("users: !!python/object:os.system s3cr3t\n"), &["kubeconfig"]),
        ("zero bytes", text("a: \0s3cr3t"), &["cannot be read as YAML"]),
        ("too long", text(&format!("a: {}", "s3cr3t".repeat(200_000))), &["longer than 1 MiB"]),
    ]
}

#[test]
fn what_leads_out_of_a_kubeconfig_or_is_none_is_refused_with_how_to_do_it_right() {
    let table = table();
    assert!(table.len() >= 60, "{}", table.len());
    for (name, told, words) in table {
        for word in words {
            assert!(told.contains(word), "{name}: {told:?} does not say {word:?}");
        }
        assert!(!told.contains("s3cr3t"), "{name}: {told}");
        assert!(!told.contains('\n') && told.len() < 600, "{name}: {told}");
        // Never taken: only refusals begin with a field.
        let field = told.split(':').next().unwrap();
        assert!(
            ["text", "context", "token", "certificate", "key", "ca", "server", "proxy"].contains(&field),
            "{name}: {told}"
        );
    }
}

#[test]
fn a_program_that_a_kubeconfig_names_is_not_run() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("ran");
    for command in ["touch", "/usr/bin/touch", "/bin/touch"] {
        let user = json!({ "exec": { "command": command, "args": [file.display().to_string()] } });
        let told = with(json!({}), user);
        assert!(told.contains("would run a program"), "{told}");
    }
    assert!(!file.exists());
}

#[test]
fn bombs_end_soon_and_in_words() {
    let begun = Instant::now();
    let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..12 {
        laughs += &format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 10].join(", "));
    }
    let deep = format!("{}1{}", "[".repeat(50_000), "]".repeat(50_000));
    let own = "a: &a [*a]".to_owned();
    for text in [laughs, deep, own, "{".repeat(900_000), "- ".repeat(400_000), "&a ".repeat(300_000)] {
        let refused = told(&text, None);
        assert!(refused.starts_with("text: "), "{refused}");
        assert!(contexts(&text).is_err());
    }
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}
