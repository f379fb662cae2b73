"""Generates a client from the server's OpenAPI document and works with nothing else: `client.py ADDRESS TOKEN FOLDER`."""
import importlib
import pathlib
import subprocess
import sys
import time
import urllib.request

address, token, folder = sys.argv[1:]
document = pathlib.Path(folder).with_suffix(".json")
document.write_bytes(urllib.request.urlopen(f"{address}/api/openapi.json").read())
subprocess.run(["openapi-python-client", "generate", "--path", str(document), "--meta", "none", "--output-path", folder], check=True)

sys.path.insert(0, str(pathlib.Path(folder).parent))
name = pathlib.Path(folder).name
api = importlib.import_module(name)
models = importlib.import_module(f"{name}.models")
client = api.AuthenticatedClient(base_url=address, token=token, raise_on_unexpected_status=True)


def call(tag, operation, **arguments):
    module = importlib.import_module(f"{name}.api.{tag}.{operation}")
    answer = module.sync_detailed(client=client, **arguments)
    assert 200 <= answer.status_code < 300, (operation, answer.status_code, answer.content)
    return answer.parsed


text = "name: stranger\nsteps:\n  - { name: hello, type: command, command: echo hello }\n"
made = call("pipelines", "create_pipeline", body=models.PipelineInput(text=text, note="by a generated client"))
run = call("runs", "run_pipeline", id=made.id, body=models.RunRequest())
for _ in range(200):
    view = call("runs", "get_run", id=run.id)
    if view.status not in ("queued", "running", "waiting"):
        break
    time.sleep(0.1)
assert view.status == "success", view.status
lines = call("logs", "log_lines", id=run.id, name="hello")
assert [line.text for line in lines.lines] == ["hello"], lines
assert any(item.name == "stranger" for item in call("pipelines", "list_pipelines").items)
call("pipelines", "delete_pipeline", id=made.id)

far = models.RegistryInput(name="stranger", kind=models.RegistryKind.PRIVATE, address="127.0.0.1:9", insecure=False, username="robot", password="p4ssw0rd")
kept = call("registries", "create_registry", body=far)
assert kept.has_password and "p4ssw0rd" not in str(kept.to_dict()), kept
check = call("registries", "test_registry", id=kept.id)
assert not check.ok and "nothing listens" in check.message, check
far.password, far.name = None, "renamed"
assert call("registries", "update_registry", id=kept.id, body=far, if_match="*").has_password
assert call("registries", "set_default_registry", id=kept.id).is_default
assert [one.name for one in call("registries", "list_registries").items if one.is_default] == ["renamed"]
call("registries", "delete_registry", id=kept.id)
print("the generated client has created, run, read and deleted a pipeline, and a registry")
