import type { Message, Screen } from '../types.ts'

export interface Step {
  title: string
  as: string
  in: string
  what: string
  /** What goes into the line below the messages. */
  type?: string
  press?: string
  /** Whether it can be seen on somebody's screen that the step is done. */
  seen(screen: Screen): boolean
}

/** The six things that Quaymaster is about, each for one person. */
export const steps: Step[] = [
  {
    title: 'Ask for a repository',
    as: 'alice',
    in: 'general',
    what: 'Alice has no right in labs. The bot does not refuse her: it asks those who have it, with her reason.',
    type: '/quay repo create labs/web reason="The new front page"',
    seen: (screen) => says(screen, 'quay-approvals', /labs\/web/),
  },
  {
    title: 'Approve it',
    as: 'bea',
    in: 'quay-approvals',
    what: 'Bea is an admin of labs. The card in #quay-approvals has all that she needs for a decision. It runs once, on her authority, and the card says so.',
    press: 'Approve',
    seen: (screen) =>
      says(screen, 'quay-approvals', /labs\/web/, /approved by/i) || says(screen, 'quay-approvals', /labs\/web/, /created/i),
  },
  {
    title: 'Watch a build fail',
    as: 'alice',
    in: 'acme-dev',
    what: 'One card is edited as long as the build lives: queued, pulling, building. This archive fails its tests, after some ten seconds.',
    type: '/quay build start acme/api https://downloads.example.com/fail.tar.gz',
    seen: (screen) => anywhere(screen, /acme\/api/, /\bfailed\b|\bbroke\b|still broken/),
  },
  {
    title: 'Read its log',
    as: 'alice',
    in: 'acme-dev',
    what: 'The last page comes first, as a failure stands at the end. Press Logs on the card, or type the command.',
    type: '/quay build logs acme/api',
    press: 'Logs',
    seen: (screen) => anywhere(screen, /Step 3\/3|RUN make test/),
  },
  {
    title: 'Fix it',
    as: 'alice',
    in: 'acme-dev',
    what: 'A build of a better archive succeeds, and who subscribed to changes reads that acme/api is fixed.',
    type: '/quay build start acme/api https://downloads.example.com/api.tar.gz',
    seen: (screen) => anywhere(screen, /acme\/api/, /is fixed|\bsucceeded\b/),
  },
  {
    title: 'Page the usage logs',
    as: 'dora',
    in: 'general',
    what: 'Dora is a superuser of the registry. The next page is there before she asks for it; press Older.',
    type: '/quay logs',
    press: 'Older',
    seen: ({ user, channels }) =>
      user === 'dora' && channels.some(({ messages }) => messages.some((one) => fromBot(one) && hasButton(one, 'Newer'))),
  },
]

function says({ channels }: Screen, channel: string, ...patterns: RegExp[]) {
  return channels.some(({ name, messages }) => name === channel && messages.some((one) => matches(one, patterns)))
}

function anywhere({ channels }: Screen, ...patterns: RegExp[]) {
  return channels.some(({ messages }) => messages.some((one) => matches(one, patterns)))
}

function matches(message: Message, patterns: RegExp[]) {
  const text = `${message.text} ${JSON.stringify(message.blocks)}`
  return fromBot(message) && patterns.every((pattern) => pattern.test(text))
}

const fromBot = ({ user }: Message) => user === 'quaymaster'

function hasButton({ blocks }: Message, label: string) {
  return blocks.some(({ elements = [] }) => elements.some(({ type, text }) => type === 'button' && text?.text.includes(label)))
}
