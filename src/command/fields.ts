import { z } from 'zod'
import type { Command, IdKind, ObjectKind } from './command.ts'

/** One input field as the syntax, the modal and the help read it: everything from `z.toJSONSchema`, in one shape. */
export interface Field {
  name: string
  /** The name in words, for labels. */
  label: string
  hint: string | undefined
  type: 'string' | 'number' | 'boolean' | 'date' | 'choice' | 'list' | 'choices'
  /** The values of a choice. */
  options: string[]
  labels: Record<string, string>
  /** What a registry needs for a value to be offered (offered.ts). */
  offered: Record<string, { flag: string; since?: number }>
  required: boolean
  default: unknown
  of: ObjectKind | undefined
  in: string | undefined
  /** What kind of id it is, if the object has no name. */
  id: IdKind | undefined
  /** How a typed time is read. */
  time: 'past' | 'duration' | 'moment' | undefined
  multiline: boolean
  /** Whether a value may look like `cn=developers`. */
  assignments: boolean
  advanced: boolean
  secret: boolean
  moment: boolean
  minLength: number | undefined
  maxLength: number | undefined
  minimum: number | undefined
  maximum: number | undefined
  integer: boolean
}

interface Property extends z.core.JSONSchema.BaseSchema {
  items?: Property
}

const known = new WeakMap<z.ZodObject, Field[]>()

/** The fields of a command's input: required ones first, otherwise in the order of the schema. */
export function fieldsOf({ input }: Pick<Command, 'input'>): Field[] {
  const fields = known.get(input) ?? readFields(input)
  known.set(input, fields)
  return fields
}

/** Whether the field identifies the object, as opposed to a change of it. */
export function isKey({ required, of }: Field) {
  return required && of !== undefined
}

function readFields(input: z.ZodObject) {
  // zod's type of a JSON Schema is wider than that of an object's.
  const { properties = {}, required = [] } = z.toJSONSchema(input, { io: 'input' }) as {
    properties?: Record<string, Property>
    required?: string[]
  }
  const fields = Object.entries(properties).map(([name, property]) => fieldOf(name, property, required.includes(name)))
  return [...fields.filter((field) => field.required), ...fields.filter((field) => !field.required)]
}

function fieldOf(name: string, property: Property, required: boolean): Field {
  return {
    name,
    label: property.title ?? inWords(name),
    hint: property.description,
    type: typeOf(property),
    options: (property.items?.enum ?? property.enum ?? []).map(String),
    labels: (property.labels as Record<string, string> | undefined) ?? {}, // `.meta` of FieldMeta wrote it
    offered: (property.offered as Field['offered'] | undefined) ?? {}, // `.meta` of FieldMeta wrote it
    required,
    default: property.default,
    of: property.of as ObjectKind | undefined, // `.meta` of FieldMeta wrote it
    in: property.in as string | undefined, // `.meta` of FieldMeta wrote it
    id: property.identifies as IdKind | undefined, // `.meta` of FieldMeta wrote it
    time: property.time as Field['time'], // `.meta` of FieldMeta wrote it
    multiline: property.multiline === true,
    assignments: property.assignments === true,
    advanced: property.advanced === true,
    secret: property.secret === true,
    moment: property.moment === true,
    minLength: property.minLength,
    maxLength: property.maxLength,
    minimum: property.minimum,
    maximum: property.maximum,
    integer: property.type === 'integer',
  }
}

function typeOf({ type, format, enum: values, items }: Property): Field['type'] {
  if (type === 'array') return items?.enum ? 'choices' : 'list'
  if (values) return 'choice'
  if (format === 'date') return 'date'
  if (type === 'number' || type === 'integer') return 'number'
  return type === 'boolean' ? 'boolean' : 'string'
}

/** `docker_tags` is “Docker tags”. */
function inWords(name: string) {
  const words = name.replaceAll(/[_-]/g, ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
