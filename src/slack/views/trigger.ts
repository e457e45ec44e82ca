import type { Translate } from '../../core/i18n.ts'
import { shortId } from '../../core/short-id.ts'
import type { Trigger } from '../../quay/triggers.ts'
import { code } from '../blocks.ts'

/** The parts of a trigger that are rendered and may be stored. */
export type ShownTrigger = Pick<Trigger, 'id' | 'service' | 'source' | 'active' | 'enabled' | 'dockerfile' | 'pullRobot'>

/** What is shown of a build trigger. */
export function shownTrigger({ id, service, source, active, enabled, dockerfile, pullRobot }: Trigger): ShownTrigger {
  return { id, service, source, active, enabled, dockerfile, pullRobot }
}

/** One line: the short id, where the code is, and its state. */
export function triggerLine({ id, service, source, active, enabled, dockerfile, pullRobot }: ShownTrigger, t: Translate) {
  return t(
    '• {id} – {service} {source}{file, select, none {} other {, {dockerfile}}}{robot, select, none {} other {, pulls as {pullRobot}}}{state, select, unfinished { – *setup incomplete*} off { – *disabled*} other {}}',
    {
      id: code(shortId(id)),
      service,
      source: code(source),
      file: dockerfile ? 'some' : 'none',
      dockerfile: code(dockerfile ?? ''),
      robot: pullRobot ? 'some' : 'none',
      pullRobot: code(pullRobot ?? ''),
      state: active ? (enabled ? 'on' : 'off') : 'unfinished',
    },
  )
}
