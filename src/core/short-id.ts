const uuid = /^([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** An id as people read it: the first eight characters of a UUID, which are taken wherever the id is. Any other text stays as it is. */
export function shortId(id: string): string {
  return uuid.exec(id)?.[1] ?? id
}

/** A text, such as a command, with the ids in it as people read them. */
export function withShortIds(text: string): string {
  return text.replaceAll(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, shortId)
}
