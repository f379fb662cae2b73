# shellcheck shell=bash
# Sourced: what the tests need of the machine besides Rust. `needs` calls its argument with each: a name for the
# summary, the program, Debian's package.

needs() {
  "$1" postgres initdb postgresql
  "$1" ansible ansible-playbook ansible-core
  "$1" ssh ssh openssh-client
  "$1" sshd sshd openssh-server
  "$1" git git git
}

# Debian keeps PostgreSQL's server programs out of the path, where scripts/postgres.sh looks for them, and sshd where
# only root's path leads.
has() {
  case $1 in
    initdb) compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null ;;
    *) command -v "$1" >/dev/null || [ -x "/usr/sbin/$1" ] ;;
  esac
}
