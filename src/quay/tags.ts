import { z } from 'zod'
import { Failure } from '../core/failure.ts'
import { readPattern } from '../core/pattern.ts'
import { isoOf, isoOfSeconds } from './dates.ts'
import { call, done, find } from './http.ts'
import type { Page } from './pages.ts'
import type { Quay } from './registry.ts'

/** A tag, or in the history one of the times that it stood for something. */
export interface Tag {
  name: string
  /** `sha256:…` */
  digest: string
  /** Bytes, packed; undefined for an image of several platforms. */
  size: number | undefined
  platforms: 'one' | 'several'
  /** ISO: when it came to stand for this digest. */
  since: string | undefined
  /** ISO: when it stopped, or will; undefined: it has no end. */
  until: string | undefined
  /** It came back from the history. */
  restored: boolean
  immutable: boolean
}

const tag = z
  .object({
    name: z.string(),
    manifest_digest: z.string(),
    size: z.number().nullish(),
    is_manifest_list: z.boolean().default(false),
    start_ts: z.number().nullish(),
    end_ts: z.number().nullish(),
    reversion: z.boolean().default(false),
    immutable: z.boolean().default(false),
  })
  .transform(
    (read): Tag => ({
      name: read.name,
      digest: read.manifest_digest,
      size: read.size ?? undefined,
      platforms: read.is_manifest_list ? 'several' : 'one',
      since: isoOfSeconds(read.start_ts),
      until: isoOfSeconds(read.end_ts),
      restored: read.reversion,
      immutable: read.immutable,
    }),
  )

const tags = z.object({ tags: z.array(tag), page: z.number(), has_additional: z.boolean() })

const all = '/repository/{repository}/tag/'
const one = '/repository/{repository}/tag/{tag}'

/** `next`: what the page before said. `limit`: 1 to 100. `like`: a part of the name. */
interface Asked {
  next?: string | undefined
  limit?: number | undefined
  like?: string | undefined
}

/** The tags there are now, newest first. */
export function listTags(quay: Quay, repository: string, asked: Asked = {}): Promise<Page<'tags', Tag>> {
  return pageOfTags(quay, repository, { onlyActiveTags: true, filter_tag_name: asked.like && `like:${asked.like}` }, asked)
}

/** Everything that tags stood for, of one tag or of all, as far back as Quay keeps it. */
export function listTagHistory(
  quay: Quay,
  repository: string,
  asked: Omit<Asked, 'like'> & { tag?: string | undefined } = {},
): Promise<Page<'tags', Tag>> {
  return pageOfTags(quay, repository, { specificTag: asked.tag }, asked)
}

async function pageOfTags(
  quay: Quay,
  repository: string,
  query: Record<string, string | boolean | undefined>,
  { next, limit = 20 }: Asked,
) {
  // Pages are numbered, so all pages of a list are as long as its first.
  const [page = 1, size = next === undefined ? limit : 20] = (next ?? '').split('/').filter(Boolean).map(Number)
  const answer = await call(quay, {
    method: 'GET',
    path: all,
    params: { repository },
    query: { ...query, page, limit: size },
    response: tags,
  })
  return { tags: answer.tags, next: answer.has_additional ? `${page + 1}/${size}` : undefined }
}

/** The tag as it is now; undefined when there is none. */
export async function findTag(quay: Quay, repository: string, name: string): Promise<Tag | undefined> {
  const found = await find(quay, { path: all, params: { repository }, query: { specificTag: name, onlyActiveTags: true }, response: tags })
  return found?.tags[0]
}

/** The tag as it is now, which has to be there. Not found: it is not. */
export async function readTag(quay: Quay, repository: string, tag: string): Promise<Tag> {
  const found = await findTag(quay, repository, tag)
  if (!found) throw new Failure('not_found', '{repository} has no tag {tag}.', { repository, tag })
  return found
}

/** Pulls, where the registry counts them; undefined where it does not, or without such a tag. */
export function findTagPulls(
  quay: Quay,
  repository: string,
  name: string,
): Promise<{ pulls: number; last: string | undefined } | undefined> {
  const response = z
    .object({ tag_pull_count: z.number(), last_tag_pull_date: z.string().nullish() })
    .transform((read) => ({ pulls: read.tag_pull_count, last: isoOf(read.last_tag_pull_date) }))
  return find(quay, { path: '/repository/{repository}/tag/{tag}/pull_statistics', params: { repository, tag: name }, response })
}

async function change(quay: Quay, repository: string, name: string, body: object) {
  await call(quay, { method: 'PUT', path: one, params: { repository, tag: name }, body, assume: undefined, response: done })
}

/** Lets the tag stand for the digest, also a new one. Not found: no such image. Conflict: the tag is immutable. Invalid: its name. */
export async function moveTag(quay: Quay, repository: string, name: string, digest: string): Promise<void> {
  await change(quay, repository, name, { manifest_digest: digest })
}

/** `until`: ISO, within `endsBetween`; undefined takes the end away. Invalid: in the past. Not found: no such tag. */
export async function expireTag(quay: Quay, repository: string, name: string, until: string | undefined): Promise<void> {
  // In one call with a digest Quay would lose it (recorded: oci-tag-put-both).
  await change(quay, repository, name, { expiration: until === undefined ? null : Math.floor(Date.parse(until) / 1000) })
}

// Quay's LABELED_EXPIRATION_MAXIMUM, which a registry may set lower, and its shortest life.
const longestLife = 104 * 7 * 86_400_000
const shortestLife = 3_600_000

/**
 * The first and the last moment (milliseconds) at which Quay lets this tag end. It counts its life from when the tag came to stand
 * for its image, and cuts what is longer or shorter without a word: a tag of three years ends a year ago, and is gone.
 */
export function endsBetween({ since }: Pick<Tag, 'since'>): { first: number; last: number } {
  const start = Date.parse(since ?? '')
  return { first: start + shortestLife, last: start + longestLife }
}

/** Whether the tag may be moved and deleted. Making it mutable again needs admin. */
export async function setTagImmutability(quay: Quay, repository: string, name: string, state: 'immutable' | 'mutable'): Promise<void> {
  await change(quay, repository, name, { immutable: state === 'immutable' })
}

/** Deletes the tag; it stays in the history for a while. Not found: there is none. Conflict: it is immutable, or the repository read-only. */
export async function deleteTag(quay: Quay, repository: string, name: string): Promise<void> {
  await call(quay, { method: 'DELETE', path: one, params: { repository, tag: name }, assume: undefined, response: done })
}

/** Lets the tag stand again for something in its history. Not found: its history has no such digest. */
export async function restoreTag(quay: Quay, repository: string, name: string, digest: string): Promise<void> {
  const path = '/repository/{repository}/tag/{tag}/restore'
  await call(quay, {
    method: 'POST',
    path,
    params: { repository, tag: name },
    body: { manifest_digest: digest },
    assume: undefined,
    response: done,
  })
}

/** Whether a pattern of a policy is about the tag; undefined for one that only Quay can read: then nothing can be foretold. */
export function isLike(pattern: string, name: string): boolean | undefined {
  const read = readPattern(pattern)
  return 'test' in read ? read.test(name.slice(0, longestTag)) : undefined
}

const longestTag = 128
