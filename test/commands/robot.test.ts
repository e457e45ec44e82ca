import { afterAll, expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'
import { allOf, dryRun, whileDown } from './drawn.ts'

const started = await startBot({ until: afterAll, policy: { approvals: [] } })
const { alice, bea, quay, changes, log } = started
const tokenOf = (name: string) => quay.registry.robots.find((robot) => robot.name === name)?.token ?? 'no such robot'

test('bea, an admin of acme, creates a robot: its token comes by a Reveal button for her alone, and stands nowhere else', async () => {
  const reply = await bea.types('/quay robot create acme+web description="Pushes from CI"')

  expect(reply.text).toBe('Created robot account `acme+web`. Its token is in your direct messages.')
  const offer = await bea.finds(/Token of robot account acme\+web is ready/)
  const modal = await bea.pressesToOpen('Reveal', offer, 'bea')
  const token = tokenOf('acme+web')
  expect(JSON.stringify(modal)).toContain(token)
  expect(JSON.stringify(modal)).toContain('podman login')
  // One line of Slack’s would join the lines of a file.
  expect(JSON.stringify(modal)).toMatch(/"multiline":true,"initial_value":"apiVersion/)
  expect(JSON.stringify(modal)).toMatch(/"multiline":true,"initial_value":"\{/)
  expect(JSON.stringify([await bea.sees(), await bea.sees('bea')])).not.toContain(token)
  expect(log()).not.toContain(token)
})

test('a robot that exists is not created again, and no token of it is handed out', async () => {
  const known = (await bea.sees('bea')).length
  expect((await bea.types('/quay robot create acme+ci')).text).toContain('Robot account acme+ci already exists.')
  expect(await bea.sees('bea')).toHaveLength(known)
})

test('Quay’s answer to creating or rotating is lost: nobody can know, and nothing is repeated', async () => {
  quay.faults({ cut: true, match: 'PUT /api/v1/organization/acme/robots/lost', times: 1 })
  expect((await bea.types('/quay robot create acme+lost')).text).toContain('result is unknown')
  expect(changes().filter((call) => call.endsWith('/robots/lost'))).toHaveLength(1)
})

test('alice, a member, sees the names of the robots, and not what they reach; nobody ever sees a token', async () => {
  const asMember = allOf(await alice.types('/quay robot list acme'))
  expect(asMember).toContain('• acme+ci – ')
  expect(asMember).not.toContain('base')
  expect(allOf(await bea.types('/quay robot list acme'))).toMatch(/acme\+ci – .*, api, base/)
  expect(allOf(await alice.types('/quay robot show acme+ci'))).not.toContain('acme/base')
  expect(allOf(await bea.types('/quay robot show acme+ci'))).toContain('• `acme/base` – write')
  expect((await bea.types('/quay robot show acme+nobody')).text).toBe('Robot account acme+nobody not found.')
  expect(JSON.stringify([await alice.sees(), await bea.sees()])).not.toContain(tokenOf('acme+ci'))
})

test('only an admin of the organisation creates, rotates and deletes robots; the refusal says who could help', async () => {
  for (const command of ['robot create acme+mine', 'robot rotate acme+ci', 'robot delete acme+ci']) {
    const reply = await alice.types(`/quay ${command}`)
    expect(reply.text).toBe('You need to be an *admin* of acme.')
    expect(allOf(reply)).toContain('<@U0BEA> or <@U0CARL> can help.')
  }
  expect((await bea.types('/quay robot list globex')).text).toBe('You need to be a *member* of globex.')
})

test('a robot of one’s own account is Quay’s own business: the reply links to where it is done', async () => {
  expect((await bea.types('/quay robot create bea+mine')).text).toMatch(
    /For robot accounts of your own namespace Quay allows this only to you: .*\/user\/bea\?tab=robots/,
  )
})

test('rotating is not typed away: the old token is worth nothing then', async () => {
  const old = tokenOf('acme+ci')
  const preview = await bea.types('/quay robot rotate acme+ci')
  expect(preview.text).toBe('Regenerate the token of `acme+ci`? The old token stops working immediately.')
  expect(tokenOf('acme+ci')).toBe(old)

  expect((await bea.presses('Regenerate', preview)).text).toContain(
    'Regenerated the token of `acme+ci`. The new one is in your direct messages.',
  )
  expect(tokenOf('acme+ci')).not.toBe(old)
})

test('deleting shows what the robot may do, and is pressed', async () => {
  const preview = await bea.types('/quay robot delete acme+deploy')
  expect(allOf(preview)).toContain('• `acme/api` – read')
  expect((await bea.presses('Delete', preview)).text).toBe('Deleted robot account `acme+deploy`.')
  expect(quay.registry.robots.map(({ name }) => name)).not.toContain('acme+deploy')
})

test('a dry run changes nothing, and Quay being down is said', async () => {
  expect(await dryRun(started, 'bea', '/quay robot create acme+dry')).toContain('PUT /api/v1/organization/acme/robots/dry')
  expect(await dryRun(started, 'bea', '/quay robot rotate acme+ci')).toContain('/robots/ci/regenerate')
  expect(await dryRun(started, 'bea', '/quay robot delete acme+ci')).toContain('DELETE /api/v1/organization/acme/robots/ci')
  for (const command of ['robot list acme', 'robot create acme+down'])
    expect(await whileDown(started, 'bea', `/quay ${command}`)).toBe('Quay is not available right now.')
})
