/** Returns the focus to the element that had it before; false if that is gone. */
export function giveBack(before: Element | null): boolean {
  if (!(before instanceof HTMLElement) || before === document.body || !before.isConnected) return false
  before.focus()
  return true
}
