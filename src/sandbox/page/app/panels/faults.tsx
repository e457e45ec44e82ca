import { useAnnounce } from '../announce.tsx'
import { post } from '../control.ts'
import { useLive } from '../live.ts'
import type { Fields } from '../types.ts'
import { say } from '../words.ts'

const quay: Record<string, Fields> = {
  'Quay works normally': {},
  'Quay answers 503': { status: 503 },
  'Quay is slow (4 s)': { latencyMs: 4000 },
  'The next answer to a change is lost': { cut: true, times: 1, match: 'POST ' },
  'Quay is overloaded (429)': { status: 429 },
}

const slack: Record<string, Fields> = {
  'Slack works normally': {},
  'Slack limits the rate (429)': { rateLimit: { retryAfter: 2, times: 3 } },
  'Slack answers 503': { status: 503 },
  'Slack refuses tables, charts and plans': { blocks: 'refusing' },
  'Slack refuses them without saying why': { blocks: 'refusing-without-reason' },
  'Slack has its limits from before 2026': { blocks: 'older' },
  'Every envelope is delivered twice': { duplicate: true },
  'Acknowledgements are lost': { dropAck: true },
  'The socket is closed once': { disconnect: true },
}

const hour = 3_600_000

/** Faults of both simulators, the clock, and the reset. */
export function Faults() {
  const announce = useAnnounce()
  const { value: on, look } = useLive<Record<'quay' | 'slack', Fields>>('faults', ['slack', 'quay'])
  const choose = async (side: 'quay' | 'slack', label: string, fault: Fields) => {
    await post(`${side}/faults`, fault)
    look()
    announce(say(label))
  }
  const advance = (ms: number) => void post('clock', { advance_ms: ms }).then(() => announce(say('The clock was moved.')))
  const reset = () => {
    localStorage.clear()
    sessionStorage.clear()
    void post('reset', {}).then(() => location.reload())
  }
  return (
    <>
      <h3>{say('Faults')}</h3>
      <FaultMenu name="Quay fault" faults={quay} on={on?.quay} choose={(...what) => void choose('quay', ...what)} />
      <FaultMenu name="Slack fault" faults={slack} on={on?.slack} choose={(...what) => void choose('slack', ...what)} />
      <h3>{say('Clock')}</h3>
      <div className="row">
        <button type="button" className="button small" onClick={() => advance(hour)}>
          {say('An hour later')}
        </button>
        <button type="button" className="button small" onClick={() => advance(24 * hour)}>
          {say('A day later')}
        </button>
        <button type="button" className="button small danger" onClick={reset}>
          {say('Start over')}
        </button>
      </div>
    </>
  )
}

interface MenuProps {
  name: string
  faults: Record<string, Fields>
  on: Fields | undefined
  choose(label: string, fault: Fields): void
}

/** Shows the faults enabled in the simulator, also by another window or curl. */
function FaultMenu({ name, faults, on = {}, choose }: MenuProps) {
  const shown = Object.keys(faults).find((label) => kindOf(faults[label]) === kindOf(on)) ?? other
  return (
    <select
      className="fault"
      aria-label={say(name)}
      value={shown}
      onChange={({ target }) => choose(target.value, faults[target.value] ?? {})}
    >
      {Object.keys(faults).map((label) => (
        <option key={label} value={label}>
          {say(label)}
        </option>
      ))}
      {shown === other && <option value={other}>{say(other)}</option>}
    </select>
  )
}

const other = 'A fault that was set with curl'

/** The remaining count of an enabled fault. */
function kindOf(fault: Fields | undefined) {
  return JSON.stringify(fault, (key, value: unknown) => (key === 'times' ? undefined : value))
}
