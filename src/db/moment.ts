import { timestamp } from 'drizzle-orm/pg-core'

/** Milliseconds, as JavaScript has them: what is read back is what was written. */
export const moment = () => timestamp({ withTimezone: true, precision: 3 })
