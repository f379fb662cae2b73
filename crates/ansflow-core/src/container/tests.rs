//! Ports, volumes, limits and names, in every shape that people write.

use serde_json::{Value as Json, json};

use super::endpoints::{Endpoint, elements};
use super::{Mount, MountSource, Port, Protocol, limits, name, platform};

fn read<E: Endpoint>(value: &Json) -> Result<Vec<E>, String> {
    let as_is = |text: &str| Ok(text.to_owned());
    let one = |element: &Json| match element {
        Json::Object(map) => E::of_map(map, &as_is),
        element => E::of_text(element.as_str().expect("a text or a map"), &as_is),
    };
    elements::<E>(value)?.iter().map(one).collect()
}

fn ports(value: &Json) -> String {
    let shown = |port: &Port| {
        let address = port.address.map(|address| format!("{address} ")).unwrap_or_default();
        let host = port.host.map_or("any".to_owned(), |host| host.to_string());
        format!("{address}{host}->{}/{}", port.container, port.protocol.as_str())
    };
    read::<Port>(value).map_or_else(|why| why, |ports| ports.iter().map(shown).collect::<Vec<_>>().join(" "))
}

fn mounts(value: &Json) -> String {
    let shown = |mount: &Mount| {
        let source = match &mount.source {
            MountSource::Path(path) => path.clone(),
            MountSource::Volume(name) => format!("volume {name}"),
            MountSource::Anonymous => "new".to_owned(),
        };
        format!("{source}->{}{}", mount.target, if mount.read_only { " ro" } else { "" })
    };
    read::<Mount>(value).map_or_else(|why| why, |mounts| mounts.iter().map(shown).collect::<Vec<_>>().join(" | "))
}

#[test]
fn ports_are_read_in_every_shape() {
    for same in [
        json!("8080:80, 443:443"),
        json!(["8080:80", "443:443/tcp"]),
        json!([{ "host": 8080, "container": 80 }, { "host_port": "443", "container_port": 443, "protocol": "TCP" }]),
        json!({ "80": 8080, "443/tcp": "443" }),
    ] {
        assert_eq!(ports(&same), "8080->80/tcp 443->443/tcp", "{same}");
    }
    assert_eq!(ports(&json!(80)), "any->80/tcp");
    assert_eq!(ports(&json!({ "host": 1, "container": 2, "protocol": "udp" })), "1->2/udp");
    assert_eq!(ports(&json!(["127.0.0.1:8080:80", "[::1]:1:2/sctp"])), "127.0.0.1 8080->80/tcp ::1 1->2/sctp");
    assert_eq!((ports(&json!([])), ports(&json!({})), ports(&Json::Null)), Default::default());
    assert_eq!(Protocol::default(), Protocol::Tcp);
}

#[test]
fn what_is_no_port_is_named() {
    for (value, why) in [
        (json!("0:80"), "`0` is no port; a port is a number from 1 to 65535"),
        (json!("8080:65536"), "`65536` is no port; a port is a number from 1 to 65535"),
        (json!("+1:80"), "`+1` is no port; a port is a number from 1 to 65535"),
        (json!("80 --privileged"), "`80 --privileged` is no port; a port is a number from 1 to 65535"),
        (json!("8000-8010:80"), "`8000-8010` is a range; write each port by itself"),
        (json!("1:2:3:4"), "`1:2:3:4` has too many colons; write `HOST:CONTAINER`"),
        (json!("example.com:1:2"), "`example.com` is no address of the host"),
        (json!("1:2/http"), "`http` is no protocol; write `tcp` or `udp`"),
        (json!([{ "host": 1 }]), "has no `container`, the port inside"),
        (
            json!([{ "host": 1, "container": 2, "x": 3 }]),
            "has no key `x`; known keys: host, container, protocol, address",
        ),
        (json!([{ "container": 2, "target": 3 }]), "gives `container` twice"),
        (json!([[1]]), "must be a text or a map"),
        (json!([{ "container": [1] }]), "`container` must be a text"),
    ] {
        assert_eq!(ports(&value), why, "{value}");
    }
}

#[test]
fn volumes_are_read_in_every_shape() {
    for same in [
        json!("./a:/a:ro, cache:/c"),
        json!(["./a:/a:ro", "cache:/c:rw"]),
        json!([{ "host": "./a", "container": "/a", "mode": "ro" }, { "source": "cache", "target": "/c" }]),
        json!([{ "host": "./a", "container": "/a", "read_only": true }, { "volume": "cache", "bind": "/c", "mode": "rw" }]),
        json!({ "./a": "/a:ro", "cache": "/c" }),
        json!({ "./a": { "bind": "/a", "mode": "ro" }, "cache": { "bind": "/c", "mode": "rw" } }),
    ] {
        assert_eq!(mounts(&same), "./a->/a ro | volume cache->/c", "{same}");
    }
    assert_eq!(
        mounts(&json!(["/data", "sub/dir:/x", ".:/w/./y//", "/:/host"])),
        "new->/data | sub/dir->/x | .->/w/y | /->/host"
    );
}

#[test]
fn what_is_no_volume_is_named() {
    for (value, why) in [
        (json!("./a:/a:rx"), "`rx` is no mode of a volume; write `ro` or `rw`"),
        (json!("./a:/a:ro,z"), "`z` is no absolute path of the container; it begins with `/`"),
        (json!("./a:a"), "`a` is no absolute path of the container; it begins with `/`"),
        (json!("./a:/"), "`/` is the whole tree of the container, and nothing can be mounted over it"),
        (json!("./a:/b/../../etc"), "`/b/../../etc` has `..` in it, and a path of the container has none"),
        (json!("a:b:c:d"), "`a:b:c:d` has too many colons; write `HOST:CONTAINER:MODE`"),
        (json!("$PWD/a:/a"), "`$PWD/a` is for a shell, and none reads it; write `./…`, or `{{ working_directory }}/…`"),
        (json!("~:/a"), "`~` is for a shell, and none reads it; write `./…`, or `{{ working_directory }}/…`"),
        (json!("数据:/a"), "`数据` is neither a path nor a name of a volume; write `./数据` for a directory"),
        (json!([{ "host": "./a" }]), "has no `container`, the path inside"),
        (
            json!([{ "host": "./a", "container": "/a", "mode": "ro", "read_only": false }]),
            "has both `mode` and `read_only`; keep one",
        ),
        (json!({ "./a": 1 }), "`./a` must lead to a path of the container"),
    ] {
        assert_eq!(mounts(&value), why, "{value}");
    }
}

#[test]
fn a_value_makes_no_two_parts_of_one() {
    let evil = |text: &str| Ok(text.replace("HOLE", "/etc:/x:rw"));
    let read = Mount::of_text("./a:HOLE:ro", &evil);
    assert_eq!(read.unwrap_err(), "`/etc:/x:rw` is no absolute path of the container; it begins with `/`");
    let Ok(read) = Mount::of_text("./HOLE:/x:ro", &evil) else { panic!("a path may hold a colon") };
    assert_eq!(read, Mount { source: MountSource::Path(".//etc:/x:rw".into()), target: "/x".into(), read_only: true });
    assert!(Port::of_text("HOLE:80", &|_| Ok("1:2".to_owned())).is_err());
}

#[test]
fn limits_are_read_as_people_write_them() {
    let memory = |text: &str| limits::memory(text).map_or_else(|misfit| misfit.to_string(), |bytes| bytes.to_string());
    for (text, bytes) in [
        ("512m", "536870912"),
        ("512M", "536870912"),
        ("512Mi", "536870912"),
        ("512 MiB", "536870912"),
        ("1.5g", "1610612736"),
        ("6291456", "6291456"),
        ("8192kb", "8388608"),
    ] {
        assert_eq!(memory(text), bytes, "{text}");
    }
    assert_eq!(
        memory("512"),
        "`512` is 512 bytes, and no container starts with less than 6m; write `512m` for mebibytes"
    );
    for wrong in
        ["", "m", "-5m", "1e9", "5 x", "0x10m", "1.m", ".5g", "99999999999999999999g", "9999999t", "512m; id", "١m"]
    {
        assert!(limits::memory(wrong).is_err(), "{wrong}");
    }
    for (text, nano) in [("1.5", 1_500_000_000), ("2", 2_000_000_000), ("0.01", 10_000_000), ("500m", 500_000_000)] {
        assert_eq!(limits::nano_cpus(text), Ok(nano), "{text}");
    }
    for wrong in ["", "0", "0.001", "-1", "1,5", "two", "1001", "1.5 cpus", "1.5.2"] {
        assert!(limits::nano_cpus(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn names_are_what_docker_takes_and_no_options() {
    for right in ["test-db", "a1", "A.b_c"] {
        assert!(name::container(right).is_ok() && name::network(right).is_ok(), "{right}");
    }
    assert!(name::network("container:test-db").is_ok());
    for wrong in ["", "a", "-rm", ".x", "a b", "a/b", "a\nb", "名字", &"a".repeat(200)] {
        assert!(name::container(wrong).is_err() && name::network(wrong).is_err(), "{wrong}");
    }
    for right in ["root", "1000", "1000:1000", "node:staff"] {
        assert!(name::user(right).is_ok(), "{right}");
    }
    for wrong in ["", ":", "1000:", "-u", "a b", "a:b:c", "a:-b", "root\n"] {
        assert!(name::user(wrong).is_err(), "{wrong}");
    }
    for right in ["linux/amd64", "linux/arm/v7", "windows/amd64"] {
        assert!(platform::check(right).is_ok(), "{right}");
    }
    for wrong in [
        "",
        "linux",
        "amd64",
        "linux/",
        "linux/amd64/v1/x",
        "Linux/amd64",
        "linux/amd64,linux/arm64",
        "--platform/x",
        "beos/x86",
    ] {
        assert!(platform::check(wrong).is_err(), "{wrong}");
    }
}
