/** Whom a call serves. In this order they go first, but each of the others has a share that nobody takes from it. */
export type CallClass = 'interactive' | 'job' | 'follow' | 'background'

export const callClasses: CallClass[] = ['interactive', 'job', 'follow', 'background']

interface Share {
  /** The part of the rate that it gets while it waits, whoever else does: the one place where this is set. */
  guaranteed: number
  /** The part of the burst that it leaves for people who may come, beyond its guaranteed share. */
  leaves: number
}

export const shares: Record<CallClass, Share> = {
  /** A person waits for the answer. */
  interactive: { guaranteed: 0, leaves: 0 },
  /** Something that was approved, an event on its way to its channel, an export. */
  job: { guaranteed: 0.15, leaves: 0 },
  /** Builds that a channel watches. */
  follow: { guaranteed: 0.1, leaves: 2 / 3 },
  /** Housekeeping: webhooks, digests, directories, suggestions, pages that nobody has asked for yet. */
  background: { guaranteed: 0.1, leaves: 2 / 3 },
}

/** What the call is for, in the metrics: a bounded list, so that no label names a person or a repository. */
export type Work =
  | 'command'
  | 'decision'
  | 'run'
  | 'modal'
  | 'home'
  | 'page'
  | 'suggestion'
  | 'preview'
  | 'export'
  | 'event'
  | 'builds'
  | 'webhooks'
  | 'digest'
  | 'directory'
  | 'policy'
  | 'health'
  | 'other'
