import type { InputBlock, ModalView } from '@slack/types'
import type { Translate } from '../../core/i18n.ts'
import type { Revealed } from '../../security/secrets.ts'
import { button, clip, plain, section } from '../../slack/blocks.ts'

/** Shows a credential in text fields, which a phone can select, with snippets below. Nothing is read back from the fields. */
export function credentialModal(secret: string, { credentials, context, what }: Revealed, t: Translate): ModalView {
  const values = Object.entries(credentials).map(([name, value]) => ({ name, value: value.reveal() }))
  const main = values[0]?.value ?? ''
  return {
    type: 'modal',
    // The middleware in app/slack-app.ts recognizes this modal by the word “credential” in its ids, and cuts its payloads.
    callback_id: 'credential',
    title: plain(t.plain('Credential')),
    // Slack requires a submit button if there are fields. This one deletes nothing.
    submit: plain(t.plain('Close')),
    close: plain(t.plain('Cancel')),
    blocks: [
      section(t('{what}. You can open it again for ten minutes, unless you delete it.', { what: t.plain(what.message, what.values) })),
      ...values.map(({ name, value }) => field(`credential:${name}`, t.plain(labels[name] ?? name), value)),
      ...snippets(context, main, t),
      {
        type: 'actions',
        block_id: 'credential:done',
        elements: [button({ action: 'credential:done', label: t.plain('Done, delete it'), value: secret, style: 'danger' })],
      },
    ],
  }
}

const labels: Record<string, string> = { token: 'Token', password: 'Password', encryptedPassword: 'Encrypted password' }

function snippets({ username, registry }: Record<string, string>, value: string, t: Translate): InputBlock[] {
  if (username === undefined || registry === undefined) return []
  const auth = Buffer.from(`${username}:${value}`).toString('base64')
  const dockerConfig = JSON.stringify({ auths: { [registry]: { auth } } }, null, 2)
  return [
    field('credential:podman', t.plain('Podman or Docker'), `podman login ${registry} -u='${username}' -p='${value}'`),
    field('credential:kubernetes', t.plain('Kubernetes Secret'), kubernetesSecret(username, dockerConfig), true),
    field('credential:docker', t.plain('Docker config.json'), dockerConfig, true),
  ]
}

function kubernetesSecret(username: string, dockerConfig: string) {
  const name = `${username.replaceAll(/[^a-z0-9]+/g, '-')}-pull-secret`
  return [
    'apiVersion: v1',
    'kind: Secret',
    'metadata:',
    `  name: ${name}`,
    'data:',
    `  .dockerconfigjson: ${Buffer.from(dockerConfig).toString('base64')}`,
    'type: kubernetes.io/dockerconfigjson',
  ].join('\n')
}

function field(id: string, label: string, value: string, multiline = false): InputBlock {
  return {
    type: 'input',
    block_id: id,
    optional: true,
    label: plain(label),
    element: { type: 'plain_text_input', action_id: 'credential', multiline, initial_value: clip(value, 3000) },
  }
}
