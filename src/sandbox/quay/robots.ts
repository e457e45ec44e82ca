import { bodyOf } from './body.ts'
import { type Call, created, noContent, ok, param, type Route, route } from './call.ts'
import { dataModelError, invalidRequest } from './errors.ts'
import { findOrganization, findRobot, rowsOf } from './lookup.ts'
import { flawOfName } from './names.ts'
import { forget } from './namespaces.ts'
import type { Robot } from './registry.ts'
import { has } from './release.ts'
import type { Repository } from './repository-state.ts'
import { hasFullAccess, hasNamespaceRole, hasShortCut, isGlobalReader, requireNamespace, requireUserScope } from './rights.ts'
import { log } from './usage-log.ts'
import { randomPassword } from './users.ts'
import { avatar, rfc2822, rfc2822OrNull, truthy } from './views.ts'

// The same calls twice: for an organisation, and for the caller's own namespace.
type Owner = (call: Call, role: 'member' | 'admin') => string

const ofOrganization: Owner = (call, role) => {
  requireNamespace(call, role)
  return param(call, 'orgname')
}
const ofSelf: Owner = (call) => requireUserScope(call, 'user:admin').name

const robotsAt = (base: string, owner: Owner): Route[] => [
  route(`GET ${base}`, (call) => listRobots(call, owner)),
  route(`GET ${base}/{robot_shortname}`, (call) => getRobot(call, owner)),
  route(`PUT ${base}/{robot_shortname}`, (call) => createRobot(call, owner)),
  route(`DELETE ${base}/{robot_shortname}`, (call) => deleteRobot(call, owner)),
  route(`POST ${base}/{robot_shortname}/regenerate`, (call) => regenerate(call, owner)),
  route(`GET ${base}/{robot_shortname}/permissions`, (call) => listPermissions(call, owner)),
  route(`GET ${base}/{robot_shortname}/federation`, (call) => ok(robotOf(call, owner).federation)),
  route(`POST ${base}/{robot_shortname}/federation`, (call) => federate(call, owner)),
  route(`DELETE ${base}/{robot_shortname}/federation`, (call) => unfederate(call, owner)),
]

export const robotRoutes: Route[] = [...robotsAt('/organization/{orgname}/robots', ofOrganization), ...robotsAt('/user/robots', ofSelf)]

const view = ({ name, created: at, lastAccessed }: Robot) => ({ name, created: rfc2822(at), last_accessed: rfc2822OrNull(lastAccessed) })
const withToken = (robot: Robot) => ({ ...view(robot), description: robot.description, token: robot.token })

/** Members see names; only admins the tokens, which come unless `token=false` is said (docs/SECURITY.md rule 3). */
function listRobots(call: Call, owner: Owner) {
  const namespace = owner(call, 'member')
  const { query, world } = call
  const isHis = owner === ofSelf || hasNamespaceRole(call, namespace, 'admin')
  const isAdmin = isHis || hasFullAccess(call)
  const wantsToken = query.get('token') === null || truthy(query.get('token'))
  const robots = world.registry.robots.filter((robot) => robot.namespace === namespace).slice(0, Number(query.get('limit') ?? 10_000))
  const held = heldBy(rowsOf(world.registry))
  return ok({
    robots: robots.map((robot) => ({
      ...view(robot),
      ...(truthy(query.get('permissions')) && (isHis || hasShortCut(call) || isGlobalReader(call)) && grantsOf(call, held, robot)),
      description: robot.description,
      ...(isAdmin && wantsToken && { token: robot.token }),
    })),
  })
}

/** The repositories of each account and robot that has a permission of its own: a company has thousands of both. */
function heldBy(rows: Repository[]) {
  const held = new Map<string, string[]>()
  for (const { name: repository, userPermissions } of rows)
    for (const name of Object.keys(userPermissions)) held.set(name, [...(held.get(name) ?? []), repository])
  return held
}

function grantsOf(call: Call, held: Map<string, string[]>, { name, namespace }: Robot) {
  const teams = findOrganization(call.world.registry, namespace)?.teams.filter((team) => team.members.includes(name)) ?? []
  return {
    teams: teams.map((team) => ({ name: team.name, avatar: avatar(team.name, 'team') })),
    repositories: held.get(name) ?? [],
  }
}

function robotOf(call: Call, owner: Owner): Robot {
  const name = `${owner(call, 'admin')}+${param(call, 'robot_shortname')}`
  return findRobot(call.world.registry, name) ?? dataModelError('Could not find robot with specified username')
}

/** A global reader sees robots without their tokens (docs/quay.md, rights matrix 5). */
function getRobot(call: Call, owner: Owner) {
  const robot = robotOf(call, owner)
  const { token: _, ...plain } = withToken(robot)
  const isReader = owner !== ofSelf && isGlobalReader(call) && !hasNamespaceRole(call, robot.namespace, 'admin')
  return ok({ ...(isReader ? plain : withToken(robot)), unstructured_metadata: robot.metadata })
}

const robotToken = () => randomPassword(64)

function createRobot(call: Call, owner: Owner) {
  const namespace = owner(call, 'admin')
  // A body is not needed at all (recorded/org-robot-create-nobody).
  const { description = '', unstructured_metadata: metadata = {} } = call.text
    ? bodyOf<{ description?: string; unstructured_metadata?: Record<string, unknown> }>(call)
    : {}
  const { registry, now } = call.world
  const short = param(call, 'robot_shortname')
  if (!findOrganization(registry, namespace) && owner !== ofSelf) dataModelError(`Organization does not exist: ${namespace}`)
  const name = `${namespace}+${short}`
  const flaw = flawOfName(short)
  if (flaw) refuse(call, `The name for the robot '${short}' is invalid: ${flaw}`)
  if (findRobot(registry, name)) refuse(call, `Existing robot with name: ${name}`)
  const id = registry.nextId++
  const robot: Robot = {
    id,
    name,
    namespace,
    token: robotToken(),
    description,
    metadata,
    created: now(),
    lastAccessed: null,
    federation: [],
  }
  registry.robots.push(robot)
  log(call, 'create_robot', namespace, { robot: short, description, unstructured_metadata: metadata })
  return created({ ...withToken(robot), unstructured_metadata: Object.keys(metadata).length > 0 ? metadata : null })
}

const refuse = (call: Call, text: string): never =>
  has(call.world.registry, 'robotRefusalsDetailed') ? invalidRequest(call, text) : dataModelError(text)

function deleteRobot(call: Call, owner: Owner) {
  const robot = robotOf(call, owner)
  const { registry } = call.world
  if (registry.repositories.some((repository) => repository.mirror?.robot === robot.name))
    invalidRequest(call, 'Robot is being used by a mirror')
  registry.robots = registry.robots.filter((one) => one !== robot)
  forget(registry, robot.name)
  log(call, 'delete_robot', robot.namespace, { robot: param(call, 'robot_shortname') })
  return noContent()
}

function regenerate(call: Call, owner: Owner) {
  const robot = robotOf(call, owner)
  robot.token = robotToken()
  log(call, 'regenerate_robot_token', robot.namespace, { robot: param(call, 'robot_shortname') })
  return ok(withToken(robot))
}

function listPermissions(call: Call, owner: Owner) {
  // The organisation's admins and superusers need this scope besides (docs/quay.md, Scopes).
  requireUserScope(call, 'user:admin')
  const { name } = robotOf(call, owner)
  const permissions = rowsOf(call.world.registry).flatMap((repository) => {
    const role = repository.userPermissions[name]
    return role ? [{ repository: { name: repository.name, is_public: repository.visibility === 'public' }, role }] : []
  })
  return ok({ permissions })
}

function federate(call: Call, owner: Owner) {
  const robot = robotOf(call, owner)
  robot.federation = bodyOf<Robot['federation']>(call)
  log(call, 'create_robot_federation', robot.namespace, { config: robot.federation, robot: param(call, 'robot_shortname') })
  return ok(robot.federation)
}

function unfederate(call: Call, owner: Owner) {
  const robot = robotOf(call, owner)
  robot.federation = []
  log(call, 'delete_robot_federation', robot.namespace, { robot: param(call, 'robot_shortname') })
  return noContent()
}
