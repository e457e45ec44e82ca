import type { SyntaxNode } from '@lezer/common'
import { parser } from '@prometheus-io/lezer-promql'

/** Parses a query; throws where it is not PromQL. */
export function parsed(text: string): SyntaxNode {
  const tree = parser.parse(text)
  tree.iterate({
    enter: ({ type, from }) => {
      if (type.isError) throw new Error(`not PromQL at ${from}: ${text}`)
    },
  })
  const [top] = childrenOf(tree.topNode)
  if (!top) throw new Error(`empty: ${text}`)
  return top
}

export function nameIn(node: SyntaxNode, text: string) {
  return wordsOf(only(descendants(node, 'Identifier')[0]), text)
}

export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const all: SyntaxNode[] = []
  for (let child = node.firstChild; child; child = child.nextSibling) all.push(child)
  return all
}

export function descendants(node: SyntaxNode, name: string): SyntaxNode[] {
  return [...(node.name === name ? [node] : []), ...childrenOf(node).flatMap((child) => descendants(child, name))]
}

export const wordsOf = ({ from, to }: SyntaxNode, text: string) => text.slice(from, to)

const units: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 }

/** `5m` as seconds. */
export function secondsOf(text: string) {
  const [, number, unit] = /^(\d+)([smhd])$/.exec(text) ?? []
  return Number(number) * only(units[unit ?? ''])
}

export function only<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('the query has another shape than known here')
  return value
}
