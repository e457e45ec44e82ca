/** Gives the focus back to what had it before something opened over it or beside it; false where that is gone. */
export function giveBack(before: Element | null): boolean {
  if (!(before instanceof HTMLElement) || before === document.body || !before.isConnected) return false
  before.focus()
  return true
}
