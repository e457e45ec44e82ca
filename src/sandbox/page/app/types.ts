/** JSON from the bot: Block Kit has more shapes than the page must know by name. */
export interface Fields {
  [name: string]: unknown
}

export interface Text {
  type: 'plain_text' | 'mrkdwn'
  text: string
}

export interface Option {
  text: Text
  value: string
  description?: Text
  url?: string
}

export interface Confirm {
  title: Text
  text: Text
  confirm: Text
  deny: Text
  style?: 'primary' | 'danger'
}

/** An interactive element of a block. */
export interface Element extends Fields {
  type: string
  action_id: string
  text?: Text
  value?: string
  url?: string
  style?: string
  confirm?: Confirm
  placeholder?: Text
  options?: Option[]
  option_groups?: { label: Text; options: Option[] }[]
  accessibility_label?: string
}

export interface Block extends Fields {
  type: string
  block_id?: string
  elements?: Element[]
  accessory?: Element
  element?: Element
  label?: Text
  hint?: Text
  optional?: boolean
}

export interface SharedFile {
  id: string
  name?: string
  title?: string
  size?: number
}

export interface Message {
  ts: string
  thread_ts: string | null
  user: string
  text: string
  blocks: Block[]
  attachments?: { blocks?: Block[]; text?: string; fallback?: string }[]
  files?: SharedFile[]
  reactions?: { name: string; count: number }[]
  ephemeral: boolean
  edited: boolean
  /** A reply in a thread that the channel shows too. */
  broadcast: boolean
  /** Whom it mentions: `@alice`, `@platform`, `@here`. */
  pings: string[]
  failed?: boolean
}

export interface Channel {
  id: string
  name: string
  is_im: boolean
  purpose: string
  is_ext_shared: boolean
  /** The messages tab of an app that takes no messages. */
  read_only: boolean
  members: string[]
  messages: Message[]
}

export interface View {
  id: string
  type: 'modal' | 'home'
  title: string
  submit: string | null
  close: string | null
  fields: Record<string, unknown>
  errors: Record<string, string>
  trouble: string | null
  blocks: Block[]
}

export interface Screen {
  user: string
  /** Their locale in Slack: `ja-JP`. */
  locale: string
  channels: Channel[]
  /** Open modals, the top one last. */
  views: View[]
  home: View | null
  connections: number
  now: number
  /** The start of the present state: later after a restart or reset of the sandbox. */
  world: number
}

export interface Person {
  id: string
  name: string
  real_name: string
  title: string
  is_restricted: boolean
  team_id: string
}

/** What does not change while the page is open. */
export interface Workspace {
  people: Person[]
  /** Users with a name who cannot be played. */
  apps: { id: string; name: string }[]
  channels: { id: string; name: string }[]
  usergroups: { id: string; handle: string; name: string }[]
  commands: { command: string; description: string; usage_hint: string }[]
  shortcuts: { name: string; callback_id: string; type: string }[]
}

/** One line of the traffic panel: a call between Slack, the bot and Quay. `at` in milliseconds; `ms` is how long the answer took. */
export interface TrafficLine {
  key: string
  at: number
  between: 'slack' | 'quay'
  direction: 'to bot' | 'from bot'
  name: string
  kind: string
  outcome: string
  failed: boolean
  ms?: number
  request: unknown
  answer: unknown
}
