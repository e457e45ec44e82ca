import { commas } from '../../core/commas.ts'
import type { Translate } from '../../core/i18n.ts'
import { shortId } from '../../core/short-id.ts'
import { slash } from '../../core/slash-command.ts'
import type { Build } from '../../quay/build.ts'
import { isCancellable, isFailed, type KnownPhase, knownPhase, type Phase, phaseLabels } from '../../quay/build-phase.ts'
import { code, fields, link, type Message, message, moment, note, rawMarkup, section } from '../blocks.ts'
import type { Column } from '../lists/list.ts'
import { asId, asMoment, asText } from '../lists/values.ts'
import { buildPlan } from './build-plan.ts'
import { codes } from './codes.ts'

/** A build as it may be stored and rendered: without the full URL of its archive, which may contain a credential. */
export type ShownBuild = Omit<Build, 'archiveUrl'>

/** Without the address of its archive, which may be signed. */
export function shownBuild({ archiveUrl: _, ...build }: Build): ShownBuild {
  return build
}

/** A build as Quay shows it to people without write permission: without its source (recorded: endpoints/api/build.py, `can_write`). */
export function readersBuild(build: Build): ShownBuild {
  return { ...shownBuild(build), archive: undefined }
}

const sentences: Record<KnownPhase, string> = {
  waiting: ':hourglass: {repository}: build queued, waiting for a builder.',
  'build-scheduled': ':hourglass: {repository}: build assigned to a builder, starting soon.',
  unpacking: ':gear: {repository}: build unpacking its archive.',
  pulling: ':gear: {repository}: build pulling its base image.',
  building: ':gear: {repository}: build running its Dockerfile.',
  pushing: ':gear: {repository}: build pushing its image.',
  complete: ':white_check_mark: {repository}: build succeeded.',
  error: ':x: {repository}: build failed.',
  internalerror: ':hourglass: {repository}: build had an internal error. Quay retries it.',
  cannot_load: ':grey_question: {repository}: build status is unknown to Quay right now.',
  cancelled: ':no_entry_sign: {repository}: build cancelled.',
  expired: ':x: {repository}: build failed with an internal error, no retries left.',
  gone: ':no_entry_sign: {repository}: build is no longer in Quay.',
}

/** The name of a phase in the person's language. An unknown phase has Quay's own name. */
export function phaseWord(phase: Phase, t: Translate) {
  const known = knownPhase(phase)
  return t.plain(known ? phaseLabels[known] : '{phase}', { phase })
}

/** Renders a build in every phase; `remark` is shown below its first line. */
export function buildCard(build: ShownBuild, t: Translate, remark = ''): Message {
  const { repository, url, phase, tags, dockerfile, context, archive, pullRobot, started, error } = build
  const known = knownPhase(phase)
  return message(
    t(known ? sentences[known] : '{repository}: build is in the phase {phase}.', { repository: link(url, repository), phase }),
    ...(error ? [section(t('Quay says: {error}', { error }))] : []),
    ...(remark ? [section(remark)] : []),
    ...buildPlan(build, t),
    fields(
      [t.plain('Build'), code(shortId(build.id)).markup],
      [t.plain('Tags'), codes(tags, t).markup],
      [t.plain('Dockerfile'), code(dockerfile || '/Dockerfile').markup],
      [t.plain('Context'), code(context || '/').markup],
      [t.plain('Source'), sourceOf(build, archive, t)],
      [t.plain('Requested at'), started ? moment(Date.parse(started)).markup : ''],
      ...(pullRobot ? [[t.plain('Pull robot'), code(pullRobot).markup] as [string, string]] : []), // otherwise inferred as string[]
    ),
    note(nextStep(build, t)),
  )
}

function sourceOf({ trigger, commit }: ShownBuild, archive: string | undefined, t: Translate) {
  if (trigger) {
    return t('{service} {source}{commit}', {
      service: trigger.service,
      source: trigger.source ?? '',
      commit: commit ? rawMarkup(` ${code(commit.id.slice(0, 12)).markup}`) : '',
    })
  }
  return archive ? code(archive).markup : ''
}

function nextStep({ repository, id, phase }: ShownBuild, t: Translate) {
  const logs = code(slash(`build logs ${repository} ${shortId(id)}`))
  if (isFailed(phase))
    return t('See why with {logs}. Retry with {retry}.', { logs, retry: code(slash(`build retry ${repository} ${shortId(id)}`)) })
  if (isCancellable(phase))
    return t('Follow it with {logs}. Cancel it with {cancel}.', { logs, cancel: code(slash(`build cancel ${repository} ${shortId(id)}`)) })
  return t('Log: {logs}', { logs })
}

/** The columns of a list of builds. */
export function buildColumns(t: Translate): Column<ShownBuild>[] {
  return [
    { name: 'build', title: t.plain('Build'), value: ({ id, url }) => asId(id, { url }) },
    { name: 'phase', title: t.plain('Phase'), value: ({ phase }) => asText(phaseWord(phase, t)) },
    {
      name: 'tags',
      title: t.plain('Tags'),
      value: ({ tags }) => asText(commas(t, tags)),
      said: (_, { tags }) => codes(tags, t).markup,
    },
    {
      name: 'trigger',
      title: t.plain('Build trigger'),
      value: ({ trigger }) => asText(trigger?.service),
      said: (trigger) => t('by {trigger}', { trigger }),
    },
    { name: 'requested', title: t.plain('Requested at (UTC)'), none: t.plain('unknown'), value: ({ started }) => asMoment(started) },
  ]
}
