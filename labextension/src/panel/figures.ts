/** Figures that only the panel around the chat shows; the others are in `chat/format.ts`. */
import { cost, count, type Words } from '../chat/format';
import type { BudgetState, PaidCalls, TableEntry, Usage } from '../wire';

/** `545 rows × 13 columns` */
export function size(table: TableEntry, words: Words): string {
  const width = table.columns.length;
  const rows = words._n('%2 row', '%2 rows', table.rows, count(table.rows));
  const columns = words._n('%2 column', '%2 columns', width, count(width));
  return words.__('%1 × %2', rows, columns);
}

/** `3 requests · $0.0042`: what somebody used, in one line. */
export function usageLine(usage: Usage, words: Words): string {
  if (usage.requests === 0) {
    return words.__('nothing');
  }
  const requests = words._n('%2 request', '%2 requests', usage.requests, count(usage.requests));
  return `${requests} · ${cost(usage, words)}`;
}

/** `12 kB`: the size of a file. */
export function bytes(figure: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = figure;
  let step = 0;
  while (value >= 999.5 && step < units.length - 1) {
    value /= 1000;
    step += 1;
  }
  return `${value.toFixed(step > 0 && value < 9.95 ? 1 : 0)} ${units[step]}`;
}

/** What the figures of some usage leave out or only estimate. */
export function remarks(usage: Usage, words: Words): string[] {
  const { unpriced_requests: unpriced, estimated_requests: estimated } = usage;
  const left = words._n(
    'The cost leaves out %1 request without a known price.',
    'The cost leaves out %1 requests without a known price.',
    unpriced
  );
  const guessed = words._n(
    'The tokens of %1 request are an estimate.',
    'The tokens of %1 requests are an estimate.',
    estimated
  );
  return [...(unpriced > 0 ? [left] : []), ...(estimated > 0 ? [guessed] : [])];
}

/** An amount of dollars as somebody writes it (`$5`, `.5`, `0,50`) as the server takes it; null: it is none. */
export function dollarsOf(text: string): string | null {
  const plain = text
    .trim()
    .replace(/^\$\s*/u, '')
    .replace(',', '.');
  return /^\d{0,6}(\.\d{1,12})?$/u.test(plain) && /\d/u.test(plain) ? plain.replace(/^\./u, '0.') : null;
}

/** When a budget's next period begins, in its own time zone: `Dec 1, 2026, 12:00 AM`. */
export function nextPeriod({ end, budget }: BudgetState, locale?: string): string {
  const style = { dateStyle: 'medium', timeStyle: 'short', timeZone: budget.zone } as const;
  return new Intl.DateTimeFormat(locale, style).format(new Date(end));
}

/** That paid calls are off, and why. */
export function paidOffWords({ reason }: PaidCalls, words: Words): string {
  const off = words.__('Paid model calls are off. The offline analyst still answers.');
  return reason === '' ? off : words.__('%1 Reason: %2', off, reason);
}
