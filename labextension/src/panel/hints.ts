/** Hints: one line, each shown once in a life, and only where it helps. */
import type { ModelEntry } from '../wire';

/** A hint. */
export type Hint = 'mentions' | 'key' | 'magic';

/** Where the hints that were shown are kept in the state database. */
export const HINTS = 'autoanalyst:hints';

/** The hint to show next; null: there is nothing (more) to say. */
export function nextHint(
  seen: readonly string[],
  now: { readonly tables: number; readonly models: readonly ModelEntry[] }
): Hint | null {
  const helps: Record<Hint, boolean> = {
    mentions: now.tables > 0,
    key: now.models.length > 0 && now.models.every(model => model.local || !model.ready),
    magic: now.tables > 0
  };
  const order: readonly Hint[] = ['mentions', 'key', 'magic'];
  return order.find(hint => helps[hint] && !seen.includes(hint)) ?? null;
}

/** What the state database says was shown; it may hold anything. */
export function seenHints(kept: unknown): readonly string[] {
  return Array.isArray(kept) ? kept.filter((hint): hint is string => typeof hint === 'string') : [];
}
