//! Steps of every type, with every parameter in every shape that may hold it, made from the catalogue alone: what is
//! new in the catalogue is in these tests without anybody adding it. The server's tests read this file too.

use super::catalog::{self, Param, ParamKind, Rule, StepType};

/// Where a parameter may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    Config,
    Parameters,
    /// `docker_config` or `k8s_config`.
    OwnKey,
    /// The same below `parameters`.
    OwnKeyInside,
    Step,
}

/// A parameter as a file gives it.
#[derive(Debug, Clone)]
pub(crate) struct Given {
    pub(crate) param: &'static Param,
    pub(crate) spelling: &'static str,
    pub(crate) place: Place,
    /// In flow style, so that it may stand anywhere.
    pub(crate) value: String,
}

impl Given {
    pub(crate) fn plain(param: &'static Param, value: String) -> Given {
        Given { param, spelling: param.key, place: Place::Config, value }
    }
}

/// The parameter's key and aliases.
pub(crate) fn spellings(param: &'static Param) -> Vec<&'static str> {
    std::iter::once(param.key).chain(param.aliases.iter().copied()).collect()
}

/// Where it may stand under this spelling.
pub(crate) fn places(kind: &StepType, spelling: &str) -> Vec<Place> {
    let mut places = vec![Place::Config, Place::Parameters];
    if kind.category.config_key().is_some() {
        places.extend([Place::OwnKey, Place::OwnKeyInside]);
    }
    if catalog::ON_STEP.contains(&spelling) {
        places.push(Place::Step);
    }
    places
}

/// Values that it takes, in all shapes of its kind.
pub(crate) fn values(param: &Param) -> Vec<String> {
    let mut values: Vec<String> = match param.kind {
        ParamKind::Text if param.format.is_some() => param.example.into_iter().map(str::to_owned).collect(),
        ParamKind::Text => owned(&["v1", "1.10", "true", "\"a: b # c\"", "'it''s 构建'", "\"-\""]),
        ParamKind::Multiline => owned(&["one", "\"a\\nb\\n\"", "\" a\\n\\n b\\n\\n\"", "0777"]),
        ParamKind::Code => owned(&["make test", "\"set -e\\necho 'a b' | cat\\n\"", "\"\\n\\ntrue\""]),
        ParamKind::Path => owned(&["a/b.yml", "./k8s", "'with blank/构建'"]),
        ParamKind::Name => owned(&["shop", "a-1.b"]),
        ParamKind::Reference => owned(&["production", "1", "'007'"]),
        ParamKind::Int { min, max } => vec![min.to_string(), max.to_string()],
        ParamKind::Bool => owned(&["true", "false"]),
        ParamKind::Duration => owned(&["30s", "60", "1m30s", "'90'"]),
        ParamKind::Choice(words) => owned(words),
        ParamKind::KindWord(_) => owned(&["deploy", "certificates.cert-manager.io"]),
        ParamKind::Words => owned(&["npm test", "[sh, -c, \"a  b\", 1]", "\"a 'b c' d\""]),
        ParamKind::TextList => owned(&["[a, '1', 2, true]", "a", "\"a,b\"", "[]"]),
        ParamKind::TextMap => owned(&["{ A: b, C: 1.10 }", "[{ key: A, value: b }]", "[A=b, 'C=d=e']", "{}"]),
        ParamKind::Ports => {
            owned(&["['8080:80']", "[{ host: 1, container: 2, protocol: tcp }]", "{ 80: 8080 }", "8080"])
        }
        ParamKind::Volumes => {
            owned(&["['./a:/b:ro']", "[{ host: data, container: /b, mode: ro }]", "{ ./a: /b }", "/a"])
        }
        ParamKind::Yaml => owned(&["{ a: { b: [1, 1.5, x, null] } }", "\"a: 1\\nb: [x]\\n\"", "{}"]),
        ParamKind::Manifests => owned(&[
            "{ apiVersion: v1, kind: ConfigMap, metadata: { name: x }, data: { a: '1' } }",
            "[{ apiVersion: v1, kind: Namespace, metadata: { name: x } }]",
            "\"apiVersion: v1\\nkind: X\\n---\\napiVersion: v1\\nkind: Y\\n\"",
        ]),
        ParamKind::Object(fields) => objects(fields),
        ParamKind::Objects(fields) => objects(fields).into_iter().map(|object| format!("[{object}]")).collect(),
    };
    // One of several lines stands where a block may.
    values.extend(param.example.filter(|example| !example.contains('\n')).map(str::to_owned));
    values.extend(param.format.and(param.default).map(str::to_owned));
    let takes_holes = matches!(param.kind, ParamKind::Text | ParamKind::Multiline | ParamKind::Code);
    if param.templated && takes_holes {
        values.push("\"{{ build_number }}\"".to_owned());
    }
    values
}

fn owned(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

/// One map for each value of each of its keys, with what must be there, and one with all of them.
fn objects(fields: &'static [Param]) -> Vec<String> {
    let required = |but: &str| fields.iter().filter(|field| field.required && field.key != but).collect::<Vec<_>>();
    let mut maps = Vec::new();
    for field in fields {
        for (at, value) in values(field).into_iter().enumerate() {
            let names = spellings(field);
            let mut pairs = vec![format!("{}: {value}", names[at % names.len()])];
            pairs.extend(required(field.key).iter().map(|other| format!("{}: {}", other.key, values(other)[0])));
            maps.push(format!("{{ {} }}", pairs.join(", ")));
        }
    }
    let all: Vec<String> = fields.iter().map(|field| format!("{}: {}", field.key, values(field)[0])).collect();
    maps.push(format!("{{ {} }}", all.join(", ")));
    maps
}

/// Takes away what cannot stand together and adds what must be there, in `config` under its own key.
pub(crate) fn complete(kind: &'static StepType, given: Vec<Given>) -> Vec<Given> {
    let mut kept: Vec<Given> = Vec::new();
    for one in given {
        let _ = admit(kind, &mut kept, one);
    }
    for param in kind.params.iter().filter(|param| param.required) {
        let _ = admit(kind, &mut kept, Given::plain(param, values(param)[0].clone()));
    }
    // No rule of the catalogue's: an image that names its registry needs no other.
    if kind.word == "docker_push" && !has(&kept, "registry") && !has(&kept, "registry_url") {
        let registry = kind.param("registry").expect("a push has one");
        let _ = admit(kind, &mut kept, Given::plain(registry, values(registry)[0].clone()));
    }
    for rule in kind.rules {
        let (Rule::OneOf(keys) | Rule::AnyOf(keys)) = rule else { continue };
        for key in *keys {
            if !keys.iter().any(|key| has(&kept, key)) {
                let param = kind.param(key).expect("rules speak of parameters");
                let _ = admit(kind, &mut kept, Given::plain(param, values(param)[0].clone()));
            }
        }
    }
    kept
}

fn has(kept: &[Given], key: &str) -> bool {
    kept.iter().any(|given| given.param.key == key)
}

/// Adds one with what it needs, or nothing where that cannot be.
fn admit(kind: &'static StepType, kept: &mut Vec<Given>, one: Given) -> Option<()> {
    let key = one.param.key;
    let clash = |a: &str, b: &str| (key == a && has(kept, b)) || (key == b && has(kept, a));
    let refused = has(kept, key)
        // Not more approvals than approvers: no rule of the catalogue's says so.
        || clash("approvers", "required")
        || kind.rules.iter().any(|rule| match rule {
            Rule::OneOf(keys) => keys.contains(&key) && keys.iter().any(|other| has(kept, other)),
            Rule::NotBoth(a, b) => clash(a, b),
            Rule::AnyOf(_) | Rule::Wins(_, _) | Rule::OnlyWith(_, _) => false,
        });
    if refused {
        return None;
    }
    let mut with = kept.clone();
    if let Some((other, words)) = one.param.show_when {
        match with.iter().find(|given| given.param.key == other) {
            Some(given) if words.contains(&given.value.as_str()) => {}
            Some(_) => return None,
            None => admit(kind, &mut with, Given::plain(kind.param(other)?, words[0].to_owned()))?,
        }
    }
    for rule in kind.rules {
        if let Rule::OnlyWith(a, b) = rule
            && *a == key
            && !has(&with, b)
        {
            let param = kind.param(b)?;
            admit(kind, &mut with, Given::plain(param, values(param)[0].clone()))?;
        }
    }
    // What it is shown by may have hidden what was there.
    let hidden = |given: &Given| {
        given.param.show_when.is_some_and(|(other, words)| other == key && !words.contains(&one.value.as_str()))
    };
    if with.iter().any(hidden) {
        return None;
    }
    with.push(one);
    *kept = with;
    Some(())
}

/// A step as an item of a list, each line indented by so many blanks.
pub(crate) fn step(name: &str, word: &str, kind: &StepType, given: &[Given], indent: usize) -> String {
    let at = |place: Place| given.iter().filter(move |one| one.place == place);
    let pair = |one: &Given, indent: usize| format!("{:indent$}{}: {}\n", "", one.spelling, one.value);
    let mut out = format!("{:indent$}- name: {name} # {}\n{:indent$}  type: {word}\n", "", kind.title, "");
    let inner = indent + 2;
    at(Place::Step).for_each(|one| out += &pair(one, inner));
    let own = kind.category.config_key().unwrap_or_default();
    for (place, key) in [(Place::Config, "config"), (Place::OwnKey, own)] {
        if at(place).next().is_some() {
            out += &format!("{:inner$}{key}:\n", "");
            at(place).for_each(|one| out += &pair(one, inner + 2));
        }
    }
    if at(Place::Parameters).chain(at(Place::OwnKeyInside)).next().is_some() {
        out += &format!("{:inner$}parameters:\n", "");
        at(Place::Parameters).for_each(|one| out += &pair(one, inner + 2));
        if at(Place::OwnKeyInside).next().is_some() {
            out += &format!("{:inner$}  {own}:\n", "");
            at(Place::OwnKeyInside).for_each(|one| out += &pair(one, inner + 4));
        }
    }
    out
}

/// A pipeline of random steps in a random shape; `pick(n)` is a random number below `n`.
pub(crate) fn pipeline(name: &str, pick: &mut dyn FnMut(usize) -> usize) -> String {
    let wrapped = pick(3) == 0;
    let staged = pick(3) == 0;
    let indent = if wrapped { 2 } else { 0 };
    let mut out = if wrapped { "# a wrapped one\npipeline:\n".to_owned() } else { String::new() };
    out +=
        &format!("{:indent$}name: {name}\n{:indent$}{}: hybrid # where\n", "", "", ["type", "execution_mode"][pick(2)]);
    out += &format!("{:indent$}variables: {{ docker_image: x, a: [1, '1.10', ~], 构建: x }}\n\n", "");
    out += &if staged { format!("{:indent$}stages:\n", "") } else { format!("{:indent$}steps:\n", "") };
    for number in 0..=pick(4) {
        let kind = &catalog::all()[pick(catalog::all().len())];
        let words: Vec<&str> = std::iter::once(kind.word).chain(kind.aliases.iter().copied()).collect();
        let mut given = Vec::new();
        for param in kind.params {
            let (values, names) = (values(param), spellings(param));
            let spelling = names[pick(names.len())];
            let places = places(kind, spelling);
            let (place, value) = (places[pick(places.len())], values[pick(values.len())].clone());
            if pick(2) == 0 {
                given.push(Given { param, spelling, place, value });
            }
        }
        let given = complete(kind, given);
        if staged {
            out += &format!("{:indent$}- name: stage {number}\n{:indent$}  steps:\n", "", "");
        }
        let depth = indent + if staged { 2 } else { 0 };
        out += &step(&format!("step {number}"), words[pick(words.len())], kind, &given, depth);
    }
    out
}
