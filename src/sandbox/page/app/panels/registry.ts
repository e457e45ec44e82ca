import { isFinal } from '../../../../quay/build-phase.ts'

export interface Build {
  id: string
  phase: string
  started: number
  tags: string[]
  by: string | null
  archive: string | null
  lines: { message: string; type: string }[]
}

export interface Repository {
  name: string
  visibility: string
  state: string
  description: string
  tags: string[]
  builds: Build[]
}

/** The answer of GET /_control/registry. */
export interface Registry {
  release: string
  releases: string[]
  superusersFullAccess: boolean
  bot: { scopes: string[]; adminOf: string[] }
  logsIn: string
  redisAnswers: boolean
  repositories: Repository[]
  organizations: { name: string; teams: { name: string; role: string; members: string[]; synced: string | null }[] }[]
  users: { name: string; superuser: boolean; enabled: boolean }[]
}

export const isRunning = ({ phase }: Build) => !isFinal(phase)
