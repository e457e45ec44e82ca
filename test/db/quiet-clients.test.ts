import { Client } from 'pg'
import { expect, test } from 'vitest'
import '../../src/db/quiet-clients.ts'

test('what comes on a connection whose listeners pg-boss has taken off ends no process', () => {
  const client = new Client()
  client.on('error', () => undefined)
  client.removeAllListeners()
  expect(client.emit('error', new Error('terminating connection due to administrator command'))).toBe(true)
})
