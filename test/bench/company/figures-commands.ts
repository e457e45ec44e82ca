import { setTimeout as sleep } from 'node:timers/promises'
import { requests } from '../../../src/db/schema.ts'
import { type Figure, seconds } from './figure.ts'
import { isToldToRetry, isToldToWait, type PersonInCompany } from './person.ts'
import { homeOf, nameOf } from './registry.ts'
import { type Company, startCompany } from './start.ts'

/** The calls that people caused, jobs of theirs included: what a pass in the background asks for is not among them. */
const caused = ({ turns }: Company) => turns.filter((one) => one.class !== 'background').length

/** Somebody whose account is known from here on. */
async function known(company: Company, number: number) {
  const person = company.member(number)
  await person.types('/quay whoami')
  return person
}

/** Types a command with nothing remembered, and counts the calls until nothing more comes. */
async function costs(company: Company, person: PersonInCompany, command: string) {
  await company.rests()
  company.bot.cache.clear()
  const before = caused(company)
  const answer = await person.types(command)
  await company.rests()
  return { calls: caused(company) - before, answer }
}

export const everydayCommands: Figure = async (database) => {
  const company = await startCompany(await database())
  await company.accountsRead()
  const person = await known(company, 84)
  const home = 'org12'
  const whoami = await costs(company, person, '/quay whoami')
  const list = await costs(company, person, `/quay repo list ${home}`)
  const create = await costs(company, person, `/quay repo create ${home}/bench1`)
  const request = await costs(company, person, '/quay repo create globex/bench2 reason=bench')
  const approval = await approvalOf(company)
  const source = 'docker.io/library/busybox'
  const mirror = await costs(company, person, `/quay mirror create ${home}/bench3 ${source} robot=${home}+ci`)
  const firstMirror = await costs(company, person, `/quay mirror create ${home}/bench4 ${source}`)
  const nextMirror = await costs(company, person, `/quay mirror create ${home}/bench5 ${source}`)
  const made = [create, request, mirror, firstMirror, nextMirror]
    .filter(({ answer }) => !/^Created|^Request .* sent to/.test(answer.text))
    .map(({ answer }) => answer.text)
  if (made.length > 0) throw new Error(made.join('\n'))
  await company.stop()
  const line = (command: string, calls: number, aim: string, reason = '') => ({
    figure: `calls: ${command}`,
    measured: `${calls}${reason && `: ${reason}`}`,
    aim,
  })
  return [
    line('whoami', whoami.calls, '0–1'),
    line('repo list', list.calls, '3', 'account, teams, their roles (rule 2), and the list'),
    line('repo create', create.calls, '7'),
    line('the same as a request', request.calls, '7'),
    line('approval with run', approval, '8'),
    line('mirror create, a robot account that is named', mirror.calls, '10'),
    line('mirror create, the default robot account', nextMirror.calls, '10'),
    line('mirror create, the first of an organization', firstMirror.calls, '10', 'its robot account is made, and the mirror again'),
  ]
}

/** Dora approves what waits, and it runs. */
async function approvalOf(company: Company) {
  const dora = company.person('dora')
  await company.rests()
  company.bot.cache.clear()
  const before = caused(company)
  const card = (await dora.sees('quay-approvals')).at(-1)
  const { ok, error } = await dora.press('Approve', card?.ts ?? '', 'quay-approvals')
  if (!ok) throw new Error(error)
  while (!(await hasRun(company))) await sleep(100)
  await company.rests()
  return caused(company) - before
}

async function hasRun({ bot }: Company) {
  return (await bot.db.select({ state: requests.state }).from(requests)).every(({ state }) => state === 'succeeded')
}

export const newcomer: Figure = async (database) => {
  const company = await startCompany(await database())
  await company.accountsRead()
  await company.rests()
  const took: number[] = []
  const calls: number[] = []
  for (const number of [700, 1_400, 2_800]) {
    const before = caused(company)
    const heard = await company.person(nameOf(number)).types('/quay whoami')
    if (!heard.text.includes(nameOf(number))) throw new Error(heard.text)
    took.push(heard.took)
    calls.push(caused(company) - before)
    await company.rests()
  }
  await company.stop()
  return [
    {
      figure: 'first command of a newcomer among 3,000 users',
      measured: `${Math.max(...calls)} calls, ${seconds(Math.max(...took))}`,
      aim: '2 calls, 1 s',
    },
  ]
}

export const newcomersAtOnce: Figure = async (database) => {
  const company = await startCompany(await database())
  await company.accountsRead()
  await company.rests()
  const before = caused(company)
  const from = (await company.calls()).length
  const heard = await Promise.all(
    Array.from({ length: 30 }, (_, index) =>
      company.person(nameOf(900 + index), { every: 500 }).types(`/quay repo create ${homeOf(900 + index)}/morning`),
    ),
  )
  const last = Math.max(...heard.map(({ took }) => took))
  const done = heard.filter(({ text }) => text.startsWith('Created')).length
  const retry = heard.filter(({ said }) => said.some(isToldToRetry)).length
  await company.rests()
  const refused = (await company.calls(from)).filter((one) => one.refused).length
  const measured = `${caused(company) - before} calls, ${seconds(last)}; ${done} created, ${retry} asked to retry, ${refused} refused by nginx`
  await company.stop()
  return [{ figure: '30 newcomers type repo create at once', measured, aim: '≤ 270 calls, ≤ 90 s, nobody asked to retry' }]
}

export const oneAlone: Figure = async (database) => {
  const company = await startCompany(await database())
  await company.accountsRead()
  const person = await known(company, 84)
  const tried = [
    '/quay repo create org12/alone',
    '/quay repo create globex/alone reason=bench',
    '/quay mirror create org12/alonemirror docker.io/library/busybox robot=org12+ci',
    '/quay repo create labs/alone reason=bench',
    '/quay repo show org12/service1',
  ]
  let told = 0
  let slowest = 0
  for (const command of tried) {
    await company.rests()
    company.bot.cache.clear()
    const { said, took } = await person.types(command)
    slowest = Math.max(slowest, took)
    if (said.some(isToldToWait)) told += 1
  }
  await company.stop()
  const measured = `told ${told} of ${tried.length} times; slowest ${seconds(slowest)}`
  return [{ figure: 'one person alone, any command, any request: told to wait', measured, aim: 'never' }]
}
