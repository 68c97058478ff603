import { diff } from '../diff';

const read = (before: string, after: string) => diff(before, after).map(({ sign, text }) => sign + text);

test('lines in common are shown once', () => {
  expect(read('a\nb\nc', 'a\nx\nc')).toEqual([' a', '-b', '+x', ' c']);
});

test('equal texts have nothing to show as changed', () => expect(read('a\nb', 'a\nb')).toEqual([' a', ' b']));

test('what is put in and taken out in between is found', () => {
  expect(read('a\nb\nc\nd', 'a\nc\nnew\nd')).toEqual([' a', '-b', ' c', '+new', ' d']);
});

test('repeated lines do not confuse it', () => expect(read('a\na', 'a')).toEqual([' a', '-a']));

test('a diff always holds both texts', () => {
  const [before, after] = ['x\ny\nz\nx\ny', 'y\nx\nx\nq\ny'];
  const lines = diff(before, after);
  const side = (sign: string) =>
    lines
      .filter(line => line.sign !== sign)
      .map(line => line.text)
      .join('\n');
  expect(side('+')).toBe(before);
  expect(side('-')).toBe(after);
});

test('very long texts take no time', () => {
  const long = (sign: string) => Array.from({ length: 5000 }, (_, line) => `${sign}${line}`).join('\n');
  expect(diff(long('a'), long('b'))).toHaveLength(10_000);
});
