import { cost, count, duration, money, plain, stepCost, tokens } from '../format';
import { words } from './words';

const USAGE = {
  cost_usd: '0.012',
  estimated_requests: 0,
  requests: 1,
  unpriced_requests: 0,
  tokens: {
    input_tokens: 1,
    output_tokens: 1,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    cache_write_1h_tokens: 0,
    reasoning_tokens: 0
  }
};

describe('money', () => {
  test.each([
    ['0', '$0.00'],
    ['0.00', '$0.00'],
    ['12.4', '$12.40'],
    ['0.00420000001', '$0.0042'],
    ['0.00000052', '$0.00000052'],
    ['5.2E-7', '$0.00000052'],
    ['0.000000000001', '$0.000000000001'],
    ['1234567.891', '$1,234,567.89'],
    ['0.5', '$0.50'],
    ['0.999999', '$1.00'],
    ['-0.0042', '-$0.0042']
  ])('%s reads %s', (dollars, shown) => expect(money(dollars)).toBe(shown));

  test('digits beyond a float are kept', () =>
    expect(money('9007199254740993.01')).toBe('$9,007,199,254,740,993.01'));

  test('halves go to even, as on the command line', () => {
    expect(money('1.125')).toBe('$1.12');
    expect(money('1.135')).toBe('$1.14');
  });

  test('what is no amount is shown as it came', () => expect(money('unknown')).toBe('$unknown'));
});

describe('cost', () => {
  test('says when it is unknown, an estimate or incomplete', () => {
    expect(cost(USAGE, words)).toBe('$0.012');
    expect(cost({ ...USAGE, cost_usd: null }, words)).toBe('unpriced');
    expect(cost({ ...USAGE, estimated_requests: 1 }, words)).toBe('~$0.012 (estimate)');
    expect(cost({ ...USAGE, unpriced_requests: 2 }, words)).toBe('$0.012 + 2 unpriced');
    expect(stepCost(null, true, words)).toBe('unpriced');
    expect(stepCost('0', true, words)).toBe('~$0.00 (estimate)');
  });
});

test.each([
  [0.04, '0.0 s'],
  [0.3, '0.3 s'],
  [9.96, '10 s'],
  [42, '42 s'],
  [59.6, '1 min'],
  [130, '2 min'],
  [5400, '1.5 h']
])('%d seconds read %s', (seconds, shown) => expect(duration(seconds, words)).toBe(shown));

test.each([
  [0, '0'],
  [999, '999'],
  [1000, '1k'],
  [1234, '1.2k'],
  [12_345, '12k'],
  [999_499, '999k'],
  [999_500, '1M'],
  [3_400_000, '3.4M']
])('%d tokens read %s', (value, shown) => expect(tokens(value)).toBe(shown));

test('rows have separators', () => expect(count(10_000_000)).toBe('10,000,000'));

test('names in backticks read as names where no Markdown is shown', () =>
  expect(plain('mean of `price`, by `city`')).toBe('mean of price, by city'));
