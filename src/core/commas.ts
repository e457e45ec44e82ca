/** What stands between the items of a list that no word joins: Japanese has a comma of its own, without a space. */
export function commas({ language }: { language: string }, items: readonly string[]) {
  return items.join(language === 'ja' ? '、' : ', ')
}
