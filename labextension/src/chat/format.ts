/**
 * How figures read for a person: time, money, tokens, counts. The same words as in `%%analyst` and on the
 * command line. Money comes as decimal strings and stays decimal: no figure passes through a float.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

import { decimalOf, isBelow, rescaled } from '../decimal';
import type { Estimate, ModelEntry, TokenUsage, Usage } from '../wire';

/** As much of a translator as words need. */
export type Words = Pick<TranslationBundle, '__' | '_n'>;

const MOST_DIGITS = 12;

/** `0.3 s`, `42 s`, `2 min`, `1.5 h`. */
export function duration(seconds: number, words: Words): string {
  if (seconds < 59.5) {
    return words.__('%1 s', seconds < 9.95 ? seconds.toFixed(1) : seconds.toFixed(0));
  }
  return seconds < 3570
    ? words.__('%1 min', (seconds / 60).toFixed(0))
    : words.__('%1 h', (seconds / 3600).toFixed(1));
}

/** `545`, `10,000,000`. */
export function count(value: number): string {
  return new Intl.NumberFormat('en-US').format(value);
}

/** `999`, `1.2k`, `12k`, `3.4M`. */
export function tokens(value: number): string {
  if (value < 1000) {
    return String(value);
  }
  const [unit, sign] = value < 999_500 ? [1000, 'k'] : [1_000_000, 'M'];
  const short = (value / unit).toFixed(value / unit < 9.95 ? 1 : 0);
  return `${short.replace(/\.0$/, '')}${sign}`;
}

/** Input and output tokens together. */
export function tokenSum(used: TokenUsage): number {
  return used.input_tokens + used.output_tokens;
}

/** An exact amount of dollars with as many digits as it takes to be seen: `$0.0042`, `$12.40`, `$0.00`. */
export function money(dollars: string): string {
  const amount = decimalOf(dollars);
  if (amount === null) {
    return `$${dollars}`;
  }
  let digits = isBelow(amount, 0) ? 4 : 2;
  while (digits < MOST_DIGITS && amount.units !== 0n && isBelow(amount, digits - 1)) {
    digits += 1;
  }
  const rounded = rescaled(amount, digits)
    .toString()
    .padStart(digits + 1, '0');
  const whole = BigInt(rounded.slice(0, -digits));
  const fraction = rounded.slice(-digits).replace(/0+$/, '').padEnd(2, '0');
  return `${amount.negative ? '-' : ''}$${new Intl.NumberFormat('en-US').format(whole)}.${fraction}`;
}

/** What some model calls cost; says so when that is unknown or an estimate. */
export function cost(usage: Usage, words: Words): string {
  if (usage.cost_usd === null) {
    return words.__('unpriced');
  }
  const known = estimated(money(usage.cost_usd), usage.estimated_requests > 0, words);
  return usage.unpriced_requests > 0 ? words.__('%1 + %2 unpriced', known, usage.unpriced_requests) : known;
}

/** What a question may cost: `$0.0042 to $0.012`. */
export function range(found: Estimate, words: Words): string {
  const [low, high] = [money(found.low_usd ?? '0'), money(found.high_usd ?? '0')];
  return low === high ? low : words.__('%1 to %2', low, high);
}

/** What one step cost. */
export function stepCost(dollars: string | null, isEstimate: boolean, words: Words): string {
  return dollars === null ? words.__('unpriced') : estimated(money(dollars), isEstimate, words);
}

/** A sentence that names columns and tables in backticks, for places that show no Markdown. */
export function plain(sentence: string): string {
  return sentence.replaceAll('`', '');
}

/** A model's name for people. */
export function modelTitle(name: string | null, models: readonly ModelEntry[]): string {
  const entry = models.find(each => each.name === name);
  const bare = (name ?? '').split(':').slice(1).join(':').split('/').pop() || (name ?? '');
  return entry?.name.startsWith('offline:') ? entry.title : bare;
}

function estimated(amount: string, isEstimate: boolean, words: Words): string {
  return isEstimate ? words.__('~%1 (estimate)', amount) : amount;
}
