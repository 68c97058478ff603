import { isLoadable, sorted } from '../files';
import { baseName, besideNotebook, shortKernel, tidyTitle } from '../names';

describe('titles of chats', () => {
  it('are one line without space around it', () => {
    expect(tidyTitle('  Prices\n of\t houses ')).toBe('Prices of houses');
    expect(tidyTitle(' \n\t')).toBe('');
  });

  it('are cut between characters, not inside one', () => {
    expect(tidyTitle('🏠'.repeat(250))).toBe('🏠'.repeat(200));
  });
});

describe('paths', () => {
  it('are named as code in the notebook names them', () => {
    expect(besideNotebook('sales.csv', 'nb.ipynb')).toBe('sales.csv');
    expect(besideNotebook('data/sales.csv', 'nb.ipynb')).toBe('data/sales.csv');
    expect(besideNotebook('work/sales.csv', 'work/nb.ipynb')).toBe('sales.csv');
    expect(besideNotebook('data/2026/sales.csv', 'work/a/nb.ipynb')).toBe('../../data/2026/sales.csv');
    expect(besideNotebook('a/sales.csv', 'a/b/nb.ipynb')).toBe('../sales.csv');
    expect(besideNotebook('a/a/x.csv', 'a/b/nb.ipynb')).toBe('../a/x.csv');
    expect(besideNotebook('data/data', 'data/nb.ipynb')).toBe('data');
  });

  it('lose the drive of the contents manager', () => {
    expect(besideNotebook('RTC:work/sales.csv', 'RTC:work/nb.ipynb')).toBe('sales.csv');
  });

  it('are shown by their last part', () => {
    expect(baseName('work/houses.ipynb')).toBe('houses.ipynb');
    expect(baseName('houses.ipynb')).toBe('houses.ipynb');
  });
});

describe('names of kernels', () => {
  it('lose what is in brackets', () => {
    expect(shortKernel('Python 3 (ipykernel)')).toBe('Python 3');
    expect(shortKernel('R')).toBe('R');
    expect(shortKernel('(odd)')).toBe('(odd)');
  });
});

describe('dropped files', () => {
  it.each(['a.csv', 'A.CSV', 'a.csv.gz', 'b.parquet', 'c.xlsx', 'd.jsonl', 'e.feather'])('take %s', name => {
    expect(isLoadable(name)).toBe(true);
  });

  it.each(['photo.png', 'csv', 'a.csv.zip', 'a.parquet.gz', 'run.py', 'a.gz', ''])('refuse %s', name => {
    expect(isLoadable(name)).toBe(false);
  });

  it('are sorted, so that one wrong file does not keep the others out', () => {
    expect(sorted(['a.csv', 'b.png', 'c.json'], name => name)).toEqual({
      loadable: ['a.csv', 'c.json'],
      refused: ['b.png']
    });
  });
});
