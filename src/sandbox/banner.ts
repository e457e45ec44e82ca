import { slash } from '../core/slash-command.ts'

const people = [
  ['alice', 'creator in acme'],
  ['bea', 'admin of acme'],
  ['carl', 'admin of acme'],
  ['dora', 'superuser of Quay (account quayadmin)'],
  ['eve', 'a guest: refused'],
  ['frank', 'of another workspace: refused'],
  ['grace', 'has no Quay account'],
] as const

function curl(origin: string, path: string, body?: object) {
  return body ? `curl -s ${origin}${path} -H 'content-type: application/json' -d '${JSON.stringify(body)}'` : `curl -s '${origin}${path}'`
}

/** First commands to try, for a shell. */
function examples(origin: string) {
  return [
    curl(origin, '/_control/slash', { user: 'alice', channel: 'general', text: slash('repo create acme/web') }),
    curl(origin, '/_control/messages?channel=general&user=alice'),
    curl(origin, '/_control/quay'),
  ]
}

/** The output of `npm start` if nothing is configured. */
export function banner(origin: string) {
  return [
    `Quaymaster sandbox (mode: sandbox): ${origin}`,
    '',
    'The real bot, against a simulated Slack and a simulated Quay. Nothing leaves this machine.',
    'To connect your own Slack and Quay, see the README.',
    '',
    'You can be:',
    ...people.map(([name, what]) => `  ${name.padEnd(6)} ${what}`),
    '',
    'Try:',
    ...examples(origin).map((example) => `  ${example}`),
    '',
  ].join('\n')
}

/** The same for the page's About panel. */
export function about(origin: string) {
  return { people: people.map(([name, what]) => ({ name, what })), examples: examples(origin) }
}
