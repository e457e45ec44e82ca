import { test } from 'vitest'

import { startBot } from '../start-bot.ts'

test('look', async () => {
  const { alice, bea, dora, quay } = await startBot()
  for (const [person, word] of [[alice, 'acme/api'], [alice, 'acme'], [alice, 'acme/api:v1.1'], [bea, 'acme+ci'], [bea, '@acme/developers'], [dora, '@ivan'], [bea, 'acme/api']] as const) {
    quay.exchanges.length = 0
    const seen = await person.types(`/quay ${word}`)
    console.log(person.name, word, seen.text, JSON.stringify(seen.blocks.map((b: any) => b.type === 'actions' ? b.elements.map((e: any) => e.text?.text ?? (e.option_groups??[]).map((g: any)=>[g.label.text, g.options.map((o: any)=>o.text.text + ' | ' + (o.description?.text??''))])) : b.fields?.map((f: any)=>f.text) ?? b.text?.text ?? b.elements), null, 1), quay.exchanges.map(({method, path}) => method+path))
  }
})
