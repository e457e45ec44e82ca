import { useId } from 'react'
import type { Block } from '../types.ts'
import { spoken } from '../words.ts'

interface Point {
  label: string
  value: number
}
interface Series {
  name: string
  data: Point[]
}
type Chart = { type: 'pie'; segments: Point[] } | { type: 'bar' | 'line' | 'area'; axis_config: { categories: string[] }; series: Series[] }

/** Slack's chart. Its numbers are a table too, which a screen reader reads and the picture is not. */
export function DataChart({ block }: { block: Block }) {
  const id = useId()
  const { title, chart } = block as Block & { title: string; chart: Chart } // the simulator has checked it
  const names = chart.type === 'pie' ? chart.segments.map(({ label }) => label) : chart.series.map(({ name }) => name)
  return (
    <figure className="chart" aria-labelledby={id}>
      <figcaption id={id}>{title}</figcaption>
      {chart.type === 'pie' ? <Pie segments={chart.segments} /> : <Axes chart={chart} />}
      <ul className="legend" aria-hidden="true">
        {names.map((name, index) => (
          <li key={name}>
            <span className={`swatch part-${index % 12}`} /> {name}
          </li>
        ))}
      </ul>
      <Numbers title={title} chart={chart} />
    </figure>
  )
}

function Numbers({ title, chart }: { title: string; chart: Chart }) {
  const write = new Intl.NumberFormat(spoken()).format
  const series = chart.type === 'pie' ? [{ name: title, data: chart.segments }] : chart.series
  const labels = chart.type === 'pie' ? chart.segments.map(({ label }) => label) : chart.axis_config.categories
  return (
    <table className="hidden">
      <caption>{title}</caption>
      <thead>
        <tr>
          <td />
          {series.map(({ name }) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {labels.map((label) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            {series.map(({ name, data }) => (
              <td key={name}>{write(data.find((point) => point.label === label)?.value ?? 0)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const round = 2 * Math.PI * 25

function Pie({ segments }: { segments: Point[] }) {
  const all = segments.reduce((sum, { value }) => sum + value, 0)
  const starts = segments.map((_, index) => segments.slice(0, index).reduce((sum, { value }) => sum + value, 0))
  return (
    <svg className="pie" viewBox="0 0 100 100" aria-hidden="true">
      {segments.map(({ label, value }, index) => (
        <circle
          key={label}
          className={`part-${index % 12}`}
          cx="50"
          cy="50"
          r="25"
          fill="none"
          strokeWidth="50"
          strokeDasharray={`${(value / all) * round} ${round}`}
          strokeDashoffset={-((starts[index] ?? 0) / all) * round}
          transform="rotate(-90 50 50)"
        />
      ))}
    </svg>
  )
}

const [width, height] = [600, 180]

function Axes({ chart }: { chart: Exclude<Chart, { type: 'pie' }> }) {
  const { axis_config, series, type } = chart
  const labels = axis_config.categories
  const values = series.flatMap(({ data }) => data.map(({ value }) => value))
  const most = Math.max(1, ...values)
  const step = width / labels.length
  const yOf = (value: number) => height - (Math.max(0, value) / most) * height
  return (
    <svg className="axes" viewBox={`0 -8 ${width} ${height + 34}`} aria-hidden="true">
      <line x1="0" x2={width} y1={height} y2={height} className="axis" />
      <text x="0" y="4">
        {new Intl.NumberFormat(spoken()).format(most)}
      </text>
      {series.map(({ name, data }, index) => {
        const points = labels.map((label) => data.find((point) => point.label === label)?.value ?? 0)
        if (type !== 'bar')
          return (
            <polyline
              key={name}
              className={`part-${index % 12}`}
              fill="none"
              strokeWidth="3"
              points={points.map((value, at) => `${(at + 0.5) * step},${yOf(value)}`).join(' ')}
            />
          )
        const wide = (step * 0.7) / series.length
        return (
          <g key={name} className={`part-${index % 12}`}>
            {points.map((value, at) => (
              <rect key={labels[at]} x={at * step + step * 0.15 + index * wide} y={yOf(value)} width={wide} height={height - yOf(value)} />
            ))}
          </g>
        )
      })}
      {labels.map((label, at) => (
        <text key={label} x={(at + 0.5) * step} y={height + 20} textAnchor="middle">
          {labels.length > 8 && at % 2 === 1 ? '' : label}
        </text>
      ))}
    </svg>
  )
}
