/** The sandbox's time: the system's, moved forward by as much as somebody has advanced it. */
export function sandboxClock() {
  let ahead = 0
  return {
    now: () => Date.now() + ahead,
    advance: (ms: number) => {
      ahead += ms
    },
  }
}
