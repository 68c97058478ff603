/** Hints: one line, each shown once in a life, and only where it helps. */
import type { ModelEntry } from '../wire';

/** A hint. */
export type Hint = 'mentions' | 'key' | 'magic';

/** Where the hints that were shown are kept in the state database. */
export const HINTS = 'autoanalyst:hints';

/** What decides which hint helps. */
export interface Now {
  readonly tables: number;
  readonly models: readonly ModelEntry[];
}

/** Whether a hint helps now. */
export function helps(hint: Hint, now: Now): boolean {
  return hint === 'key'
    ? now.models.length > 0 && now.models.every(model => model.local || !model.ready)
    : now.tables > 0;
}

/** The hint to show next; null: there is nothing (more) to say. */
export function nextHint(seen: readonly string[], now: Now): Hint | null {
  const order: readonly Hint[] = ['mentions', 'key', 'magic'];
  return order.find(hint => helps(hint, now) && !seen.includes(hint)) ?? null;
}

/** What the state database says was shown; it may hold anything. */
export function seenHints(kept: unknown): readonly string[] {
  return Array.isArray(kept) ? kept.filter((hint): hint is string => typeof hint === 'string') : [];
}
