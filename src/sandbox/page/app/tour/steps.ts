import type { Channel, Message, Screen } from '../types.ts'

export interface Step {
  title: string
  as: string
  in: string
  what: string
  /** The command for the input line, without the slash command itself. */
  type?: string
  press?: string
  /** Whether a message of the bot shows that the step is done. */
  shows(message: Message, where: Channel, user: string): boolean
  /** The step changes the result of the one before, instead of creating one. */
  changes?: boolean
}

/** The six main features of Quaymaster, each for one person. A second round requests another repository, because the first exists. */
export function stepsOf(round: number): Step[] {
  const repository = round === 1 ? 'labs/web' : `labs/web-${round}`
  return [
    {
      title: 'Request a repository',
      as: 'alice',
      in: 'general',
      what: 'Alice has no permission in labs. Quaymaster does not just refuse: it requests approval from those who have it, with her reason.',
      type: `repo create ${repository} reason="The new front page"`,
      shows: (message, { name }) => name === 'quay-approvals' && asks(message, repository),
    },
    {
      title: 'Approve it',
      as: 'bea',
      in: 'quay-approvals',
      what: 'Bea is an admin of labs. The card in #quay-approvals has all that she needs to approve or deny. The command runs once, and the card shows who approved it.',
      press: 'Approve',
      changes: true,
      shows: (message, { name }) => name === 'quay-approvals' && asks(message, repository) && /approved by/i.test(message.text),
    },
    {
      title: 'Watch a build fail',
      as: 'alice',
      in: 'acme-dev',
      what: 'One card is updated until the build ends: queued, pulling, building. The tests in this archive fail after about ten seconds.',
      type: 'build start acme/api https://downloads.example.com/fail.tar.gz',
      shows: (message) => isCard(message) && /acme\/api/.test(message.text) && /> failed\b/.test(message.text),
    },
    {
      title: 'Read its log',
      as: 'alice',
      in: 'acme-dev',
      what: 'The last page comes first, because it shows why a build failed. Press Logs on the card, or type the command.',
      type: 'build logs acme/api',
      press: 'Logs',
      // The last lines are in the card's thread for everybody; this step asks for the log.
      shows: ({ text }) => /^Build log of .*acme\/api/.test(text),
    },
    {
      title: 'Fix it',
      as: 'alice',
      in: 'acme-dev',
      what: 'A build of a better archive succeeds. Bea has subscribed this channel to status changes: the card says that acme/api is fixed.',
      type: 'build start acme/api https://downloads.example.com/api.tar.gz',
      shows: (message) => isCard(message) && /acme\/api/.test(message.text) && /> (succeeded|fixed)\b/.test(message.text),
    },
    {
      title: 'Page the usage logs',
      as: 'dora',
      in: 'general',
      what: 'Dora is a superuser of the registry. The next page is loaded in advance; press Older.',
      type: 'logs',
      press: 'Older',
      shows: (message, _, user) => user === 'dora' && message.text.startsWith('Usage logs of') && hasButton(message, 'Newer'),
    },
  ]
}

/** Whether the present step is done. Messages from before it began do not count: they are of another build or an earlier tour. */
export function isDone({ user, channels }: Screen, steps: Step[], begun: number[]) {
  const step = steps[begun.length - 1]
  const since = begun.at(step?.changes ? -2 : -1) ?? 0
  return channels.some((channel) =>
    channel.messages.some((one) => one.user === 'quaymaster' && Number(one.ts) * 1000 > since && step?.shows(one, channel, user)),
  )
}

function asks({ ephemeral, text, blocks }: Message, name: string) {
  return !ephemeral && text.includes('requests approval for') && new RegExp(`${name}(?![\\w-])`).test(JSON.stringify(blocks))
}

/** Messages that follow a build; lists of builds also contain old ones. */
function isCard(message: Message) {
  return !message.ephemeral && hasButton(message, 'Logs')
}

function hasButton({ blocks }: Message, label: string) {
  return blocks.some(({ elements = [] }) => elements.some(({ type, text }) => type === 'button' && text?.text.includes(label)))
}
