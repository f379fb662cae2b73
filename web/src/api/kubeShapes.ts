// The shapes that pages are built on are those that the server says: where they part, this file is no TypeScript.

import type * as K from '../lib/kubeApi'
import type { components } from './schema'

type Schemas = components['schemas']
type Fits<Given extends Wanted, Wanted> = [Given, Wanted]

/** What the server tells is all that a page reads. */
export type Told = [
  Fits<Schemas['ObjectPage'], K.ObjectPage>,
  Fits<Schemas['ObjectView'], K.ObjectView>,
  Fits<Schemas['EditResult'], K.EditResult>,
  Fits<Schemas['ObjectRevision'], K.ObjectRevision>,
  Fits<Schemas['ClusterOverview'], K.ClusterOverview>,
  Fits<Schemas['KindView'], K.KindView>,
  Fits<Schemas['ClusterView'], K.ClusterView>,
  Fits<Schemas['ClusterCheck'], K.ClusterCheck>,
]
/** What a page sends is what the server takes. */
export type Sent = [Fits<K.ClusterInput, Schemas['ClusterInput']>]
