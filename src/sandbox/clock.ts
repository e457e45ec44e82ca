/** The sandbox's clock: the system's time, plus what a person has advanced it by. */
export function sandboxClock() {
  let ahead = 0
  return {
    now: () => Date.now() + ahead,
    advance: (ms: number) => {
      ahead += ms
    },
  }
}
