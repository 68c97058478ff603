/**
 * How turns become messages: names that stay while a turn streams, and the fewest changes that bring one
 * list of messages to another.
 */
import type { TurnView } from '../model/turn';

/** Which half of a turn a message shows. */
export type Half = 'question' | 'answer';

/** A change to a list: take `remove` out at `index`, and put `insert` there. */
export interface Splice {
  readonly index: number;
  readonly remove: number;
  readonly insert: readonly string[];
}

/** The change that leads from one list of names to another; null: they are equal. */
export function splice(old: readonly string[], wanted: readonly string[]): Splice | null {
  const shorter = Math.min(old.length, wanted.length);
  let start = 0;
  while (start < shorter && old[start] === wanted[start]) {
    start++;
  }
  let end = 0;
  while (end < shorter - start && old.at(-1 - end) === wanted.at(-1 - end)) {
    end++;
  }
  const change = {
    index: start,
    remove: old.length - start - end,
    insert: wanted.slice(start, wanted.length - end)
  };
  return change.remove === 0 && change.insert.length === 0 ? null : change;
}

/** Names of turns. A turn is known by its run until its message is stored, and keeps its first name. */
export class TurnNames {
  /** The names of these turns, in their order; names of turns that are gone are forgotten. */
  take(turns: readonly TurnView[]): string[] {
    const names = new Map<string, string>();
    const found = turns.map(turn => {
      const ids = [turn.id, ...(turn.run === null ? [] : [turn.run.id])];
      const name = ids.map(id => this.names.get(id)).find(known => known !== undefined) ?? turn.id;
      ids.forEach(id => names.set(id, name));
      return name;
    });
    this.names = names;
    return found;
  }

  private names: ReadonlyMap<string, string> = new Map();
}

/** The name of a turn's message. */
export function messageId(turn: string, half: Half): string {
  return `${turn}:${half}`;
}

/** The turn's name and the half that a message shows. */
export function halfOf(message: string): { turn: string; half: Half } {
  const end = message.lastIndexOf(':');
  return { turn: message.slice(0, end), half: message.slice(end + 1) as Half };
}
