# shellcheck shell=bash
# Sourced: what the tests need of the machine besides Rust. `needs` calls its argument with each: a name for the
# summary, the program, Debian's package.

needs() {
  "$1" postgres initdb postgresql
  "$1" ansible ansible-playbook ansible-core
  "$1" ssh ssh openssh-client
  "$1" sshd sshd openssh-server
  "$1" git git git
  "$1" browser chromium chromium
  "$1" fonts fc-list fonts-noto-cjk
  "$1" docker dockerd docker.io
  "$1" registry docker-registry docker-registry
  "$1" busybox busybox busybox-static
  "$1" htpasswd htpasswd apache2-utils
  "$1" openssl openssl openssl
  "$1" debootstrap debootstrap debootstrap
  "$1" python python3 python3-venv
  "$1" unzip unzip unzip
}

# Debian keeps PostgreSQL's server programs out of the path, where scripts/postgres.sh looks for them, and sshd where
# only root's path leads.
has() {
  case $1 in
    fc-list) compgen -G '/usr/share/fonts/*/*/NotoSansCJK*' >/dev/null ;;
    python3) python3 -c 'import venv, ensurepip' 2>/dev/null ;;
    initdb) compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null ;;
    *) command -v "$1" >/dev/null || [ -x "/usr/sbin/$1" ] ;;
  esac
}
