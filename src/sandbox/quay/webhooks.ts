import type { World } from './call.ts'

export function deliver(_world: World, _repository: string, _event: string, _data: Record<string, unknown>) {}
