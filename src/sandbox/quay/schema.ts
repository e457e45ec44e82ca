export interface Schema {
  type?: string | string[]
  required?: string[]
  properties?: Record<string, Schema>
  items?: Schema
  enum?: unknown[]
  oneOf?: Schema[]
  anyOf?: Schema[]
  not?: Schema
  pattern?: string
  minimum?: number
  maximum?: number
  minItems?: number
  maxLength?: number
  uniqueItems?: boolean
  additionalProperties?: boolean
}
