import { expect, test } from 'vitest'
import { objectsInSlices } from '../../src/quay/parse-in-slices.ts'
import { logLines } from '../../src/slack/views/build-log.ts'
import { sized } from '../sized.ts'

test.each([
  ['{"logs":[]}', []],
  [
    '{"start":0,"logs": [ {"message":"a ] } \\" {"} , {"message":"é","data":{"x":[1,{"y":"]"}]}} ],"total":2}',
    [{ message: 'a ] } " {' }, { message: 'é', data: { x: [1, { y: ']' }] } }],
  ],
  ['{"logs":[{"message":"\\\\"},{"message":"b"}]}', [{ message: '\\' }, { message: 'b' }]],
])('of %s every object is found', async (text, objects) => {
  expect(await objectsInSlices(Buffer.from(text), 'logs')).toEqual(objects)
})

test.each(['', '{}', '{"logs":7}', '{"logs":[{"message":"a"}', 'not json', '{"logs":[{"message":"a'])('%s is no log', async (text) => {
  expect(await objectsInSlices(Buffer.from(text), 'logs')).toBeUndefined()
})

test('a log of many megabytes holds nobody up: the process has many turns while it is read and redacted', async () => {
  const size = sized(3_000_000, 10_000_000, 50_000_000)
  const line = `{"message":"${'Step 3/7 : RUN echo password=hunter2 '.repeat(4)}"}`
  const text = `{"logs":[${Array.from({ length: Math.floor(size / line.length) }, () => line).join(',')}]}`
  let turns = 0
  const timer = setInterval(() => (turns += 1), 1)
  const objects = (await objectsInSlices(Buffer.from(text), 'logs')) as { message: string }[] | undefined
  const lines = await logLines((objects ?? []).map(({ message }) => ({ message, kind: 'output', at: undefined })))
  clearInterval(timer)
  expect(lines.length).toBeGreaterThanOrEqual(Math.floor(size / line.length))
  expect(lines.some(({ text: one }) => one.includes('hunter2'))).toBe(false)
  expect(turns).toBeGreaterThan(size / 1_000_000)
}, 180_000)
