// The whole site on one page. Every page is loaded when it is first visited.

import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import { ApiProblem } from './api/client'
import * as queries from './api/queries'
import { AppLayout } from './components/layout/AppLayout'
import { NoPage, PageFailure } from './components/layout/PageFailure'
import { paths } from './lib/paths'
import * as places from './lib/places'
import { parseSearch, stringifySearch } from './lib/search'
import { PageSkeleton } from './ui/Skeletons'

interface Context {
  client: QueryClient
}

const root = createRootRouteWithContext<Context>()({ notFoundComponent: NoPage })

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: places.loginSearch,
  component: lazyRouteComponent(() => import('./pages/signin/LoginPage')),
})
const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('./pages/signin/SetupPage')),
})

/** Everything below needs somebody signed in. */
const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  component: AppLayout,
  notFoundComponent: NoPage,
  beforeLoad: async ({ context, location }) => {
    await context.client.ensureQueryData(queries.me).catch(async (error: unknown) => {
      if (!(error instanceof ApiProblem) || error.status !== 401) throw error
      const state = await context.client.fetchQuery(queries.authState)
      if (state.setup_required) throw redirect(paths.setup())
      throw redirect(paths.login({ next: location.pathname === '/' ? undefined : location.href }))
    })
  },
})
const page = <Path extends string>(path: Path) => ({ getParentRoute: () => app, path })

const dashboard = createRoute({
  ...page('/'),
  component: lazyRouteComponent(() => import('./pages/dashboard/DashboardPage')),
})
const pipelines = createRoute({
  ...page('/pipelines'),
  validateSearch: places.pipelinesSearch,
  component: lazyRouteComponent(() => import('./pages/pipelines/PipelinesPage')),
})
const newPipeline = createRoute({
  ...page('/pipelines/new'),
  validateSearch: places.editSearch,
  component: lazyRouteComponent(() => import('./pages/pipelines/NewPipelinePage')),
})
const pipeline = createRoute({
  ...page('/pipelines/$id'),
  validateSearch: places.pipelineSearch,
  component: lazyRouteComponent(() => import('./pages/pipelines/PipelinePage')),
})
const editPipeline = createRoute({
  ...page('/pipelines/$id/edit'),
  validateSearch: places.editSearch,
  component: lazyRouteComponent(() => import('./pages/pipelines/EditPipelinePage')),
})
const versions = createRoute({
  ...page('/pipelines/$id/versions'),
  validateSearch: places.versionsSearch,
  component: lazyRouteComponent(() => import('./pages/pipelines/VersionsPage')),
})
const runs = createRoute({
  ...page('/runs'),
  validateSearch: places.runsSearch,
  component: lazyRouteComponent(() => import('./pages/runs/RunsPage')),
})
const run = createRoute({
  ...page('/runs/$id'),
  validateSearch: places.runSearch,
  component: lazyRouteComponent(() => import('./pages/runs/RunPage')),
})
const triggers = createRoute({
  ...page('/triggers'),
  validateSearch: places.deliveriesSearch,
  component: lazyRouteComponent(() => import('./pages/triggers/TriggersPage')),
})
const notifications = createRoute({
  ...page('/notifications'),
  validateSearch: places.tabSearch,
  component: lazyRouteComponent(() => import('./pages/notifications/NotificationsPage')),
})
const registries = createRoute({
  ...page('/registries'),
  validateSearch: places.registriesSearch,
  component: lazyRouteComponent(() => import('./pages/registries/RegistriesPage')),
})
const registry = createRoute({
  ...page('/registries/$id'),
  validateSearch: places.registrySearch,
  component: lazyRouteComponent(() => import('./pages/registries/RegistryPage')),
})
const clusters = createRoute({
  ...page('/clusters'),
  component: lazyRouteComponent(() => import('./pages/clusters/ClustersPage')),
})
const newCluster = createRoute({
  ...page('/clusters/new'),
  component: lazyRouteComponent(() => import('./pages/clusters/NewClusterPage')),
})
const cluster = createRoute({
  ...page('/clusters/$id'),
  component: lazyRouteComponent(() => import('./pages/clusters/ClusterPage')),
})
const editCluster = createRoute({
  ...page('/clusters/$id/edit'),
  component: lazyRouteComponent(() => import('./pages/clusters/EditClusterPage')),
})
const objects = createRoute({
  ...page('/clusters/$id/objects/$kind'),
  validateSearch: places.objectsSearch,
  component: lazyRouteComponent(() => import('./pages/objects/ObjectsPage')),
})
const object = createRoute({
  ...page('/clusters/$id/objects/$kind/$ns/$name'),
  validateSearch: places.objectSearch,
  component: lazyRouteComponent(() => import('./pages/objects/ObjectPage')),
})
const createObjects = createRoute({
  ...page('/clusters/$id/create'),
  validateSearch: places.createSearch,
  component: lazyRouteComponent(() => import('./pages/objects/CreatePage')),
})
const audit = createRoute({
  ...page('/audit'),
  validateSearch: places.auditSearch,
  component: lazyRouteComponent(() => import('./pages/audit/AuditPage')),
})
const secrets = createRoute({
  ...page('/secrets'),
  validateSearch: places.tabSearch,
  component: lazyRouteComponent(() => import('./pages/secrets/SecretsPage')),
})
const account = createRoute({
  ...page('/account'),
  validateSearch: places.tabSearch,
  component: lazyRouteComponent(() => import('./pages/account/AccountPage')),
})
const settings = createRoute({
  ...page('/settings'),
  validateSearch: places.tabSearch,
  component: lazyRouteComponent(() => import('./pages/settings/SettingsPage')),
})

const tree = root.addChildren([
  login,
  setup,
  app.addChildren([
    dashboard,
    pipelines,
    newPipeline,
    pipeline,
    editPipeline,
    versions,
    runs,
    run,
    triggers,
    notifications,
    registries,
    registry,
    clusters,
    newCluster,
    cluster,
    editCluster,
    objects,
    object,
    createObjects,
    audit,
    secrets,
    account,
    settings,
  ]),
])

export function makeRouter(client: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { client },
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultPendingComponent: PageSkeleton,
    defaultErrorComponent: PageFailure,
    scrollRestoration: true,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}
