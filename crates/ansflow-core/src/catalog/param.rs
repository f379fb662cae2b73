//! A parameter of a step: what it takes, and every word about it.

use super::Format;

/// A parameter of a step.
#[derive(Debug, Clone, Copy)]
pub struct Param {
    /// Its canonical key.
    pub key: &'static str,
    /// Other keys for it, from the first implementation. No two of its keys may be given at once.
    pub aliases: &'static [&'static str],
    /// What it takes.
    pub kind: ParamKind,
    /// It must be given, or be inherited where [`inherits`](field@Param::inherits) says so.
    pub required: bool,
    /// What holds where it is neither given nor inherited, as written in YAML.
    pub default: Option<&'static str>,
    /// Its name on a screen.
    pub title: &'static str,
    /// The same in Chinese.
    pub title_zh: &'static str,
    /// What it means.
    pub help: &'static str,
    /// The same in Chinese.
    pub help_zh: &'static str,
    /// 1 to 10; forms show small numbers first and may fold away large ones.
    pub priority: u8,
    /// It is shown only where that other parameter is given one of these values or has it by default; it is also shown
    /// where the other has neither value nor default. One that is given though not shown has no effect, which
    /// deserves a warning.
    pub show_when: Option<(&'static str, &'static [&'static str])>,
    /// Left out, its value comes from the nearest earlier step that has one, before any default.
    pub inherits: Option<Inherit>,
    /// A value for a placeholder, as written in YAML.
    pub example: Option<&'static str>,
    /// `{{ }}` may stand in it. False where the value must be known before anything runs.
    pub templated: bool,
    /// Its value is never shown; it should come from `{{ secrets.NAME }}`.
    pub secret: bool,
    /// For a [`ParamKind::Duration`]: at least and at most so many seconds.
    pub seconds: Option<(u64, u64)>,
    /// For a [`ParamKind::Text`]: what its text must be, besides one line.
    pub format: Option<Format>,
}

/// What a parameter takes.
///
/// Wherever a text is expected, a number or a Boolean is taken as its text as written. Wherever a number, a Boolean or
/// a duration is expected and the parameter is templated, a text with `{{ }}` is taken and judged when it is resolved.
#[derive(Debug, Clone, Copy)]
pub enum ParamKind {
    /// A text of one line.
    Text,
    /// A text of several lines.
    Multiline,
    /// A shell text; values arrive in it as data.
    Code,
    /// A path.
    Path,
    /// A name by the rules of Kubernetes.
    Name,
    /// A cluster or a registry, by name or id; a number is its text.
    Reference,
    /// A whole number.
    Int {
        /// At least.
        min: i64,
        /// At most.
        max: i64,
    },
    /// `true` or `false`.
    Bool,
    /// `90s`, `5m`, `1h30m`, or a number of seconds.
    Duration,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A kind of Kubernetes objects as people write it, such as `deploy`; these words are suggestions.
    KindWord(&'static [&'static str]),
    /// A command without a shell: one text that is split into words as a shell would split it, or a list of words.
    Words,
    /// A list of texts, or one text with commas in between.
    TextList,
    /// A map of texts, or a list of `{key, value}` or `KEY=VALUE`.
    TextMap,
    /// Ports of a container: a list of `{host, container, protocol?}`, of `HOST:CONTAINER` or of ports; one such text,
    /// with commas in between; or a map from the container's port to the host's.
    Ports,
    /// Volumes of a container: a list of `{host, container, mode?}` or of `HOST:CONTAINER[:ro|rw]`; one such text,
    /// with commas in between; or a map from the host's path to the container's.
    Volumes,
    /// A map or a list in place, or a YAML or JSON text of one.
    Yaml,
    /// Kubernetes objects: a map or a list in place, or a YAML or JSON text of one or more documents.
    Manifests,
    /// A map with these keys.
    Object(&'static [Param]),
    /// A list of maps with these keys.
    Objects(&'static [Param]),
}

impl ParamKind {
    /// The word of the JSON output.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            ParamKind::Text => "text",
            ParamKind::Multiline => "multiline",
            ParamKind::Code => "code",
            ParamKind::Path => "path",
            ParamKind::Name => "name",
            ParamKind::Reference => "reference",
            ParamKind::Int { .. } => "integer",
            ParamKind::Bool => "boolean",
            ParamKind::Duration => "duration",
            ParamKind::Choice(_) => "choice",
            ParamKind::KindWord(_) => "kind_word",
            ParamKind::Words => "words",
            ParamKind::TextList => "text_list",
            ParamKind::TextMap => "text_map",
            ParamKind::Ports => "ports",
            ParamKind::Volumes => "volumes",
            ParamKind::Yaml => "yaml",
            ParamKind::Manifests => "manifests",
            ParamKind::Object(_) => "object",
            ParamKind::Objects(_) => "objects",
        }
    }
}

/// What travels from step to step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Inherit {
    /// The cluster.
    Cluster,
    /// The namespace.
    Namespace,
    /// The name of the deployed object.
    ResourceName,
    /// The full reference of the image.
    Image,
    /// The image registry.
    Registry,
}

/// The parameter with this key or alias.
#[must_use]
pub fn named(params: &'static [Param], key: &str) -> Option<&'static Param> {
    params.iter().find(|param| param.key == key || param.aliases.contains(&key))
}

/// The words of the catalogue's entries, each read as half a sentence.
impl Param {
    pub(super) const fn new(key: &'static str, kind: ParamKind, title: &'static str, title_zh: &'static str) -> Self {
        Self {
            key,
            aliases: &[],
            kind,
            required: false,
            default: None,
            title,
            title_zh,
            help: "",
            help_zh: "",
            priority: 5,
            show_when: None,
            inherits: None,
            example: None,
            templated: true,
            secret: false,
            seconds: None,
            format: None,
        }
    }

    pub(super) const fn help(mut self, help: &'static str, help_zh: &'static str) -> Self {
        self.help = help;
        self.help_zh = help_zh;
        self
    }

    pub(super) const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    pub(super) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub(super) const fn default(mut self, default: &'static str) -> Self {
        self.default = Some(default);
        self
    }

    pub(super) const fn priority(mut self, priority: u8) -> Self {
        self.priority = priority;
        self
    }

    pub(super) const fn show_when(mut self, key: &'static str, values: &'static [&'static str]) -> Self {
        self.show_when = Some((key, values));
        self
    }

    pub(super) const fn inherits(mut self, what: Inherit) -> Self {
        self.inherits = Some(what);
        self
    }

    pub(super) const fn example(mut self, example: &'static str) -> Self {
        self.example = Some(example);
        self
    }

    pub(super) const fn fixed(mut self) -> Self {
        self.templated = false;
        self
    }

    pub(super) const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    pub(super) const fn seconds(mut self, min: u64, max: u64) -> Self {
        self.seconds = Some((min, max));
        self
    }

    pub(super) const fn format(mut self, format: Format) -> Self {
        self.format = Some(format);
        self
    }
}
