import { z } from 'zod'
import type { Command } from '../../command/command.ts'
import { type Field, fieldsOf } from '../../command/fields.ts'

const longestText = 4_000
const mostEntries = 100

/** The arguments of a tool for one command: its fields, by name, without credentials. Their values are read like typed ones later. */
export function argumentsOf(command: Command): z.ZodObject {
  const shape = toolFields(command).map((field) => {
    const type = typeOf(field).describe(hintOf(field))
    return [field.name, field.required ? type : type.optional()] as const
  })
  return z.strictObject(Object.fromEntries(shape))
}

/** What a tool may give: no credentials. */
export function toolFields(command: Command): Field[] {
  return fieldsOf(command).filter(({ secret }) => !secret)
}

const text = z.string().max(longestText)

/** The arguments of a tool for many commands, which are checked by name against the command. */
export const looseArguments = z
  .record(z.string().max(60), z.union([text, z.number(), z.boolean(), z.array(text).max(mostEntries)]))
  .describe('The fields of the command by name, as quay_find_command lists them')

function typeOf({ type, options }: Field): z.ZodType {
  switch (type) {
    case 'boolean':
      return z.boolean()
    case 'number':
      return z.number()
    case 'choice':
      return z.enum(options)
    case 'choices':
      return z.array(z.enum(options)).max(mostEntries)
    case 'list':
      return z.array(text).max(mostEntries)
    default:
      return text
  }
}

const objects: Record<string, { form: string; example: string }> = {
  repository: { form: 'namespace/name', example: 'acme/web' },
  'new-repository': { form: 'namespace/name', example: 'acme/web' },
  robot: { form: 'organization+name', example: 'acme+ci' },
}

/** The hint of the field, with the form of its object where it does not say it. */
function hintOf({ hint, label, of }: Field) {
  const { form, example } = objects[of ?? ''] ?? {}
  const said = hint ?? label
  return form === undefined || said.includes(form) ? said : `${said} (${form}, such as ${example})`
}

/**
 * The schema as clients see it, without its check: a call that does not fit is refused by `callTool`, which writes it to the audit log
 * and answers in our own words.
 */
export function describedSchema(schema: z.ZodObject) {
  return { '~standard': { ...schema['~standard'], validate: (value: unknown) => ({ value }) } }
}
