import type { Registry } from '../quay/registry.ts'
import { knownReleases } from '../quay/release.ts'
import type { Build, Repository } from '../quay/repository-state.ts'
import { settingsOf } from '../quay/settings.ts'

const shownBuilds = 6
const shownLines = 40

/** The registry as on its own pages; of logs and images only as many as fit. */
export function summary(registry: Registry) {
  const { repositories, organizations, users, features, superusersFullAccess, state, robots } = registry
  const { release, scopes, adminOf, logsIn, redisAnswers } = settingsOf(registry)
  return {
    state,
    release,
    releases: knownReleases,
    superusersFullAccess,
    bot: { scopes, adminOf },
    logsIn,
    redisAnswers,
    repositories: repositories.map(shownRepository),
    organizations: organizations.map(({ name, teams }) => ({
      name,
      teams: teams.map(({ name: team, role, members, sync }) => ({ name: team, role, members, synced: sync?.service ?? null })),
    })),
    users: users.map(({ name, email, enabled, superuser }) => ({ name, email, enabled, superuser })),
    robots: robots.map(({ name }) => name),
    features: Object.keys(features).filter((name) => !features[name]),
  }
}

function shownRepository({ namespace, name, visibility, state, description, tags, builds }: Repository) {
  const alive = tags.filter(({ end }) => end === null)
  return {
    name: `${namespace}/${name}`,
    visibility,
    state,
    description,
    tags: alive.map((tag) => tag.name),
    builds: builds.slice(-shownBuilds).toReversed().map(shownBuild),
  }
}

function shownBuild({ uuid, phase, started, tags, manualUser, archiveUrl, logs }: Build) {
  const lines = logs.slice(-shownLines).map(({ message, type }) => ({ message, type: type ?? 'line' }))
  return { id: uuid, phase, started, tags, by: manualUser, archive: archiveUrl, lines }
}
