import { EventEmitter } from 'node:events'
import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { guardDoor, guardSocket } from '../../src/app/slack-door.ts'

const log = pino({ level: 'silent' })

describe('a frame of the socket', () => {
  const heard = (frame: unknown) => {
    const client = Object.assign(new EventEmitter(), { acked: [] as string[], send: async (id: string) => void client.acked.push(id) })
    const inside: unknown[] = []
    client.on('ws_message', (data: unknown) => void inside.push(data))
    guardSocket(client as never, log)
    client.emit('ws_message', typeof frame === 'object' ? JSON.stringify(frame) : frame, false)
    return { inside: inside.length, acked: client.acked }
  }
  const id = { envelope_id: 'e1' }

  test.each([
    { type: 'hello' },
    { type: 'disconnect', reason: 'warning' },
    { ...id, type: 'slash_commands', payload: {} },
    { ...id, type: 'interactive', payload: { type: 'block_actions' } },
    { ...id, type: 'events_api', payload: { event: { type: 'message' } } },
  ])('goes on to the client: %j', (frame) => {
    expect(heard(frame)).toEqual({ inside: 1, acked: [] })
  })

  test.each([
    [null, []],
    ['"text"', []],
    ['7', []],
    ['{', []],
    [7, []],
    [[{ type: 'hello' }], []],
    [{}, []],
    [{ ...id }, ['e1']],
    [{ envelope_id: 7, type: 'interactive' }, []],
    [{ ...id, type: 'error', payload: {} }, ['e1']],
    [{ ...id, type: 7, payload: {} }, ['e1']],
    [{ ...id, type: 'interactive' }, ['e1']],
    [{ ...id, type: 'interactive', payload: null }, ['e1']],
    [{ ...id, type: 'interactive', payload: 'text' }, ['e1']],
    [{ ...id, type: 'events_api', payload: {} }, ['e1']],
    [{ ...id, type: 'events_api', payload: { event: null } }, ['e1']],
    [{ ...id, type: 'events_api', payload: { event: { type: 7 } } }, ['e1']],
    [{ ...id, type: 'events_api', payload: { event: { type: 'error' } } }, ['e1']],
  ])('is ignored, and acknowledged if it can be: %j', (frame, acked) => {
    expect(heard(frame)).toEqual({ inside: 0, acked })
  })

  test('a client that reads its frames otherwise is refused', () => {
    expect(() => guardSocket(new EventEmitter() as never, log)).toThrow('another way')
  })
})

describe('a payload at the door', () => {
  const arrives = async (body: unknown, given: { app?: string | undefined; enterprise?: string; inside?: () => Promise<void> } = {}) => {
    // An id that is given as undefined is none.
    const { app, enterprise, inside } = { app: 'A1', enterprise: undefined, inside: async () => {}, ...given }
    const taken: unknown[] = []
    const acks: unknown[] = []
    const kinds: unknown[] = []
    const bolt = {
      processEvent: async (event: { body: unknown; ack: (answer?: unknown) => Promise<void> }) => {
        taken.push(event.body)
        await event.ack('answer')
        await inside()
      },
    }
    const metrics = {
      ackSeconds: {
        startTimer:
          ({ kind }: { kind: string }) =>
          () =>
            void kinds.push(kind),
      },
    }
    guardDoor(bolt as never, { slack: { team: 'T1', enterprise }, log, metrics } as never, app)
    await bolt.processEvent({ body, ack: async (answer) => void acks.push(answer) })
    return { taken: taken.length, acks, kinds }
  }
  const ours = { team: { id: 'T1' }, api_app_id: 'A1' }
  const passed = async (...given: Parameters<typeof arrives>) => (await arrives(...given)).taken === 1

  test.each([
    [{ ...ours, command: '/quay' }, 'command'],
    [{ ...ours, type: 'event_callback' }, 'event'],
    [{ ...ours, type: 'block_actions' }, 'button'],
    [{ ...ours, type: 'view_submission' }, 'dialog'],
    [{ ...ours, type: 'block_suggestion' }, 'suggestion'],
    [{ ...ours, type: 'odd' }, 'other'],
    [null, 'other'],
  ])('%j is counted as %s', async (body, kind) => {
    expect((await arrives(body)).kinds).toEqual([kind])
  })

  test.each([
    [ours, true],
    [{ team_id: 'T1' }, true],
    [{ context_team_id: 'T1', team_id: 'T2' }, true],
    [{ view: { app_installed_team_id: 'T1' } }, true],
    [{ team: null, user: { team_id: 'T1' } }, true],
    [{ team: { id: 'T2' }, user: { team_id: 'T1' } }, false],
    [{ team: null, user: 'T1' }, false],
    [{ team: null, user: null }, false],
    [{ user: { team_id: 'T1' } }, false],
    [{ ...ours, api_app_id: 'A2' }, false],
    [{ team_id: 'T2' }, false],
    [{}, false],
    [null, false],
    ['text', false],
    [[ours], false],
  ])('%j is ours: %s', async (body, wanted) => {
    expect(await passed(body)).toBe(wanted)
  })

  test('without an id of our own any app passes; on a grid the grid decides', async () => {
    expect(await passed({ ...ours, api_app_id: 'A2' }, { app: undefined })).toBe(true)
    const enterprise = 'E1'
    expect(await passed({ enterprise_id: 'E1', team_id: 'T9' }, { enterprise })).toBe(true)
    expect(await passed({ enterprise: { id: 'E1' } }, { enterprise })).toBe(true)
    expect(await passed({ ...ours, enterprise_id: 'E2', enterprise: { id: 'E1' } }, { enterprise })).toBe(false)
    expect(await passed(ours, { enterprise })).toBe(false)
  })

  test('each is acknowledged once, whatever becomes of it', async () => {
    expect((await arrives(ours)).acks).toEqual(['answer'])
    expect((await arrives({ team_id: 'T2' })).acks).toEqual([undefined])
    expect((await arrives(ours, { inside: () => Promise.reject(new Error('a bug')) })).acks).toEqual(['answer'])
  })
})
