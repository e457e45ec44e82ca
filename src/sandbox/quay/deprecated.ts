import { type Route, route } from './call.ts'
import { message } from './errors.ts'

// Access tokens of repositories: gone, and still routed.
const base = '/repository/{repository}/tokens/'
const addresses = [`GET ${base}`, `POST ${base}`, `GET ${base}{code}`, `PUT ${base}{code}`, `DELETE ${base}{code}`]

export const deprecatedRoutes: Route[] = addresses.map((address) =>
  route(address, () => message(410, 'Handling of access tokens is no longer supported')),
)
