import { audit } from './audit'
import { common } from './common'
import { kube } from './kube'
import { pipelines } from './pipelines'
import { registries } from './registries'
import { runs } from './runs'
import { settings } from './settings'

export const zh = { audit, common, kube, runs, pipelines, registries, settings }
