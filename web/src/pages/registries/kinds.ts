import type { RegistryKind } from '../../api/types'

export const KINDS: RegistryKind[] = ['private', 'harbor', 'dockerhub', 'ecr', 'gcr', 'acr']

/** What an address of each kind looks like. Docker Hub has one address only. */
export const ADDRESSES: Record<Exclude<RegistryKind, 'dockerhub'>, string> = {
  private: 'registry.example.com:5000/team',
  harbor: 'harbor.example.com',
  ecr: '123456789012.dkr.ecr.eu-central-1.amazonaws.com',
  gcr: 'europe-docker.pkg.dev/project/repository',
  acr: 'example.azurecr.io',
}

/** User names that are the same for everybody. */
export const USERS: Partial<Record<RegistryKind, string>> = { ecr: 'AWS', gcr: '_json_key' }
