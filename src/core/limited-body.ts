import type { IncomingMessage } from 'node:http'

/** The raw body of a request, in bytes as they came; undefined if it has more than `atMost`, which is found out as early as possible. */
export async function limitedBody(request: IncomingMessage, atMost: number): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > atMost) return undefined
  const pieces: Buffer[] = []
  let length = 0
  // A stream without encoding yields Buffers.
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length
    if (length > atMost) return undefined
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}
