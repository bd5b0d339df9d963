/** An event for the merchant, delivered at least once. It lives inside the document whose change it reports. */
export interface PendingEvent {
  /** Stable: derived from what happened, so that the same happening never makes two. */
  id: string
  type: string
  /** JSON text of the payload: foreign keys may hold dots and dollar signs. */
  data: string
  createdAt: number
  /**
   * `waiting` for its first or next attempt; `delivered`; `dead` when the last attempt failed: it is kept for people.
   * Absent in what was written before there were states: see `stateOf`.
   */
  state?: EventState
  /** How often it was tried. */
  attempts: number
  /** When the next attempt is due; absent once it is delivered or dead. */
  dueAt?: number
  /** When `dueAt` was written: if that lies in the future, the clock was wrong, and the event is due at once. */
  plannedAt?: number
  /** When it was delivered or given up. */
  endedAt?: number
  /** What the last attempt that failed came to. */
  lastError?: string
}

export type EventState = 'waiting' | 'delivered' | 'dead'
