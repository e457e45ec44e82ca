import { readFileSync } from 'node:fs'

export interface Step {
  instruction: string
  rest: string
}

/** The steps of the Dockerfile, by stage. Comments and broken lines are joined as Docker does. */
export function readDockerfile(): Step[][] {
  const lines = readFileSync('Dockerfile', 'utf8')
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
  const stages: Step[][] = []
  for (const line of lines) {
    const [, instruction = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? []
    if (instruction === 'FROM') stages.push([])
    stages.at(-1)?.push({ instruction, rest })
  }
  return stages
}

/** Every `instruction` of a stage. */
export function allOf(stage: Step[], instruction: string): string[] {
  return stage.filter((step) => step.instruction === instruction).map(({ rest }) => rest)
}
