import { z } from 'zod'
import { credential } from '../core/credential.ts'
import { duration, secondsOf } from '../core/durations.ts'
import { fieldProblem } from '../core/field-problem.ts'
import type { Translate } from '../core/i18n.ts'
import { externalRepository } from '../quay/external-reference.ts'
import type { Mirror, MirrorChange } from '../quay/mirrors.ts'
import { code, fields, link, type Message, message, moment, note, section } from '../slack/blocks.ts'
import { codes } from '../slack/views/codes.ts'
import { durationText } from '../slack/views/duration.ts'
import { storedNote } from '../slack/views/stored.ts'

const text = () => z.string().trim().min(1).max(500)
const proxy = () =>
  text()
    .refine((value) => !/@/.test(value), 'must not hold a user and password')
    .optional()
    .meta({ advanced: true })

/** Settings of a mirror, for its creation and for later changes. */
export const mirrorFields = {
  external_reference: externalRepository.describe('What to mirror, as registry/namespace/name: quay.io/minio/mc'),
  tags: z.array(text()).min(1).describe('Which tags, with commas and stars: latest,v3.*'),
  interval: z.string().regex(duration, 'must be a time like 10m, 6h or 1d').meta({ time: 'duration' }).describe('How often: 10m, 6h, 1d'),
  start: z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, 'must be in UTC and look like 2026-11-23T07:00:00Z')
    .refine((value) => !Number.isNaN(Date.parse(value)), 'is no date')
    .optional()
    .meta({ time: 'moment' })
    .describe('When the first run begins, in UTC: 2026-11-23T07:00:00Z; now when left out'),
  robot: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]*\+[a-z0-9][a-z0-9._-]*$/, 'must be a robot, like acme+mirror')
    .optional()
    .meta({ of: 'robot', in: 'repository' }),
  enabled: z.boolean().optional().describe('Whether it runs by itself; yes when left out'),
  username: text().optional().meta({ advanced: true }).describe('Who signs in at the other registry'),
  password: text().optional().meta({ advanced: true, secret: true }).describe('Their password; it needs the username'),
  verify_tls: z.boolean().optional().meta({ advanced: true }).describe('Whether the other registry’s certificate is checked'),
  unsigned_images: z.boolean().optional().meta({ advanced: true }).describe('Whether images without a signature are taken'),
  http_proxy: proxy().describe('The proxy for http'),
  https_proxy: proxy().describe('The proxy for https'),
  no_proxy: text().optional().meta({ advanced: true }).describe('Hosts that are reached without the proxy, with commas'),
  timeout: z.number().int().min(300).max(86_400).optional().meta({ advanced: true }).describe('Seconds that a run may take; 300 or more'),
}

type Given = { [Name in keyof typeof mirrorFields]?: z.output<(typeof mirrorFields)[Name]> | undefined }

/** Quay takes a password only together with the username (recorded: mirror-put-password-only). */
export function checkPassword({ username, password }: Given) {
  if (password !== undefined && username === undefined) throw fieldProblem('username', 'A password needs the username beside it.')
}

/** The given values in the form that Quay's client takes. */
export function mirrorChange(given: Given): MirrorChange {
  const { http_proxy: http, https_proxy: https, no_proxy: none } = given
  const proxied = http !== undefined || https !== undefined || none !== undefined
  return {
    reference: given.external_reference,
    tags: given.tags,
    interval: given.interval === undefined ? undefined : secondsOf(given.interval),
    start: given.start,
    robot: given.robot,
    enabled: given.enabled,
    username: given.username,
    password: given.password === undefined ? undefined : credential().parse(given.password),
    verifyTls: given.verify_tls,
    unsignedImages: given.unsigned_images,
    timeout: given.timeout,
    ...(proxied && { proxy: { http, https, none } }),
  }
}

/** The mirror that a dry run shows instead of creating one. */
export function plannedMirror(given: Given & { external_reference: string; tags: string[]; interval: string }, robot: string): Mirror {
  const { external_reference: reference, tags, interval, start = '', username, enabled = true, timeout } = given
  const rest = { verifyTls: given.verify_tls, unsignedImages: given.unsigned_images, proxy: {}, status: 'never-run', retriesLeft: 0 }
  return { reference, tags, interval: secondsOf(interval), start, username, enabled, robot, timeout, ...rest }
}

/** The settings of a mirror as names and values. Values that Quay does not return are left out. */
export function mirrorTable(mirror: Mirror, t: Translate) {
  const { reference, tags, interval, start, robot, enabled, username, verifyTls, unsignedImages, proxy, timeout } = mirror
  const proxies = [proxy.http, proxy.https].flatMap((one) => one || [])
  const known: [name: string, value: string | undefined][] = [
    [t.plain('Mirrors'), code(reference).markup],
    [t.plain('Tags'), codes(tags).markup],
    [t.plain('Every'), durationText(interval, t)],
    [t.plain('Next run'), enabled ? moment(Date.parse(start)).markup : t('None: it is switched off')],
    [t.plain('Pushes as'), robot ? code(robot).markup : undefined],
    [t.plain('Signs in as'), username ? code(username).markup : t('Nobody')],
    [
      t.plain('Certificate'),
      verifyTls === undefined ? undefined : t('{verify, select, true {Checked} other {Not checked}}', { verify: String(verifyTls) }),
    ],
    [t.plain('Unsigned images'), unsignedImages ? t('Taken') : undefined],
    [t.plain('Proxy'), proxies.length > 0 ? codes([...new Set(proxies)]).markup : undefined],
    [t.plain('A run may take'), timeout === undefined ? undefined : durationText(timeout, t)],
  ]
  return fields(...known.flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]])))
}

export interface MirrorMade {
  repository: string
  url: string
  reference: string
  /** Whether a password was given. */
  signsIn: boolean
  /** The mirror as Quay stored it; absent before it is created. */
  mirror?: Mirror | undefined
  asAsked: boolean
  /** Whether the repository, and the robot account, did not exist before. */
  created: boolean
  robotMade: boolean
  /** Identifies the repository, if it existed before. */
  mark?: string | undefined
}

export function mirrorMade({ repository, url, reference, mirror, asAsked, created, robotMade }: MirrorMade, t: Translate): Message {
  if (!mirror)
    return message(
      t('Made the repository {repository}, which is to mirror {reference}.', {
        repository: link(url, repository),
        reference: code(reference),
      }),
    )
  const { tags, interval, enabled, robot } = mirror
  return message(
    t('{created, select, true {Created {repository} to mirror {reference}.} other {{repository} is to mirror {reference}.}}', {
      created: String(created),
      repository: link(url, repository),
      reference: code(mirror.reference),
    }),
    section(
      t('{enabled, select, false {It is switched off: it runs only when somebody asks.} other {It copies {tags} every {interval}.}}', {
        enabled: String(enabled),
        tags: codes(tags),
        interval: durationText(interval, t),
      }),
    ),
    mirrorTable(mirror, t),
    ...storedNote(asAsked, t),
    note(
      t(
        '{made, select, true {The robot {robot} was made to push.} other {The robot {robot} pushes.}} See how it goes with {show}; run it now with {sync}.',
        {
          made: String(robotMade),
          robot: code(robot),
          show: code(`/quay mirror show ${repository}`),
          sync: code(`/quay mirror sync ${repository}`),
        },
      ),
    ),
  )
}
