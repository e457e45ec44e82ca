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
  return standings.some(({ entitled }) => entitled) && hasDifferent(standings, needed, pairs)
}

/** Whether so many of them are different approvers, each from each. */
function hasDifferent(standings: Standing[], needed: number, pairs: [string, string][]): boolean {
  if (needed <= 0) return true
  return standings.some((one, index) => {
    const others = standings.slice(index + 1).filter((other) => !countAsOne(one, other, pairs))
    return others.length >= needed - 1 && hasDifferent(others, needed - 1, pairs)
  })
}

/** Whether two approvals would count as one. */
export function countAsOne(one: Standing, other: Standing, pairs: [string, string][] = []) {
  const [mine, theirs] = [new Set(keysOf(one)), new Set(keysOf(other))]
  const isPair = ([first, second]: string[]) => mine.has(first ?? '') && theirs.has(second ?? '')
  return (
    keysOf(other).some((key) => mine.has(key)) ||
    pairs.map((pair) => pair.map(ofAccount)).some((pair) => isPair(pair) || isPair(pair.toReversed()))
  )
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
