import { writeFileSync } from 'node:fs'
import { interval } from './draw.ts'
import type { Mutant } from './instrument.ts'
import { type Known, placesOf } from './known.ts'

/** Prints a line for each room, and writes what survived to the folder .stryker. */
export function report(known: Known, all: Record<string, Mutant[]>, drawn: Record<string, Mutant[]>, seed: number) {
  const { reached, onlyAtImport } = placesOf(known)
  const survivors = ['# Survivors', '']
  const figures = Object.entries(drawn).map(([room, mutants]) => {
    const mutantsOf = all[room] ?? []
    const alive = mutants.filter(({ id }) => !known.killed[id])
    survivors.push(`## ${room}`, '', ...alive.map((mutant) => lineOf(mutant, known, reached)), '')
    const killed = mutants.length - alive.length
    const [low, high] = interval(killed, mutants.length).map(percent)
    return {
      room,
      mutants: mutantsOf.length,
      'at import': mutantsOf.filter(({ id }) => onlyAtImport.has(id)).length,
      drawn: mutants.length,
      killed,
      'not reached': alive.filter(({ id }) => !reached.has(id)).length,
      score: percent(killed / mutants.length),
      '95 %': `${low} to ${high}`,
    }
  })
  console.table(figures)
  const { clean } = known
  console.log(`Seed ${seed}. Of ${clean.all} repetitions without a mutant ${clean.failed} failed; what failed beside them was not counted.`)
  writeFileSync('.stryker/survivors.md', survivors.join('\n'))
}

function lineOf({ file, line, column, kind, was, becomes, id }: Mutant, known: Known, reached: Set<string>): string {
  const tried = known.passed[id]?.length ?? 0
  const by = reached.has(id) ? `passed ${tried} tests: ${(known.passed[id] ?? []).slice(0, 6).join(' | ')}` : 'reached by no test'
  return `- \`${file}:${line}:${column}\` ${kind} \`${short(was)}\` → \`${short(becomes)}\` (${by})`
}

function short(code: string): string {
  const one = code.replace(/\s+/g, ' ')
  return one.length > 110 ? `${one.slice(0, 100)} …` : one
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
