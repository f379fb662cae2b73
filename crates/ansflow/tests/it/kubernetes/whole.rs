//! The documents' pipelines from their first step to their last: an image is built, tested in a container and pushed by a real
//! daemon, and that very image is deployed, waited for, tested in a pod and scaled; and again, as an update. The cluster has
//! what the registry, or the daemon, has at that moment, and nothing else of that name.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value as Json, json};

use super::Far;
use super::story::{SEEDS, answering, container};
use crate::docker::dock::{Dock, PATH, Registry, image_files, image_program, with_daemon};
use crate::world::Ended;

const DOCKERFILE: &str = "ARG NODE_ENV
ARG VERSION
RUN echo \"$NODE_ENV $VERSION\" >/built
WORKDIR /app
";

/// In the container it says what was built there, and here that it builds.
const NPM: &str = "#!/bin/sh
built=nothing
[ ! -f /built ] || read -r built </built
echo \"npm $*: $built\"
";

/// What is said in pods of the tests.
const TESTED: &str = "Run Integration Tests";

impl Far {
    /// A workspace from which an image is built that nobody has built before.
    fn with_image(&self) {
        image_files(&self.world.workspace(), DOCKERFILE);
        image_program(&self.world.workspace(), "npm", &format!("{NPM}# {}\n", self.world.path().display()));
    }

    /// `ansflow run FILE` with JSON events, at this branch and commit.
    fn run_at(&self, dock: &Dock, at: [&str; 2], words: &[&str]) -> Ended {
        let [branch, commit] = [format!("git_branch={}", at[0]), format!("git_commit={}", at[1])];
        let given = ["run", "p.yml", "-o", "json", "--var", &branch, "--var", &commit];
        let mut command = self.world.command(&[&given[..], words].concat());
        dock.tell(&mut command);
        command.env("DOCKER_CONFIG", self.world.path().join("settings"));
        command.env("PATH", format!("{}:{PATH}", self.world.path().join("programs").display()));
        Ended::of(command)
    }

    /// The images of the pods that are ready, each once, as the cluster tells them.
    fn images(&self) -> Vec<String> {
        let pods = self.get("/api/v1/namespaces/development/pods?labelSelector=app%3Dmy-app");
        let all = pods["items"].as_array().unwrap().iter();
        let alive = all.filter(|pod| pod["metadata"]["deletionTimestamp"].is_null());
        let mut images: Vec<String> =
            alive.map(|pod| pod["status"]["containerStatuses"][0]["imageID"].as_str().unwrap().to_owned()).collect();
        images.sort();
        images.dedup();
        images
    }
}

#[test]
fn simulated_the_full_stack_of_the_documents_goes_from_the_build_to_the_scale_and_again_as_an_update() {
    with_daemon(|dock| {
        let far = Far::new();
        let Some(faults) = far.cluster.simulated() else { return };
        let (registry, _turn) = (Registry::start(), dock.my_turn());
        faults.registry(&registry.address, registry.looked_up());
        registry.sign_in(&far.world.path().join("settings"));
        answering(&far, "development");
        far.with_image();
        fs::copy(format!("{SEEDS}full-stack.yml"), far.world.workspace().join("p.yml")).unwrap();
        let here = format!("1={}", registry.address);
        let words = ["--cluster", "1=kubeconfig", "--registry", &here];

        let before = "Build Application Image success · Run Unit Tests success · Push to Registry success · \
                      Deploy to Development success · Wait for Deployment success · Run Integration Tests success";
        for (number, branch, commit) in [(1, "main", "4711abc"), (2, "main", "0815def"), (3, "topic", "0815def")] {
            let ended = far.run_at(dock, [branch, commit], &words);
            let (scaled, replicas) = if branch == "main" { ("success", 5) } else { ("skipped", 2) };
            let story = format!("{before} · Scale for Production {scaled} · run success");
            assert_eq!((ended.code, ended.story()), (0, story), "{ended:#?}");
            assert_eq!(ended.log("Run Unit Tests"), [format!("npm test: production {commit}")]);
            assert!(ended.log(TESTED).contains(&"5 passed".to_owned()), "{ended:#?}");

            let (pushed, tag) = (ended.finished("Push to Registry")["outputs"].clone(), number.to_string());
            assert_eq!(pushed["digest"], registry.digest(dock, "my-app", &tag));
            let deployment = far.get("/apis/apps/v1/namespaces/development/deployments/my-app");
            assert_eq!(container(&deployment)["image"], format!("{}/my-app:{number}", registry.address));
            let version = json!({ "name": "VERSION", "value": tag });
            assert!(container(&deployment)["env"].as_array().unwrap().contains(&version), "{deployment}");
            let status = &deployment["status"];
            assert_eq!((&status["readyReplicas"], &status["updatedReplicas"]), (&json!(replicas), &json!(replicas)));
            let digest = pushed["digest"].as_str().unwrap();
            assert_eq!(far.images(), [format!("{}/my-app@{digest}", registry.address)]);

            let outputs = &ended.finished("Deploy to Development")["outputs"];
            let counts = ["created", "changed", "unchanged"].map(|name| outputs[name].as_str().unwrap_or_default());
            assert_eq!(counts, if number == 1 { ["2", "0", "0"] } else { ["0", "1", "1"] }, "{outputs}");
            assert_eq!(outputs["revision"], tag, "{outputs}");
        }
        assert_eq!(far.world.processes(), []);
    });
}

#[test]
fn simulated_an_image_that_was_built_and_never_pushed_ends_the_deploy_with_that_cause() {
    with_daemon(|dock| {
        let far = Far::new();
        let Some(faults) = far.cluster.simulated() else { return };
        let (registry, _turn) = (Registry::start(), dock.my_turn());
        faults.registry(&registry.address, registry.looked_up());
        answering(&far, "development");
        far.with_image();
        let text = fs::read_to_string(format!("{SEEDS}full-stack.yml")).unwrap();
        let (build, deploy) = (text.split_once("    # 2. ").unwrap().0, text.split_once("    # 4. ").unwrap().1);
        let here = format!("docker_image: \"{}/my-app\"", registry.address);
        let build = build.replace("docker_image: \"my-app\"", &here);
        far.world.write("p.yml", format!("{build}    # 4. {deploy}"));
        let ended = far.run_at(dock, ["main", "4711abc"], &["--cluster", "1=kubeconfig"]);
        assert_eq!(ended.code, 1, "{ended:#?}");
        let verdict = ended.events().into_iter().find(|event| event["event"] == "verdict").unwrap();
        assert_eq!((&verdict["outcome"], &verdict["cause"]), (&json!("failed"), &json!("image_pull")), "{verdict}");
    });
}

#[test]
fn simulated_the_hybrid_pipeline_of_the_documents_deploys_its_manifests_with_the_image_that_it_built() {
    with_daemon(|dock| {
        let far = Far::new();
        let Some(faults) = far.cluster.simulated() else { return };
        let _turn = dock.my_turn();
        // As minikube does with the daemon that it shares.
        faults.registry("docker.io/library/my-app", dock.looked_up());
        answering(&far, "development");
        far.with_image();
        let npm = far.world.path().join("programs/npm");
        fs::create_dir(npm.parent().unwrap()).unwrap();
        fs::write(&npm, NPM).unwrap();
        fs::set_permissions(&npm, fs::Permissions::from_mode(0o755)).unwrap();
        fs::copy(format!("{SEEDS}hybrid-stages.yml"), far.world.workspace().join("p.yml")).unwrap();
        far.world.write("k8s/app.yml", MANIFESTS);
        far.world.write("k8s/settings.yaml", SETTINGS);

        let mut seen: Vec<Json> = Vec::new();
        for (number, commit) in [(1, "4711abc"), (2, "0815def")] {
            // Another commit has another program in its image.
            image_program(&far.world.workspace(), "npm", &format!("{NPM}# {commit} {}\n", far.world.path().display()));
            let ended = far.run_at(dock, ["main", commit], &["--cluster", "local-minikube=kubeconfig"]);
            let story = "构建代码 success · 构建镜像 success · 单元测试 success · 部署到 K8s success · 集成测试 success · run success";
            assert_eq!((ended.code, ended.story().as_str()), (0, story), "{ended:#?}");
            assert_eq!(ended.log("构建代码"), ["npm run build: nothing"]);
            assert!(ended.log("单元测试").iter().any(|line| line.starts_with("npm test:")), "{ended:#?}");
            assert!(ended.log("集成测试").contains(&"OK".to_owned()), "{ended:#?}");
            let outputs = &ended.finished("部署到 K8s")["outputs"];
            let counts = ["created", "changed", "unchanged"].map(|name| outputs[name].as_str().unwrap_or_default());
            assert_eq!(counts, if number == 1 { ["3", "0", "0"] } else { ["0", "1", "2"] }, "{outputs}");
            let deployment = far.get("/apis/apps/v1/namespaces/development/deployments/my-app");
            assert_eq!(container(&deployment)["image"], "my-app:latest");
            let images = far.images();
            assert_eq!(images.len(), 1, "{images:?}");
            assert_eq!(
                Some(images[0].as_str()),
                dock.looked_up()("docker.io/library/my-app:latest").as_deref().map(in_full).as_deref()
            );
            seen.push(images[0].clone().into());
        }
        assert_ne!(seen[0], seen[1], "the second commit's image is another one");
    });
}

fn in_full(digest: &str) -> String {
    format!("docker.io/library/my-app@{digest}")
}

const MANIFESTS: &str = "apiVersion: apps/v1
kind: Deployment
metadata: { name: my-app }
spec:
  replicas: 2
  selector: { matchLabels: { app: my-app } }
  template:
    metadata: { labels: { app: my-app } }
    spec:
      containers:
        - name: my-app
          image: '{{ docker_image }}'
          imagePullPolicy: IfNotPresent
          env: [{ name: COMMIT, value: '{{ git_commit }}' }]
---
apiVersion: v1
kind: Service
metadata: { name: my-app }
spec: { selector: { app: my-app }, ports: [{ port: 80 }] }
";

const SETTINGS: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { a: b }\n";
