/** Amounts are compared as they are written: to the last digit, however large. */
import { exceeds, isZero } from '../decimal';

test.each([
  ['0.50', '0.5', false],
  ['0.500000000001', '0.5', true],
  ['0.499999999999', '0.5', false],
  ['9007199254740993', '9007199254740992', true],
  ['1e-7', '0', true],
  ['-1', '0', false],
  ['2', '-3', true],
  ['much', '0', false]
])('%s exceeds %s: %s', (one, other, is) => {
  expect(exceeds(one, other)).toBe(is);
});

test('zero is zero in any form', () => {
  expect(['0', '0.00', '-0', '0e5'].map(isZero)).toEqual([true, true, true, true]);
  expect(['0.000000000001', '', 'none'].map(isZero)).toEqual([false, false, false]);
});
