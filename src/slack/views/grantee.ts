import type { Translate } from '../../core/i18n.ts'
import type { Column } from '../lists/list.ts'
import { asCode, asText } from '../lists/values.ts'

/** A user, robot account or team that has a permission or is a member. `kind` as Quay says it, or a word of a later release. */
interface Named {
  kind: string
  name: string
}

/** The columns that say who a row is about: the name, in a sentence with its kind, and the kind. */
export function granteeColumns<Row>(column: { name: string; title: string }, of: (row: Row) => Named, t: Translate): Column<Row>[] {
  return [
    {
      ...column,
      value: (row) => asCode(of(row).name),
      said: (name, row) =>
        t('{kind, select, team {Team {name}} robot {Robot account {name}} other {{name}}}', { kind: of(row).kind, name }),
    },
    kindColumn(of, t),
  ]
}

/** Team, robot account or user: a table and a file say it, a sentence has it with the name. */
export function kindColumn<Row>(of: (row: Row) => Pick<Named, 'kind'>, t: Translate): Column<Row> {
  return {
    name: 'kind',
    title: t.plain('Kind'),
    value: (row) => asText(t.plain('{kind, select, team {team} robot {robot account} other {user}}', { kind: of(row).kind })),
    said: () => '',
  }
}

/** The word that shows this account: `@alice`, `acme+ci`. Undefined: a team has no page of its own. */
export function opensGrantee({ kind, name }: Named) {
  if (kind === 'team') return
  return kind === 'robot' ? name : `@${name}`
}
