#!/usr/bin/env python3
"""Kubernetes' own Python client against a cluster: what it does every day. A failure is an exception.

usage: client.py KUBECONFIG

Needs the package `kubernetes` (scripts/kube-tools.sh python).
"""
import faulthandler
import json
import sys

from kubernetes import client, config, dynamic, watch
from kubernetes.client.exceptions import ApiException
from kubernetes.stream import portforward, stream

NAMESPACE = "python"
SHELL = "echo ready; while true; do sleep 1; done"


def refused(status, reason, call, *args, **kwargs):
    """That a call is refused so."""
    try:
        call(*args, **kwargs)
    except ApiException as error:
        said = json.loads(error.body)
        assert (error.status, said["reason"]) == (status, reason), error
        return said
    raise AssertionError(f"{call} was not refused")


def pod(name, image, command=None):
    container = client.V1Container(name="app", image=image, command=command)
    metadata = client.V1ObjectMeta(name=name, labels={"app": name})
    return client.V1Pod(metadata=metadata, spec=client.V1PodSpec(containers=[container]))


def until_ready(core, name):
    """Lists, and watches from there."""
    listed = core.list_namespaced_pod(NAMESPACE, field_selector=f"metadata.name={name}")
    stream_of = watch.Watch()
    events = stream_of.stream(
        core.list_namespaced_pod, NAMESPACE, field_selector=f"metadata.name={name}",
        resource_version=listed.metadata.resource_version, timeout_seconds=30,
    )
    seen = listed.items[-1:]
    while not any(condition.type == "Ready" and condition.status == "True" for one in seen for condition in one.status.conditions or []):
        seen = [next(events)["object"]]
    stream_of.stop()


def writes(core):
    """Create, read, patch, replace, pages, delete, and refusals."""
    settings = client.V1ConfigMap(metadata=client.V1ObjectMeta(name="settings"), data={"a": "1"})
    made = core.create_namespaced_config_map(NAMESPACE, settings)
    assert made.metadata.uid
    refused(409, "AlreadyExists", core.create_namespaced_config_map, NAMESPACE, settings)
    patched = core.patch_namespaced_config_map("settings", NAMESPACE, {"data": {"b": "2"}})
    assert patched.data == {"a": "1", "b": "2"}, patched.data
    refused(409, "Conflict", core.replace_namespaced_config_map, "settings", NAMESPACE, made)
    patched.data = {"c": "3"}
    assert core.replace_namespaced_config_map("settings", NAMESPACE, patched).data == {"c": "3"}
    first = core.list_namespaced_config_map(NAMESPACE, limit=1)
    assert len(first.items) == 1 and first.metadata._continue
    rest = core.list_namespaced_config_map(NAMESPACE, limit=5, _continue=first.metadata._continue)
    names = {item.metadata.name for item in first.items + rest.items}
    assert names == {"settings", "kube-root-ca.crt"}, names
    assert core.delete_namespaced_config_map("settings", NAMESPACE).status == "Success"
    refused(404, "NotFound", core.read_namespaced_config_map, "settings", NAMESPACE)


def applies(api):
    """Server-side apply, with a conflict and by force."""
    deployments = dynamic.DynamicClient(api).resources.get(api_version="apps/v1", kind="Deployment")
    manifest = {
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": NAMESPACE},
        "spec": {
            "replicas": 2, "selector": {"matchLabels": {"app": "web"}},
            "template": {
                "metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "app", "image": "nginx:1.22"}]},
            },
        },
    }

    def apply(manager, **how):
        return deployments.server_side_apply(body=manifest, namespace=NAMESPACE, field_manager=manager, **how)

    assert apply("one").metadata.managedFields[0].manager == "one"
    manifest["spec"]["replicas"] = 1
    try:
        apply("two")
        raise AssertionError("there was no conflict")
    except dynamic.exceptions.ConflictError as error:
        assert b".spec.replicas" in error.body, error.body
    assert apply("two", force_conflicts=True).spec.replicas == 1
    events = deployments.watch(namespace=NAMESPACE, timeout=30)
    ready = next(event for event in events if (event["object"].status.availableReplicas or 0) == 1)
    assert ready["object"].status.observedGeneration, ready


def streams(core):
    """Exec, logs and a forwarded port."""
    core.create_namespaced_pod(NAMESPACE, pod("shell", "busybox:1.36", ["sh", "-c", SHELL]))
    core.create_namespaced_pod(NAMESPACE, pod("page", "nginx:1.22"))
    until_ready(core, "shell")
    until_ready(core, "page")
    execute = core.connect_get_namespaced_pod_exec
    assert stream(execute, "shell", NAMESPACE, command=["echo", "hello"], stdout=True, stderr=True) == "hello\n"
    run = stream(
        execute, "shell", NAMESPACE, command=["sh", "-c", "read x; echo got $x; echo bad >&2; exit 3"],
        stdin=True, stdout=True, stderr=True, _preload_content=False,
    )
    run.write_stdin("abc\n")
    run.run_forever(timeout=20)
    assert (run.read_stdout(), run.read_stderr(), run.returncode) == ("got abc\n", "bad\n", 3)
    assert core.read_namespaced_pod_log("shell", NAMESPACE) == "ready\n"
    lines = watch.Watch().stream(core.read_namespaced_pod_log, "shell", NAMESPACE, follow=True)
    assert next(lines) == "ready"
    forward = portforward(core.connect_get_namespaced_pod_portforward, "page", NAMESPACE, ports="80,81")
    assert b"200 OK" in fetched(forward.socket(80)) and not forward.error(80)
    assert forward.socket(81).recv(1) == b"" and "refused" in forward.error(81), forward.error(81)


def fetched(socket):
    socket.setblocking(True)
    socket.sendall(b"GET / HTTP/1.1\r\nHost: page\r\nConnection: close\r\n\r\n")
    answer = b""
    while piece := socket.recv(4096):
        answer += piece
    return answer


def tokens(core, configuration):
    """A token of an account is that account."""
    core.create_namespaced_service_account(NAMESPACE, client.V1ServiceAccount(metadata=client.V1ObjectMeta(name="robot")))
    asked = client.AuthenticationV1TokenRequest(spec=client.V1TokenRequestSpec(audiences=[], expiration_seconds=600))
    token = core.create_namespaced_service_account_token("robot", NAMESPACE, asked).status.token
    other = client.Configuration()
    other.host, other.ssl_ca_cert = configuration.host, configuration.ssl_ca_cert
    other.api_key = {"authorization": f"Bearer {token}"}
    reviews = client.AuthenticationV1Api(client.ApiClient(other))
    seen = reviews.create_self_subject_review(client.V1SelfSubjectReview()).status.user_info
    assert seen.username == f"system:serviceaccount:{NAMESPACE}:robot", seen


def main():
    # Who hangs says where.
    faulthandler.dump_traceback_later(60, exit=True)
    config.load_kube_config(sys.argv[1])
    api = client.ApiClient()
    core = client.CoreV1Api(api)
    version = client.VersionApi(api).get_code()
    assert version.major == "1", version
    core.create_namespace(client.V1Namespace(metadata=client.V1ObjectMeta(name=NAMESPACE)))
    accounts = watch.Watch().stream(core.list_namespaced_service_account, NAMESPACE, timeout_seconds=30)
    assert next(accounts)["object"].metadata.name == "default"
    bundles = watch.Watch().stream(core.list_namespaced_config_map, NAMESPACE, timeout_seconds=30)
    assert next(bundles)["object"].metadata.name == "kube-root-ca.crt"
    writes(core)
    applies(api)
    streams(core)
    tokens(core, api.configuration)
    core.delete_namespace(NAMESPACE)
    print("the Python client found nothing amiss")


main()
