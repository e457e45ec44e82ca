/** An approval, as far as it counts. */
export interface Standing {
  person: { account: string; one?: string | undefined }
  entitled: boolean
  /** The approver for whom it was given. */
  behalf?: { account: string; one: string } | null | undefined
}

/**
 * Whether these are enough different accounts of different people, one of them with the permission in Quay. `pairs`: accounts that
 * count as one, because one has handed their approvals to the other (docs/SECURITY.md rule 42).
 */
export function isEnough(standings: Standing[], needed: number, pairs: [string, string][] = []) {
  return approversIn(standings, pairs) >= needed && standings.some(({ entitled }) => entitled)
}

/** Whether two approvals would count as one. */
export function countAsOne(one: Standing, other: Standing, pairs: [string, string][] = []) {
  return approversIn([one, other], pairs) === 1
}

/** How many different approvers there are: whoever shares an account, a person or a delegation with another is one with them. */
function approversIn(standings: Standing[], pairs: [string, string][]) {
  const accounts = new Set(standings.map(({ person }) => person.account))
  const joined = pairs.filter((pair) => pair.every((account) => accounts.has(account))).map((pair) => pair.map(ofAccount))
  let groups: Set<string>[] = []
  for (const keys of [...standings.map(keysOf), ...joined]) {
    const [same, others] = [
      groups.filter((group) => keys.some((key) => group.has(key))),
      groups.filter((group) => !keys.some((key) => group.has(key))),
    ]
    groups = [...others, new Set([...keys, ...same.flatMap((group) => [...group])])]
  }
  return groups.length
}

function keysOf({ person, behalf }: Standing) {
  return [person, ...(behalf ? [behalf] : [])].flatMap(({ account, one }) => [
    ofAccount(account),
    ...(one === undefined ? [] : [`person ${one}`]),
  ])
}

function ofAccount(account: string) {
  return `account ${account}`
}
