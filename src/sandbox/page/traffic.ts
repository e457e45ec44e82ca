import type { Exchange } from '../quay/wire.ts'
import type { TrafficEntry } from '../slack/simulation.ts'
import type { TrafficLine } from './app/types.ts'

/** The latest recorded traffic, newest first. Both recorders have cut credentials already. */
export function trafficOf(slack: TrafficEntry[], quay: Exchange[], limit: number, after: number) {
  const lines = [...slack.slice(-limit).map(slackLine), ...quay.slice(-limit).map((one, index) => quayLine(one, quay.length + index))]
  return {
    lines: lines
      .filter(({ at }) => at > after)
      .toSorted((one, other) => other.at - one.at)
      .slice(0, limit),
  }
}

function slackLine({ id, at, direction, kind, name, request, answer, status, ms, error }: TrafficEntry): TrafficLine {
  const refused = (answer as { ok?: boolean; error?: string } | null)?.ok === false ? (answer as { error?: string }).error : undefined // only compared and shown
  const problem = error ?? refused
  const worked = direction === 'to bot' ? 'acknowledged' : `${status ?? 200}`
  return {
    key: `s${id}`,
    at,
    between: 'slack',
    direction,
    name,
    kind,
    outcome: problem ?? worked,
    failed: problem !== undefined,
    ms,
    request,
    answer,
  }
}

function quayLine({ at, method, path, status, account, body, answer }: Exchange, index: number): TrafficLine {
  const failed = status === 'cut' || status >= 400
  const name = `${method} ${path}`
  return {
    key: `q${index} ${at}`,
    at,
    between: 'quay',
    direction: 'from bot',
    name,
    kind: account ?? 'nobody',
    outcome: String(status),
    failed,
    request: body ?? null,
    answer: answer ?? null,
  }
}
