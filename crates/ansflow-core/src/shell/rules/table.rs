//! The programs that run text, by name.

/// How a program's words are judged.
#[derive(Debug, Clone, Copy)]
pub(super) enum Rule {
    /// All words are data, whatever they look like.
    Data,
    /// Not in the table.
    Other,
    /// Every word is code.
    Code,
    /// Every word is code, and so is what it reads.
    CodeAndInput,
    /// Only what it reads is code.
    Input,
    /// Every word is arithmetic.
    Let,
    /// Words are names to be set, except after these options.
    Names(&'static str),
    /// Words are names or assignments.
    Declare,
    /// `test` and `[`
    Test,
    /// `[[`
    Condition,
    Printf,
    /// `.`
    Source,
    /// `sh -c CODE name args`
    Shell,
    /// `python -c CODE args`
    Interpreter(&'static Interpreter),
    PowerShell,
    /// `su -c CODE` in any order
    Flags(&'static Flags),
    Awk,
    Sed,
    Sqlite,
    Ssh,
    Find,
    Xargs,
    Container,
    /// Starts the command in its words, after so many words of its own.
    Wrapper(usize),
}

/// A language whose program may stand on the command line. Short options are letters that may be written together.
#[derive(Debug)]
pub(super) struct Interpreter {
    /// The next word, or the rest of this one, is code.
    pub(super) code: &'static str,
    /// The rest of this word, or else the next one, is a value.
    pub(super) value: &'static str,
    /// The rest of this word is a value.
    pub(super) glued: &'static str,
    /// Long options of code.
    pub(super) long: &'static [&'static str],
    /// The next word names a module; all after it is data.
    pub(super) module: &'static str,
}

/// Options whose values are code, wherever they stand.
#[derive(Debug)]
pub(super) struct Flags {
    pub(super) short: &'static str,
    pub(super) long: &'static [&'static str],
    /// Whether it runs what it reads.
    pub(super) input: bool,
    /// Whether it may also start the command in its words, after so many of its own.
    pub(super) starts: Option<usize>,
}

const PYTHON: Interpreter = Interpreter { code: "c", value: "WX", glued: "", long: &[], module: "m" };
const PERL: Interpreter = Interpreter { code: "eE", value: "I", glued: "MmFDdxCi0l", long: &[], module: "" };
const RUBY: Interpreter = Interpreter { code: "e", value: "CEIr", glued: "FKxiWT0", long: &[], module: "" };
const NODE: Interpreter = Interpreter { code: "ep", value: "rC", glued: "", long: &["--eval", "--print"], module: "" };
const PHP: Interpreter = Interpreter {
    code: "rBRE",
    value: "dczSt",
    glued: "",
    long: &["--run", "--process-begin", "--process-code", "--process-end"],
    module: "",
};
const LUA: Interpreter = Interpreter { code: "e", value: "l", glued: "", long: &[], module: "" };
const OTHER_E: Interpreter =
    Interpreter { code: "eE", value: "", glued: "", long: &["--eval", "--print", "--eval-file"], module: "" };
const TCL: Interpreter = Interpreter { code: "c", value: "", glued: "", long: &[], module: "" };

const fn flags(short: &'static str, long: &'static [&'static str], input: bool, starts: Option<usize>) -> Flags {
    Flags { short, long, input, starts }
}
const SU: Flags = flags("c", &["--command", "--session-command"], true, None);
const FLOCK: Flags = flags("c", &["--command"], false, Some(1));
const SCRIPT: Flags = flags("c", &["--command"], true, None);
const COMMAND: Flags = flags("", &["--command", "--run"], false, None);
const NPM: Flags = flags("c", &["--call"], false, Some(0));
const ANSIBLE: Flags = flags("a", &["--args"], false, None);
const PSQL: Flags = flags("c", &["--command"], true, None);
const MYSQL: Flags = flags("e", &["--execute", "--init-command"], true, None);

/// The rule of a program, by the last part of its path.
pub(super) fn rule(name: &str) -> Rule {
    // `python3.11`, `lua5.4`
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-'));
    match name {
        "echo" | ":" | "true" | "false" | "cd" | "mkdir" | "cp" | "mv" | "rm" | "ls" | "cat" | "grep" => Rule::Data,
        "eval" | "trap" | "alias" | "watch" | "complete" | "compgen" | "bind" | "fc" => Rule::Code,
        "parallel" | "sem" | "at" | "batch" => Rule::CodeAndInput,
        "crontab" | "ed" | "ex" | "vi" | "vim" | "sftp" | "ftp" | "lftp" | "gdb" | "expect" => Rule::Input,
        "let" => Rule::Let,
        "export" | "readonly" | "declare" | "typeset" | "local" => Rule::Declare,
        "unset" | "mapfile" | "readarray" => Rule::Names(""),
        "read" => Rule::Names("dinNptu"),
        "getopts" | "wait" => Rule::Names("*"),
        "test" | "[" => Rule::Test,
        "[[" => Rule::Condition,
        "printf" => Rule::Printf,
        "source" | "" => Rule::Source,
        "sh" | "bash" | "dash" | "ash" | "zsh" | "ksh" | "mksh" | "pdksh" | "rbash" | "yash" | "posh" | "hush"
        | "fish" | "csh" | "tcsh" => Rule::Shell,
        "python" | "pypy" => Rule::Interpreter(&PYTHON),
        "perl" | "raku" => Rule::Interpreter(&PERL),
        "ruby" | "jruby" => Rule::Interpreter(&RUBY),
        "node" | "nodejs" | "bun" => Rule::Interpreter(&NODE),
        "php" => Rule::Interpreter(&PHP),
        "lua" | "luajit" => Rule::Interpreter(&LUA),
        "Rscript" | "R" | "julia" | "groovy" | "scala" | "elixir" | "osascript" | "ghc" | "swift" => {
            Rule::Interpreter(&OTHER_E)
        }
        "tclsh" | "wish" => Rule::Interpreter(&TCL),
        "pwsh" | "powershell" => Rule::PowerShell,
        "su" | "runuser" | "sg" => Rule::Flags(&SU),
        "flock" => Rule::Flags(&FLOCK),
        "script" => Rule::Flags(&SCRIPT),
        "nix-shell" | "gcloud" | "vagrant" => Rule::Flags(&COMMAND),
        "npm" | "npx" | "pnpm" | "yarn" => Rule::Flags(&NPM),
        "ansible" => Rule::Flags(&ANSIBLE),
        "psql" => Rule::Flags(&PSQL),
        "mysql" | "mariadb" => Rule::Flags(&MYSQL),
        "sqlite" => Rule::Sqlite,
        "awk" | "gawk" | "mawk" | "nawk" | "original-awk" => Rule::Awk,
        "sed" | "gsed" | "ssed" => Rule::Sed,
        "ssh" | "autossh" | "slogin" => Rule::Ssh,
        "find" | "gfind" => Rule::Find,
        "xargs" | "gxargs" => Rule::Xargs,
        "docker" | "podman" | "nerdctl" | "docker-compose" | "podman-compose" | "kubectl" | "oc" | "lxc" | "crictl" => {
            Rule::Container
        }
        "env" | "sudo" | "doas" | "nohup" | "exec" | "command" | "builtin" | "nice" | "ionice" | "time" | "setsid"
        | "stdbuf" | "strace" | "ltrace" | "busybox" | "toybox" | "setpriv" | "dumb-init" | "tini" | "unshare"
        | "nsenter" | "systemd-run" | "sshpass" | "unbuffer" | "xvfb-run" | "fakeroot" | "prlimit" | "setarch"
        | "caffeinate" | "bwrap" | "firejail" | "proot" | "cgexec" | "numactl" | "entr" | "poetry" | "pipenv"
        | "uv" | "bundle" | "conda" | "mise" | "asdf" | "winpty" => Rule::Wrapper(0),
        "timeout" | "gtimeout" | "chroot" | "gosu" | "su-exec" | "taskset" | "chrt" | "faketime" | "softlimit"
        | "setuidgid" | "chpst" | "envdir" => Rule::Wrapper(1),
        _ => Rule::Other,
    }
}
