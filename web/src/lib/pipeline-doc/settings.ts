// The settings that pipelines and steps have besides what the catalogue says, described the same way. Their words come
// from the language, not from here.

import type { Kind, Param } from './catalogue'

const NO_WORDS = { en: '', zh: '' }

function setting(label: string, kind: Kind, more: Partial<Param> = {}): Param {
  return {
    label,
    key: label.slice(label.indexOf('.') + 1),
    aliases: [],
    kind,
    required: false,
    default: null,
    priority: 5,
    templated: false,
    secret: false,
    title: NO_WORDS,
    help: NO_WORDS,
    example: null,
    inherits: null,
    on_step: [],
    show_when: null,
    choices: null,
    min: null,
    max: null,
    fields: null,
    ...more,
  }
}

const ENV = setting('common.env', 'text_map', { aliases: ['environment', 'environment_vars'], templated: true })
const TIMEOUT = setting('common.timeout', 'duration', { aliases: ['timeout_seconds'], example: '30m' })
const VALUED = ['branch_equals', 'branch_matches', 'environment_equals', 'expression']

const RETRY = [
  setting('retry.attempts', 'integer', { aliases: ['max_retries'], min: 1, max: 1000, default: '1', priority: 1 }),
  setting('retry.delay', 'duration', { aliases: ['retry_delay_seconds', 'delay_seconds'], example: '5s', priority: 1 }),
  setting('retry.backoff', 'choice', {
    aliases: ['backoff_strategy'],
    choices: ['fixed', 'linear', 'exponential'],
    default: 'fixed',
  }),
  setting('retry.max_delay', 'duration', { aliases: ['max_delay_seconds'], example: '1m' }),
  setting('retry.on', 'text_list', {
    choices: ['failed', 'timed_out', 'lost', 'broken'],
    example: '[failed, timed_out, broken]',
  }),
]

const APPROVAL = [
  setting('approval.approvers', 'text_list', { example: '[ops]', priority: 1 }),
  setting('approval.required', 'integer', {
    aliases: ['required_approvals'],
    min: 1,
    max: 10,
    default: '1',
    priority: 1,
  }),
  setting('approval.timeout', 'duration', { aliases: ['timeout_seconds'], example: '24h' }),
  setting('approval.message', 'multiline', { templated: true }),
]

export const SETTINGS = {
  pipeline: [
    setting('pipeline.name', 'text', { priority: 1 }),
    setting('pipeline.description', 'multiline', { priority: 1 }),
    setting('pipeline.type', 'choice', {
      aliases: ['execution_mode'],
      choices: ['local', 'remote', 'docker', 'kubernetes', 'hybrid'],
      default: 'local',
      priority: 1,
    }),
    setting('pipeline.image', 'text', {
      aliases: ['docker_image'],
      templated: true,
      example: 'node:22',
      priority: 1,
      show_when: { parameter: 'type', one_of: ['docker', 'kubernetes'] },
    }),
    TIMEOUT,
    { ...ENV, templated: true },
    setting('pipeline.triggers', 'objects', {
      fields: [
        setting('trigger.type', 'choice', {
          choices: ['webhook', 'schedule', 'manual', 'api'],
          required: true,
          priority: 1,
        }),
        setting('trigger.cron', 'text', {
          required: true,
          example: '0 3 * * *',
          show_when: { parameter: 'type', one_of: ['schedule'] },
        }),
        setting('trigger.timezone', 'text', {
          example: 'Asia/Shanghai',
          default: 'UTC',
          show_when: { parameter: 'type', one_of: ['schedule'] },
        }),
        setting('trigger.branches', 'text_list', {
          example: '[main]',
          show_when: { parameter: 'type', one_of: ['webhook'] },
        }),
        setting('trigger.paths', 'text_list', {
          example: '["src/**"]',
          show_when: { parameter: 'type', one_of: ['webhook'] },
        }),
      ],
    }),
  ],
  step: [
    setting('step.description', 'text'),
    setting('step.needs', 'text_list', { priority: 1 }),
    setting('step.parallel_group', 'text', { priority: 1 }),
    setting('step.when', 'text', { example: 'git_branch == "main"', priority: 1 }),
    setting('step.conditions', 'objects', {
      fields: [
        setting('condition.type', 'choice', {
          choices: [...VALUED, 'on_success', 'on_failure', 'always'],
          required: true,
          priority: 1,
        }),
        setting('condition.value', 'text', {
          aliases: ['expression'],
          required: true,
          show_when: { parameter: 'type', one_of: VALUED },
        }),
      ],
    }),
    setting('step.retry', 'object', { aliases: ['retry_policy'], fields: RETRY }),
    TIMEOUT,
    setting('step.approval', 'object', { fields: APPROVAL }),
    setting('step.continue_on_failure', 'boolean', { default: 'false' }),
    ENV,
    setting('step.working_directory', 'path', { templated: true, example: 'services/api' }),
    setting('step.artifacts', 'text_list', { example: '["target/*.tar.gz"]' }),
    setting('step.cache', 'objects', {
      fields: [
        setting('cache.key', 'text', { required: true, example: 'cargo' }),
        setting('cache.paths', 'text_list', { required: true, example: '[target]' }),
      ],
    }),
    setting('step.order', 'integer'),
  ],
  group: [
    setting('group.policy', 'choice', {
      aliases: ['sync_policy'],
      choices: ['wait_all', 'wait_any', 'fail_fast'],
      default: 'wait_all',
      priority: 1,
    }),
    { ...TIMEOUT, example: '10m' },
  ],
} satisfies Record<string, Param[]>
