import type { Bot } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import { cached } from '../../core/ttl-cache.ts'
import { withPriority } from '../../quay/http.ts'
import { isUnaddressable, repositoryName } from '../../quay/names.ts'
import { findRepository, type Repository } from '../../quay/repositories.ts'

/**
 * The public repository behind a URL of the registry's web console, cached for half a minute. Undefined for everything else:
 * another host, another page, a private or missing repository. The caller cannot tell these apart
 * (docs/SECURITY.md rule 22). Throws `unavailable`.
 */
export async function linkedRepository(bot: Bot, address: string): Promise<Repository | undefined> {
  const name = repositoryIn(address, bot.quay.url)
  if (name === undefined) return undefined
  const quay = withPriority(bot.quay, { class: 'background', work: 'preview' })
  const found = await cached(bot.cache, `linked ${name}`, () => findRepository(quay, name)).catch(nothing)
  return found?.visibility === 'public' ? found : undefined
}

function nothing(error: unknown) {
  if (error instanceof Failure && error.code !== 'unavailable') return undefined
  throw error
}

/** `acme/web` of `https://quay.example.com/repository/acme/web/tag/latest?tab=tags`. */
function repositoryIn(address: string, registry: string): string | undefined {
  const url = URL.parse(address)
  if (!url || url.host !== new URL(registry).host) return undefined
  const [, first, ...segments] = url.pathname.replace(/\/{1,50}$/, '').split('/')
  if (first !== 'repository') return undefined
  // Names may be nested. A word of Quay's own routes ends the name, and the rest is a page of the repository.
  const end = segments.findIndex((_, index) => isUnaddressable(segments.slice(0, index + 1).join('/')))
  const name = (end < 0 ? segments : segments.slice(0, end)).join('/')
  return repositoryName.safeParse(name).success ? name : undefined
}
