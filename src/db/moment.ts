import { timestamp } from 'drizzle-orm/pg-core'

/** A timestamp in milliseconds, JavaScript's resolution, so that it is read back as it was written. */
export const moment = () => timestamp({ withTimezone: true, precision: 3 })
