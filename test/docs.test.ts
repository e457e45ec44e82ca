import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import project from '../package.json' with { type: 'json' }

// A comment or a page that cites something a reader cannot open is worse than none: whoever follows it loses the thread.

type Page = { file: string; text: string }

const pages: Page[] = ['README.md', ...globSync('docs/**/*.md')].map((file) => ({ file, text: readFileSync(file, 'utf8') }))
const comments: Page[] = [
  ...globSync('{src,test}/**/*.{ts,tsx}').map((file) => ({ file, text: commentsOf(readFileSync(file, 'utf8')) })),
  ...['policy.example.yml', 'manifest.yml', 'Dockerfile', ...globSync('src/**/*.css')].map((file) => ({
    file,
    text: readFileSync(file, 'utf8'),
  })),
]
const everything = [...pages, ...comments].filter(({ file }) => file !== 'test/docs.test.ts')

const files = globSync('{*,docs/**/*,src/**/*,test/**/*,.ci/**/*}').filter((file) => !file.startsWith('node_modules'))
const names = new Set(files.map((file) => basename(file)))

test('every rule of docs/SECURITY.md that is cited is there', () => {
  const rules = new Set([...read('docs/SECURITY.md').matchAll(/^(\d+)\. /gm)].map(([, number]) => number))
  expect(rules).toContain('45')
  expect(
    cited(/SECURITY\.md,? rules? ((?:\d+(?:, | and | to |–)?)+)/g).filter(
      ({ what }) => !what.match(/\d+/g)?.every((one) => rules.has(one)),
    ),
  ).toEqual([])
})

test('every section of docs/quay.md that is cited is a heading there, and its number a point below it', () => {
  const sections = sectionsOf(read('docs/quay.md'))
  const places = cited(/(?<![`\]]|\]\()docs\/quay\.md([^.:()`\]]*)/g).flatMap(({ file, what }) =>
    what.split(/[;,] /).flatMap((one, index) => (index === 0 && !one ? [] : [{ file, what: one }])),
  )
  expect(places.length).toBeGreaterThan(100)
  expect(places.filter(({ what }) => !isSection(what.replace(/^, */, ''), sections))).toEqual([])
})

test('every section of docs/slack.md that is cited is a heading there', () => {
  const numbers = new Set([...read('docs/slack.md').matchAll(/^#+ (\d+(?:\.\d+)?)\.? /gm)].map(([, number]) => number))
  expect(numbers).toContain('6')
  const missing = cited(/docs\/slack\.md ((?:§[\d.]*\d(?:, | and )?)+)/g).filter(
    ({ what }) => !what.match(/[\d.]*\d/g)?.every((one) => numbers.has(one)),
  )
  expect(missing).toEqual([])
})

test('the pages cite their own sections rightly', () => {
  const numbers = new Set([...read('docs/slack.md').matchAll(/^#+ (\d+(?:\.\d+)?)\.? /gm)].map(([, number]) => number))
  const own = [...read('docs/slack.md').matchAll(/§(\d+(?:\.\d+)?)/g)].map(([, number]) => number ?? '')
  expect(own.filter((one) => !numbers.has(one))).toEqual([])
})

test('every file that a comment or a page names is in the repository', () => {
  // A path is written from the root, from `src/` or `test/`, or as the end of one: `quay/budget.ts`.
  const missing = cited(/(?<![\w/.:@{}<>*…-])((?:[\w.-]+\/)*\w[\w.-]*\.(?:tsx?|md|css|json|yml|sh|sql))(?![\w/*<])/g).filter(
    ({ what }) =>
      !elsewhere.has(basename(what)) &&
      !(what.includes('/') ? files.some((file) => `/${file}`.endsWith(`/${what.replace(/^(?:\.\.?\/)+/, '')}`)) : names.has(what)),
  )
  expect(missing).toEqual([])
})

test('every folder that a comment or a page names is in the repository', () => {
  const missing = cited(/(?<![\w/.@-])((?:src|test|docs|\.ci|recorded)\/(?:[\w-]+\/)*)(?![\w.*{<…$])/g).filter(
    ({ what }) => ![what, `test/${what}`].some((one) => existsSync(one)),
  )
  expect(missing).toEqual([])
})

test('nothing cites a paper that is not in the repository', () => {
  expect(
    cited(/\b((?:seed|product|wording|house|design|style|facts|security)(?:\.md)?,? (?:§|rule |chapter |part )\d*)/gi).filter(
      ({ what }) => !/^security\.md rule/i.test(what),
    ),
  ).toEqual([])
  expect(cited(/\b(issue #?\d+)/gi)).toEqual([])
})

test('every rule has its line in the table of tests, and every test named there is one', () => {
  const lines =
    read('docs/SECURITY.md')
      .split(/^## Which test holds each rule$/m)[1]
      ?.match(/^\| \d.*$/gm) ?? []
  expect(lines.map((line) => line.split(' ')[1])).toEqual([...Array.from({ length: 46 }, (_, index) => String(index + 1))])
  const held = lines.flatMap((line) => [...line.matchAll(/`(test\/[^`]+)` ((?:“[^”]+…”(?:, )?)+)/g)])
  const named = held.flatMap(([, file = '', all = '']) => [...all.matchAll(/“([^”]+)…”/g)].map(([, name = '']) => ({ file, name })))
  expect(named.length).toBeGreaterThan(80)
  expect(named.filter(({ file, name }) => !read(file).includes(name))).toEqual([])
})

test('every link of a page leads somewhere', () => {
  const missing = pages.flatMap(({ file, text }) =>
    [...text.matchAll(/\]\(([^)#\s]*)(?:#([^)]*))?\)/g)]
      .filter(([, to = '']) => !/^[a-z]+:/.test(to))
      .filter(([, to = '', anchor]) => {
        const target = to ? join(dirname(file), to) : file
        return !existsSync(target) || (anchor !== undefined && !anchorsOf(read(target)).has(anchor))
      })
      .map(([link]) => `${file}: ${link}`),
  )
  expect(missing).toEqual([])
})

test('every npm script that is named is there', () => {
  const own = new Set(Object.keys(project.scripts))
  expect(cited(/npm run ([a-z][\w:-]*)/g).filter(({ what }) => !own.has(what))).toEqual([])
  expect(own).toContain('new:command')
})

test('the README is short', () => {
  expect(read('README.md').split('\n').length).toBeLessThanOrEqual(120)
})

// Quay's API document, the command that a newcomer adds as an example, an operator's own policy.
const elsewhere = new Set(['swagger.json', 'count.ts', 'policy.yml'])

/** All places where the expression's first group is cited. */
function cited(expression: RegExp) {
  return everything.flatMap(({ file, text }) => [...text.matchAll(expression)].map(([, what = '']) => ({ file, what: what.trim() })))
}

/** The comments of a source, each as one line, apart from the code. */
function commentsOf(source: string) {
  const found = source.match(/(?<=^|[\s;{}(),])\/\/ .*$|\/\*\*?[\s\S]*?\*\/|^ *\/\/$/gm) ?? []
  return found
    .map((one) =>
      one
        .replace(/^\/\*\*?|\*\/$/g, '')
        .replace(/\n\s*\* ?/g, ' ')
        .replace(/^\s*\/\/ ?/, '')
        .trim(),
    )
    .join('\n')
    .replace(/(?<=[^\n])\n(?=[^\n])/g, ' ')
}

/** Headings of a page with the text below each. */
function sectionsOf(text: string) {
  return text.split(/^(?=#+ )/m).map((part) => ({ heading: (/^#+ (.*)/.exec(part)?.[1] ?? '').toLowerCase(), below: part }))
}

/** Whether what is cited begins with a heading; a number behind it is a heading or a point below. */
function isSection(what: string, sections: ReturnType<typeof sectionsOf>) {
  const section = sections.find(
    ({ heading }) => heading && what.toLowerCase().startsWith(heading) && !/^\w/.test(what.slice(heading.length)),
  )
  if (!section) return false
  const number = /^ §?(\d+[a-z]?)\b/.exec(what.slice(section.heading.length))?.[1]
  return (
    !number || new RegExp(`^${number}\\. `, 'm').test(section.below) || sections.some(({ heading }) => heading.startsWith(`${number}. `))
  )
}

/** As GitHub makes them: lower case, no punctuation, dashes for spaces. */
function anchorsOf(text: string) {
  return new Set(
    [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}

function read(file: string) {
  return readFileSync(file, 'utf8')
}
