import { unloaded } from '../files';

const files = ['housing.csv', 'Sales 2026.xlsx', 'people.csv.gz'].map(name => ({ name }));

test('files that a table is named after are not offered again', () => {
  const tables = [{ name: 'housing' }, { name: 'sales_2026' }];
  expect(unloaded(files, tables)).toEqual([{ name: 'people.csv.gz' }]);
  expect(unloaded(files, [])).toEqual(files);
});
