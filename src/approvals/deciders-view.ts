import { namespacesIn } from '../command/namespaces.ts'
import { commands } from '../command/registry.ts'
import type { Translate } from '../core/i18n.ts'
import { listText } from '../core/lists.ts'
import type { Markup } from '../core/markup.ts'
import type { Rule } from '../core/policy.ts'
import { mention, rawMarkup } from '../slack/blocks.ts'
import { codes } from '../slack/views/codes.ts'

/** The namespaces that a command names with this input; undefined of a command that is no more. */
export function namespacesOf(operation: string, input: Record<string, unknown>) {
  const command = commands.get(operation)
  return command && namespacesIn(command, input)
}

/** Who can approve. What is about no namespace has no admins; of an input that is not known yet, they cannot be told. */
export function whoCanApprove({ approvers }: Rule, namespaces: string[] | undefined, t: Translate, called: (id: string) => Markup) {
  const others = approvers.filter((one) => one !== 'quay:namespace-admin')
  const shown = namespaces?.length === 0 && others.length > 0 ? others : approvers
  return listText(
    t,
    'disjunction',
    shown.map((one) => whoIs(one, namespaces, t, called)),
  )
}

function whoIs(approver: string, namespaces: string[] | undefined, t: Translate, called: (id: string) => Markup) {
  if (approver === 'quay:namespace-admin')
    return namespaces?.length ? t('admins of {namespace}', { namespace: codes(namespaces, t) }) : t('admins of the namespace')
  if (approver === 'quay:superuser') return t('Quay superusers')
  return called(approver).markup
}

/** Who would have to approve, and by which rule. For an ephemeral reply, in which a mention notifies nobody. */
export function decidersView(rule: Rule, t: Translate, namespaces?: string[]) {
  const { name, needed, channel } = rule
  return t('{needed, plural, one {# approval is} other {# approvals are}} needed in {channel} (policy “{rule}”). Approvers: {approvers}.', {
    rule: name,
    needed,
    channel: rawMarkup(`<#${channel}>`),
    approvers: rawMarkup(whoCanApprove(rule, namespaces, t, mention)),
  })
}
