// What a new pipeline may start with.

export const TEMPLATES = ['shell', 'tests', 'approval', 'stages', 'nightly', 'image'] as const
export type Template = (typeof TEMPLATES)[number]

export const templateText: Record<Template, string> = {
  shell: `name: my-pipeline
steps:
  - name: hello
    type: command
    command: echo "hello from build {{ build_number }}"
`,
  tests: `name: my-tests
variables:
  repository: https://example.com/team/shop.git
  branch: main
triggers:
  - { type: webhook, branches: [main] }
steps:
  - name: code
    type: git
    config:
      url: "{{ repository }}"
      branch: "{{ branch }}"
  - name: lint
    type: command
    parallel_group: checks
    command: make lint
  - name: unit tests
    type: command
    parallel_group: checks
    command: make test
    timeout: 20m
    retry: { attempts: 2, delay: 5s }
    artifacts: ["reports/**"]
parallel_groups:
  checks: { policy: wait_all }
`,
  approval: `name: my-release
steps:
  - name: build
    type: command
    command: make build
    artifacts: ["dist/**"]
  - name: go live
    type: approval
    config:
      approvers: []
      message: Release build {{ build_number }}?
      timeout: 24h
  - name: release
    type: command
    when: git_branch == "main"
    command: make release
`,
  stages: `name: my-stages
stages:
  - name: build
    steps:
      - name: compile
        type: command
        command: make
  - name: test
    steps:
      - name: unit tests
        type: command
        command: make test
        parallel_group: tests
      - name: integration tests
        type: command
        command: make integration
        parallel_group: tests
  - name: release
    steps:
      - name: publish
        type: command
        command: make publish
        when: git_branch == "main"
`,
  nightly: `name: my-nightly
triggers:
  - { type: schedule, cron: "0 3 * * *", timezone: UTC }
timeout: 2h
steps:
  - name: nightly job
    type: script
    script: |
      make clean
      make all
  - name: tell the team
    type: notify
    conditions:
      - type: on_failure
    config:
      channel: slack
      webhook_url: "{{ secrets.SLACK_WEBHOOK }}"
      message: build {{ build_number }} has failed
`,
  image: `name: my-image
variables:
  repository: https://example.com/team/shop.git
  image: team/shop
steps:
  - name: code
    type: git
    config:
      url: "{{ repository }}"
  - name: image
    type: docker_build
    config:
      image: "{{ image }}"
      tag: "{{ build_number }}"
  - name: tests
    type: docker_run
    config:
      command: make test
  - name: push
    type: docker_push
    config:
      registry: default
`,
}
