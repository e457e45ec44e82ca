const parts = /^(postgres(?:ql)?:\/\/(?:[^@/?#]*@)?)([^@/?#]+)([/?].*)?$/

/**
 * The URLs of the hosts that DATABASE_URL names, in order: `postgres://bot@db1,db2:5433/quaymaster` has two. Undefined if it is not a
 * URL of PostgreSQL.
 */
export function databaseUrls(databaseUrl: string): string[] | undefined {
  const [, front = '', hosts = '', rest = ''] = parts.exec(databaseUrl) ?? []
  const urls = hosts.split(',').map((host) => `${front}${host}${rest}`)
  return hosts !== '' && urls.every((url) => URL.parse(url)?.hostname) ? urls : undefined
}
