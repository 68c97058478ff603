/** An uploaded file never takes the place of another. */
import { freeName } from '../upload';

test.each([
  ['sales.csv', [], 'sales.csv'],
  ['sales.csv', ['sales.csv'], 'sales-1.csv'],
  ['sales.csv', ['sales.csv', 'sales-1.csv'], 'sales-2.csv'],
  ['archive.csv.gz', ['archive.csv.gz'], 'archive.csv-1.gz'],
  ['.data', ['.data'], '.data-1'],
  ['data', ['data'], 'data-1']
])('%s beside %j', (name, taken, free) => {
  expect(freeName(name, taken)).toBe(free);
});
