/**
 * The days of the history: which chats are of today and of yesterday where the user is, and when a chat
 * was active, in words. What the server says is UTC.
 */

/** A heading of the history. */
export type Day = 'today' | 'yesterday' | 'earlier';

/** Some entries under one heading. */
export interface DayGroup<T> {
  readonly day: Day;
  readonly entries: readonly T[];
}

/** Where and when the user looks. */
export interface Here {
  readonly now: Date;
  /** IANA name; undefined: the browser's. */
  readonly timeZone?: string;
  /** BCP 47; undefined: the browser's. */
  readonly locale?: string;
}

/** The calendar day of a moment, as `2026-11-22`. */
function calendarDay(moment: Date, timeZone: string | undefined): string {
  const parts = new Intl.DateTimeFormat('en-US-u-ca-iso8601-nu-latn', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit'
  }).formatToParts(moment);
  const part = (type: string) => parts.find(found => found.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}

/** The calendar day before; by the calendar, since a day may have 23 or 25 hours. */
function dayBefore(day: string): string {
  const [year, month, date] = day.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1, date - 1)).toISOString().slice(0, 10);
}

/** Under which heading a moment belongs. A clock that is ahead of ours is still today's. */
export function dayOf(at: string, here: Here): Day {
  const today = calendarDay(here.now, here.timeZone);
  const day = calendarDay(new Date(at), here.timeZone);
  if (day >= today) {
    return 'today';
  }
  return day === dayBefore(today) ? 'yesterday' : 'earlier';
}

/** Entries under their headings, in the order they came in. */
export function byDay<T extends { readonly active_at: string }>(
  entries: readonly T[],
  here: Here
): readonly DayGroup<T>[] {
  const groups: { day: Day; entries: T[] }[] = [];
  for (const entry of entries) {
    const day = dayOf(entry.active_at, here);
    const last = groups.at(-1);
    if (last?.day === day) {
      last.entries.push(entry);
    } else {
      groups.push({ day, entries: [entry] });
    }
  }
  return groups;
}

/** When a chat was active: the time of day, or for earlier days the date. */
export function shortTime(at: string, here: Here): string {
  const moment = new Date(at);
  if (dayOf(at, here) !== 'earlier') {
    const { timeZone } = here;
    return new Intl.DateTimeFormat(here.locale, { timeZone, hour: 'numeric', minute: '2-digit' }).format(
      moment
    );
  }
  const sameYear =
    calendarDay(moment, here.timeZone).slice(0, 4) === calendarDay(here.now, here.timeZone).slice(0, 4);
  return new Intl.DateTimeFormat(here.locale, {
    timeZone: here.timeZone,
    day: 'numeric',
    month: 'short',
    year: sameYear ? undefined : 'numeric'
  }).format(moment);
}

/** When a chat was active, in full. */
export function longTime(at: string, here: Here): string {
  const { timeZone } = here;
  return new Intl.DateTimeFormat(here.locale, { timeZone, dateStyle: 'full', timeStyle: 'short' }).format(
    new Date(at)
  );
}
