/** Pieces of Block Kit that are as they should be, for tests to spoil. */
export const long = (count: number) => 'x'.repeat(count)
export const plain = (text: string) => ({ type: 'plain_text', text })
export const words = (text: string) => ({ type: 'mrkdwn', text })
export const section = (more: object = {}) => ({ type: 'section', text: words('Hello'), ...more })
export const button = (more: object = {}) => ({ type: 'button', text: plain('Press'), action_id: 'press', ...more })
export const actions = (...elements: object[]) => ({ type: 'actions', elements })
export const option = (value = 'a', text = 'A') => ({ text: plain(text), value })
export const many = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index))
export const select = (more: object = {}) => ({ type: 'static_select', action_id: 'choose', options: [option()], ...more })
export const field = (more: object = {}) => ({ type: 'plain_text_input', action_id: 'typed', ...more })
export const input = (element: object, more: object = {}) => ({ type: 'input', block_id: 'field', label: plain('Field'), element, ...more })
export const modal = (more: object = {}) => ({ type: 'modal', title: plain('Title'), blocks: [section()], ...more })
export const confirm = { title: plain('Sure?'), text: words('Really?'), confirm: plain('Yes'), deny: plain('No') }

/** Problems as one reads them. */
export function told(problems: { message: string; pointer: string }[]) {
  return problems.map(({ message, pointer }) => `${message} [${pointer}]`)
}

/** As it arrives: what is undefined does not. */
export function sent(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}
