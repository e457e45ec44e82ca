import { shortId } from '../core/short-id.ts'

/** The kinds of objects that have a card. `image` is what a digest names. */
export type CardKind = 'repository' | 'namespace' | 'tag' | 'image' | 'robot' | 'team' | 'user' | 'build'

/**
 * Every kind of object: the noun of its commands, the command that shows its card, and those whose buttons come first on it. All
 * others that fit (objects.ts) follow by themselves: cards, rows of lists and next steps are drawn from this, and from nothing else.
 */
export const kinds: Record<CardKind, { noun: string; card: string; first: string[] }> = {
  repository: {
    noun: 'repo',
    card: 'repo show',
    first: ['tag list', 'scan show', 'build list', 'build start', 'permission grant', 'subscribe'],
  },
  namespace: {
    noun: 'org',
    card: 'org show',
    first: ['repo list', 'repo create', 'team list', 'robot list', 'robot create', 'org members'],
  },
  tag: { noun: 'tag', card: 'tag show', first: ['scan show', 'tag history', 'tag move', 'tag expire', 'tag delete'] },
  image: { noun: 'tag', card: 'tag show', first: [] },
  robot: { noun: 'robot', card: 'robot show', first: ['permission grant', 'robot rotate', 'robot delete'] },
  team: { noun: 'team', card: 'team members', first: ['team add', 'team remove', 'permission grant', 'team sync'] },
  user: {
    noun: 'user',
    card: 'user show',
    first: ['permission grant', 'team add', 'user reset-password', 'user disable', 'user enable'],
  },
  build: { noun: 'build', card: 'build show', first: ['build logs', 'build retry', 'build cancel'] },
}

/** An object by its names: of a tag the repository and the tag, of a team the namespace and the team. */
export interface Named {
  kind: CardKind
  namespace?: string | undefined
  /** `acme/web` */
  repository?: string | undefined
  tag?: string | undefined
  digest?: string | undefined
  team?: string | undefined
  robot?: string | undefined
  user?: string | undefined
  build?: string | undefined
}

/** The word that names the object, as it is typed behind `/quay` and carried by buttons: `acme/web:v1`, `@acme/developers`. */
export function wordOf({ kind, namespace, repository, tag, digest, team, robot, user, build }: Named): string {
  const words: Record<CardKind, string | undefined> = {
    repository,
    namespace,
    tag: `${repository}:${tag}`,
    image: `${repository}@${digest}`,
    robot,
    team: `@${namespace}/${team}`,
    // A Slack person is `@U024BE7LH` already.
    user: user?.startsWith('@') ? user : `@${user}`,
    build: `${repository}#${build}`,
  }
  return words[kind] ?? ''
}

/** The same as it is read: of an id and a digest as much as tells it from others. */
export function labelOf(object: Named): string {
  const { build, digest } = object
  return wordOf({ ...object, build: build && shortId(build), digest: digest?.slice(0, 19) })
}

/** What an object is part of; undefined for a namespace and a user. */
export function parentOf({ kind, namespace, repository, robot }: Named): Named | undefined {
  if (kind === 'repository') return { kind: 'namespace', namespace: repository?.split('/')[0] }
  if (kind === 'robot') return { kind: 'namespace', namespace: robot?.split('+')[0] }
  if (kind === 'team') return { kind: 'namespace', namespace }
  return repository === undefined ? undefined : { kind: 'repository', repository }
}

/** The command that shows an object, with its input. */
export interface ShownBy {
  name: string
  given: Record<string, unknown>
}

/** What opens the object's card. */
export function cardOf(object: Named): ShownBy {
  const { kind, namespace, repository, tag, digest, team, robot, user, build } = object
  const inputs: Record<CardKind, Record<string, unknown>> = {
    repository: { repository },
    namespace: { organization: namespace },
    tag: { repository, tag },
    image: { repository, tag: digest },
    robot: { robot },
    team: { organization: namespace, team },
    user: { user },
    build: { repository, build },
  }
  return { name: kinds[kind].card, given: inputs[kind] }
}
