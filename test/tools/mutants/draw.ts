/** Numbers between 0 and 1, the same for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** All of them in an order drawn with this seed. The first of a longer draw are those of a shorter one. */
export function drawn<Item>(items: Item[], seed: number): Item[] {
  const next = seeded(seed)
  return items
    .map((item) => ({ item, place: next() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item)
}

/** Between which two shares the true one lies with 95 % (Wilson). */
export function interval(hits: number, all: number): [number, number] {
  if (all === 0) return [0, 1]
  const z = 1.96
  const share = hits / all
  const middle = share + (z * z) / (2 * all)
  const spread = z * Math.sqrt((share * (1 - share)) / all + (z * z) / (4 * all * all))
  const under = 1 + (z * z) / all
  return [(middle - spread) / under, (middle + spread) / under]
}
