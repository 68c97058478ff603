/** Amounts that somebody types, and when a budget begins anew. */
import type { BudgetState } from '../../wire';
import { dollarsOf, nextPeriod, paidOffWords } from '../figures';
import { words } from './words';

test.each([
  ['5', '5'],
  [' $7.50 ', '7.50'],
  ['0,50', '0.50'],
  ['.5', '0.5'],
  ['0', '0'],
  ['999999.123456789012', '999999.123456789012']
])('%j is an amount', (typed, amount) => {
  expect(dollarsOf(typed)).toBe(amount);
});

test.each(['', '.', '-1', '1e3', 'much', '1.', '1,000.00', '1000000', '0.1234567890123'])(
  '%j is none',
  typed => {
    expect(dollarsOf(typed)).toBeNull();
  }
);

test('a period ends in the time zone of its budget', () => {
  const state = { end: '2026-11-30T18:15:00Z', budget: { zone: 'Asia/Kathmandu' } } as unknown as BudgetState;
  expect(nextPeriod(state, 'en-US')).toMatch(/^Dec 1, 2026, 12:00\sAM$/u);
});

test('paid calls that are off say why, where somebody said', () => {
  const off = 'Paid model calls are off. The offline analyst still answers.';
  expect(paidOffWords({ on: false, reason: '', since: null }, words)).toBe(off);
  expect(paidOffWords({ on: false, reason: 'A leaked key.', since: null }, words)).toBe(
    `${off} Reason: A leaked key.`
  );
});
