// What people call tags without a number in them.
const tagWords = new Set(
  'latest stable main master trunk dev devel develop development prod production live staging stage qa test testing edge nightly daily beta alpha rc release candidate canary current next old previous snapshot lts base slim alpine debug broken good bad'.split(
    ' ',
  ),
)

/** What people call tags without a number in it: `latest`. */
export function isTagWord(word: string) {
  return tagWords.has(word.toLowerCase())
}

/** A word or number that is hardly a name of something by itself. */
export function isProse(word: string) {
  return /^(?:\p{L}+|\d{1,4})$/u.test(word) && !tagWords.has(word.toLowerCase())
}
