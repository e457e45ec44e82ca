import type { World } from './call.ts'

export function pushTag(_world: World, _repository: string, _tag: string, _performer?: string) {}
