import type { World } from './call.ts'

/** Moves on what time moves. */
export function advance(_world: World) {}
