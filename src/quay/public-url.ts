/** An address without user, query and fragment, which may hold credentials; undefined for what is no address. */
export function publicUrl(address: string | null | undefined) {
  const url = address ? URL.parse(address) : null
  return url ? url.origin + url.pathname : undefined
}
