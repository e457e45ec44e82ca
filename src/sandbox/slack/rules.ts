import { type Fields, isFields, lengthOf, textOf } from './json.ts'

/** One problem, in the words of Slack's validator (docs/slack.md §1.6). */
export interface Problem {
  code: string
  message: string
  pointer: string
  constraint?: Fields
  field?: string
}

/** A rule for a value; `at` is its JSON pointer. */
export type Rule = (value: unknown, at: string) => Problem[]

function failed(type: string, expected: unknown, message: string, pointer: string): Problem {
  return { code: 'failed_constraint', message, pointer, constraint: { type, expected } }
}

export function wrongType(message: string, pointer: string): Problem {
  return { code: 'invalid_type', message, pointer }
}

function missingField(name: string, pointer: string): Problem {
  return { code: 'missing_field', message: `missing required field: ${name}`, pointer, field: name }
}

/** A rule that Slack's schema cannot express. */
export function semantic(message: string, pointer: string): Problem {
  return { code: 'failed_constraint', message, pointer }
}

export function string({ min = 0, max = Infinity, pattern }: { min?: number; max?: number; pattern?: RegExp } = {}): Rule {
  return (value, at) => {
    if (typeof value !== 'string') return [wrongType('must provide a string', at)]
    const length = lengthOf(value)
    if (length > max) return [failed('max_length', max, `must be less than ${max + 1} characters`, at)]
    if (length < min) return [failed('min_length', min, `must be more than ${min - 1} characters`, at)]
    if (pattern && !pattern.test(value)) return [failed('pattern', pattern.source, `input must match regex pattern: ${pattern.source}`, at)]
    return []
  }
}

export function address(max = 3000): Rule {
  return (value, at) => {
    const wrong = string({ min: 1, max })(value, at)
    if (wrong.length > 0 || URL.canParse(textOf(value))) return wrong
    return [failed('format', 'uri', 'input must be a valid: uri', at)]
  }
}

export function oneOf(...allowed: (string | number)[]): Rule {
  return (value, at) => (allowed.some((one) => one === value) ? [] : [failed('enum', allowed, 'must be a valid enum value', at)])
}

export const boolean: Rule = (value, at) => (typeof value === 'boolean' ? [] : [wrongType('must be a boolean', at)])

export function number({ min = -Infinity, max = Infinity, whole = true }: { min?: number; max?: number; whole?: boolean } = {}): Rule {
  return (value, at) => {
    if (typeof value !== 'number' || (whole && !Number.isInteger(value))) {
      return [wrongType(whole ? 'must provide an integer' : 'must provide a number', at)]
    }
    if (value > max) return [failed('maximum', max, `must be less than ${max + 1}`, at)]
    if (value < min) return [failed('minimum', min, `must be greater than ${min - 1}`, at)]
    return []
  }
}

export function list(of: Rule, { min = 0, max = Infinity }: { min?: number; max?: number } = {}): Rule {
  return (value, at) => {
    if (!Array.isArray(value)) return [wrongType('must provide an array', at)]
    const items = value.flatMap((one, index) => of(one, `${at}/${index}`))
    if (value.length > max) return [failed('max_items', max, `no more than ${max} items allowed`, at), ...items]
    if (value.length < min) return [failed('min_items', min, `must provide at least ${min} items`, at), ...items]
    return items
  }
}

export type Shape = Record<string, Rule>

/** An object with exactly these fields; unknown fields are refused too (docs/slack.md §0). */
export function object(required: Shape, optional: Shape = {}, ...also: Rule[]): Rule {
  const all: Shape = { ...required, ...optional }
  return (value, at) => {
    if (!isFields(value)) return [wrongType('must provide an object', at)]
    const missing = Object.keys(required).filter((name) => value[name] === undefined)
    const extra = Object.keys(value).filter((name) => !(name in all))
    return [
      ...missing.map((name) => missingField(name, at)),
      ...extra.map((name) => failed('additional_properties', Object.keys(all), `invalid additional property: ${name}`, at)),
      ...Object.entries(all).flatMap(([name, rule]) => (value[name] === undefined ? [] : rule(value[name], `${at}/${name}`))),
      ...also.flatMap((rule) => rule(value, at)),
    ]
  }
}

/** An object whose `type` selects the rule. */
export function typed(types: Record<string, Rule>): Rule {
  return (value, at) => {
    if (!isFields(value)) return [wrongType('must provide an object', at)]
    if (value.type === undefined) return [missingField('type', at)]
    const rule = Object.hasOwn(types, String(value.type)) ? types[String(value.type)] : undefined
    if (!rule) return [failed('enum', Object.keys(types), `unsupported type: ${String(value.type)}`, `${at}/type`)]
    return rule(value, at)
  }
}

/** A rule on top of another: inner problems are reported on both levels. */
export function all(rule: Rule): Rule {
  return (value, at) => {
    const inner = rule(value, at)
    return inner.length === 0 ? [] : [failed('all_of', undefined, 'failed to match all allowed schemas', at), ...inner]
  }
}

/** At least one of these fields. */
export function anyOf(...names: string[]): Rule {
  return (value, at) => {
    if (!isFields(value) || names.some((name) => value[name] !== undefined)) return []
    return [failed('any_of', names, 'failed to match any allowed schemas', at), missingField(names[0] ?? '', at)]
  }
}

/** Exactly one of these fields. */
export function exactlyOne(...names: string[]): Rule {
  return (value, at) => {
    if (!isFields(value)) return []
    const given = names.filter((name) => value[name] !== undefined)
    if (given.length === 1) return []
    if (given.length === 0) return [missingField(names[0] ?? '', at)]
    return [failed('one_of', names, 'failed to match exactly one allowed schema', at)]
  }
}
