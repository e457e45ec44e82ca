import { useState } from 'react'
import { useAnnounce } from '../announce.tsx'
import { post } from '../control.ts'
import type { Fields } from '../types.ts'

const quay: Record<string, Fields> = {
  'Quay is well': {},
  'Quay answers 503': { status: 503 },
  'Quay is slow (4 s)': { latencyMs: 4000 },
  'The next answer to a change is lost': { cut: true, times: 1, match: 'POST ' },
  'Quay says it is overrun (429)': { status: 429 },
}

const slack: Record<string, Fields> = {
  'Slack is well': {},
  'Slack limits the rate (429)': { rateLimit: { retryAfter: 2, times: 3 } },
  'Slack answers 503': { status: 503 },
  'Every envelope comes twice': { duplicate: true },
  'Acknowledgements are not heard': { dropAck: true },
  'The socket is closed once': { disconnect: true },
}

const hour = 3_600_000

/** Faults of either side, the clock, and the way back to the beginning. */
export function Faults() {
  const announce = useAnnounce()
  const advance = (ms: number) => void post('clock', { advance_ms: ms }).then(() => announce('The clock was moved.'))
  const reset = () => {
    localStorage.clear()
    void post('reset', {}).then(() => location.reload())
  }
  return (
    <>
      <h3>Faults</h3>
      <FaultMenu name="Fault of Quay" path="quay/faults" faults={quay} />
      <FaultMenu name="Fault of Slack" path="slack/faults" faults={slack} />
      <h3>Clock</h3>
      <div className="row">
        <button type="button" className="button small" onClick={() => advance(hour)}>
          An hour later
        </button>
        <button type="button" className="button small" onClick={() => advance(24 * hour)}>
          A day later
        </button>
        <button type="button" className="button small danger" onClick={reset}>
          Start over
        </button>
      </div>
    </>
  )
}

function FaultMenu({ name, path, faults }: { name: string; path: string; faults: Record<string, Fields> }) {
  const [chosen, setChosen] = useState(Object.keys(faults)[0] ?? '')
  const announce = useAnnounce()
  const choose = async (label: string) => {
    setChosen(label)
    await post(path, faults[label] ?? {})
    announce(label)
  }
  return (
    <select className="fault" aria-label={name} value={chosen} onChange={({ target }) => void choose(target.value)}>
      {Object.keys(faults).map((label) => (
        <option key={label}>{label}</option>
      ))}
    </select>
  )
}
