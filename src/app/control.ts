import { rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Logger } from 'pino'
import { z } from 'zod'
import { Failure } from '../core/failure.ts'
import { translator } from '../core/i18n.ts'

/** What a running bot does for the tools that cannot open its embedded database beside it, by name. */
export type Answers = Record<string, (words: string[]) => Promise<string>>

const asked = z.object({ tool: z.string(), words: z.array(z.string()) })
const answered = z.union([z.object({ text: z.string() }), z.object({ problem: z.string() })])

const socketIn = (dataDir: string) => join(resolve(dataDir), 'control.sock')

/**
 * Answers the tools at a socket in DATA_DIR, which only its owner can open. A request and its answer are a line of JSON each. Returns
 * what closes it.
 */
export function openControl(dataDir: string, answers: Answers, log: Logger): () => void {
  const file = socketIn(dataDir)
  // A killed bot has left it. DATA_DIR is held, so no other bot answers there.
  rmSync(file, { force: true })
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    createInterface(socket).once('line', async (line) => socket.end(`${JSON.stringify(await answerTo(answers, line, log))}\n`))
  })
  // The path of a socket is limited to about a hundred characters, and some volumes take none.
  server.on('error', (err) =>
    log.warn({ err }, 'npm run backup and npm run export-audit work only while Quaymaster is stopped: no socket in DATA_DIR'),
  )
  server.listen(file).unref()
  return () => {
    server.close()
    rmSync(file, { force: true })
  }
}

async function answerTo(answers: Answers, line: string, log: Logger): Promise<z.output<typeof answered>> {
  try {
    const { tool, words } = asked.parse(JSON.parse(line))
    const answer = answers[tool]
    if (!answer) return { problem: `This Quaymaster does not know ${tool}.` }
    return { text: await answer(words) }
  } catch (err) {
    if (err instanceof Failure) return { problem: translator('en').plain(err.sentence.message, err.sentence.values) }
    log.error({ err }, 'could not answer a tool')
    return { problem: 'It failed. The log of Quaymaster says why.' }
  }
}

/** The answer of the bot that runs on a DATA_DIR; undefined if none does. Throws the sentence of its failure. */
export async function askRunning(dataDir: string, tool: string, words: string[]): Promise<string | undefined> {
  const socket = await new Promise<Socket | undefined>((done) => {
    const one: Socket = connect(socketIn(dataDir), () => done(one)).on('error', () => done(undefined))
  })
  if (!socket) return undefined
  socket.write(`${JSON.stringify({ tool, words })}\n`)
  for await (const line of createInterface(socket)) {
    const answer = answered.parse(JSON.parse(line))
    if ('text' in answer) return answer.text
    throw new Failure('conflict', '{problem}', { problem: answer.problem })
  }
  throw new Failure('unavailable', 'Quaymaster stopped before it answered. Run it again.')
}
