// What stands between and after the words that say something.
const particles =
  'を の に で が は へ と から まで も や して する した します ください 下さい 見せて 教えて たい です ます か って ある て た な い し る'.split(
    ' ',
  )
const endings = ['したい', 'する', 'した', 'して', 'を', 'の', 'に', 'が', 'は']

/** Whether the text is nothing but particles. Place by place: an expression would try every way to cut it, of which there are too many. */
export function isParticles(text: string): boolean {
  const reached = new Set([0])
  for (const at of reached) for (const one of particles) if (text.startsWith(one, at)) reached.add(at + one.length)
  return text !== '' && reached.has(text.length)
}

/** `をキャンセルする` as `キャンセル`. */
export function withoutParticles(text: string): string {
  if (isParticles(text)) return text
  const rest = text.replace(/^[をのにでがはへとも]+/u, '')
  let end = rest.length
  for (let ending = endingAt(rest, end); ending; ending = endingAt(rest, end)) end -= ending.length
  return rest.slice(0, end)
}

function endingAt(text: string, end: number) {
  return endings.find((one) => text.endsWith(one, end))
}
