/** The block with the buttons of a request. */
export function decidingBlock(id: string) {
  return `request ${id}`
}
