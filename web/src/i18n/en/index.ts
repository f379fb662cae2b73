import { common } from './common'
import { pipelines } from './pipelines'
import { registries } from './registries'
import { runs } from './runs'
import { settings } from './settings'

export const en = { common, runs, pipelines, registries, settings }
