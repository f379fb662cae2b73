//! Why a hole is refused, in words, and the way to do it.

/// A reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Why {
    /// In `` `…` ``.
    Backtick,
    /// In `$(( ))`, `(( ))`, `let`, `[[ a -eq b ]]`, or given to a variable that is a number.
    Arithmetic,
    /// In `name[…]`.
    Subscript,
    /// In `${ … }`.
    Expansion,
    /// After a `$`, as on GitHub.
    Dollar,
    /// After an unquoted backslash.
    Backslash,
    /// In the word after `<<`.
    Delimiter,
    /// In a here-document whose delimiter cannot be written without quotes.
    OddDelimiter,
    /// In a here-document that begins in `$( )` and does not end there, or is nested too deep.
    LostBody,
    /// In an argument that this command runs.
    Code(String),
    /// In what this command reads and runs.
    Fed(String),
    /// As a name that this command sets.
    Name(String),
    /// As the value of a variable that the shell, or what it starts, runs.
    Variable(String),
    /// As a value that `declare` reads as the words of an array.
    Array(String),
    /// As the host of `ssh`.
    Host,
    /// In a command with too many words that may be programs.
    Tangle,
    /// As the format of `printf`, with other values after it.
    Format,
}

impl Why {
    /// What is wrong; `hole` is the hole as it is written.
    pub(super) fn message(&self, hole: &str) -> String {
        let hole = brief(hole);
        match self {
            Why::Backtick => format!("`{hole}` stands inside backticks, which read their text twice"),
            Why::Arithmetic => format!("`{hole}` stands in arithmetic, where a shell runs what a value holds"),
            Why::Subscript => format!("`{hole}` stands in an array subscript, where a shell runs what a value holds"),
            Why::Expansion => format!("`{hole}` stands inside `${{…}}`, where it would be read as shell"),
            Why::Dollar => format!("`${hole}` has a `$` too many"),
            Why::Backslash => format!("a backslash stands directly before `{hole}`"),
            Why::Delimiter => format!("`{hole}` stands in the delimiter of a here-document"),
            Why::OddDelimiter => format!("`{hole}` stands in a here-document whose delimiter needs its quotes"),
            Why::LostBody => format!("`{hole}` stands in a here-document whose end is not where shells agree"),
            Why::Code(command) => format!("`{hole}` stands in an argument that `{command}` runs as code"),
            Why::Fed(command) => format!("`{hole}` reaches the standard input of `{command}`, which runs it as code"),
            Why::Name(command) => format!("`{hole}` is used as a name for `{command}`, which may run it"),
            Why::Variable(name) => format!("`{hole}` is given to `{name}`, whose value is run as code"),
            Why::Array(name) => format!("`{hole}` is given to the array `{name}`, whose value is read as shell"),
            Why::Host => format!("`{hole}` stands where `ssh` expects a host, and may be read as an option"),
            Why::Tangle => format!("`{hole}` stands in a command in which too many words may be the program"),
            Why::Format => format!("`{hole}` is the format of `printf`, which may set variables by it"),
        }
    }

    /// What to do instead.
    pub(super) fn help(&self, hole: &str) -> String {
        let hole = brief(hole);
        match self {
            Why::Backtick => "write `$( … )` instead of the backticks".to_owned(),
            Why::Arithmetic => {
                format!("compute with `expr {hole} + 1`, or compare with `[ {hole} -eq 1 ]`: both take data")
            }
            Why::Subscript => format!(
                "set `env: {{ NAME: \"{hole}\" }}` on the step and check \"$NAME\" before it is used as a subscript"
            ),
            Why::Expansion => format!("assign it first, `name={hole}`, and expand \"${{name}}\""),
            Why::Dollar => format!("write `{hole}` without the `$`"),
            Why::Backslash => format!("leave the backslash out, or put it in quotes: '\\'{hole}"),
            Why::Delimiter => "use a plain word such as `EOF` as the delimiter".to_owned(),
            Why::OddDelimiter => "use a plain word such as 'EOF' as the delimiter, letters and digits only".to_owned(),
            Why::LostBody => {
                "end the here-document on a line of its own before the `)`, and nest less deeply".to_owned()
            }
            Why::Code(command) => code_help(command, &hole),
            Why::Fed(command) => {
                format!(
                    "set `env: {{ NAME: \"{hole}\" }}` on the step and let the code that `{command}` reads use \"$NAME\", or pass it as an argument: `sh -c 'echo \"$1\"' _ {hole}`"
                )
            }
            Why::Name(command) => {
                format!("write the name out and give it the value: `{command} NAME={hole}`, or just `NAME={hole}`")
            }
            Why::Variable(name) => format!(
                "use another variable than `{name}`, or set `env: {{ NAME: \"{hole}\" }}` on the step and write \"$NAME\""
            ),
            Why::Array(_) => format!("write it as a list, `NAME=({hole})`, or use a plain assignment"),
            Why::Host => format!("write `user@{hole}`, or `--` before it: `ssh -- {hole}`"),
            Why::Tangle => format!("assign it first, `name={hole}`, and write \"$name\""),
            Why::Format => format!("write the format out: `printf '%s\\n' {hole}`"),
        }
    }
}

fn code_help(command: &str, hole: &str) -> String {
    let env = format!("set `env: {{ NAME: \"{hole}\" }}` on the step");
    let name = command.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    match name {
        "awk" | "gawk" | "mawk" | "nawk" => format!("pass it as a variable: `{command} -v x={hole} '… x …'`"),
        "sed" | "gsed" => format!("{env} and let awk replace it: `awk '{{ … ENVIRON[\"NAME\"] … }}'`"),
        "python" | "pypy" => format!("{env} and read os.environ[\"NAME\"] in the code"),
        "perl" => format!("{env} and read $ENV{{NAME}} in the code"),
        "ruby" => format!("{env} and read ENV[\"NAME\"] in the code"),
        "node" | "nodejs" | "bun" | "deno" => format!("{env} and read process.env.NAME in the code"),
        "ssh" | "autossh" => {
            format!("send it on the standard input: `printf '%s\\n' {hole} | {command} host 'read -r x; echo \"$x\"'`")
        }
        "trap" | "alias" => format!("{env} and write the code in single quotes with \"$NAME\" in it"),
        _ => format!(
            "pass it as an argument: `sh -c 'echo \"$1\"' _ {hole}`, or {env} and write \"$NAME\" in the code, in single quotes"
        ),
    }
}

/// Long holes are shown by their beginning.
fn brief(hole: &str) -> String {
    if hole.chars().count() <= 60 {
        hole.to_owned()
    } else {
        format!("{}… }}}}", hole.chars().take(50).collect::<String>())
    }
}
