/** Figures that only the panel around the chat shows; the others are in `chat/format.ts`. */
import { cost, count, type Words } from '../chat/format';
import type { TableEntry, Usage } from '../wire';

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
