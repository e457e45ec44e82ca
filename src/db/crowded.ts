/** The message of the pool's own refusal (pool.ts), by which `databaseError` recognizes it. */
export const crowded = 'too many statements wait for a connection'
