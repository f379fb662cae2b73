import { common } from './common'
import { pipelines } from './pipelines'
import { runs } from './runs'
import { settings } from './settings'

export const en = { common, runs, pipelines, settings }
