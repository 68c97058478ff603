import type { Claim } from '../../wire';
import { place } from '../claims';
import { blocks } from '../markdown';

const WORDS = {
  about: (claim: Claim) => `${claim.status}, from cell [7]`,
  source: () => 'from cell [7]'
};

function claim(text: string, other: Partial<Claim> = {}): Claim {
  return { text, value: text, cell: 'cell-7', path: 'c1', status: 'verified', ...other };
}

function placed(markdown: string, claims: readonly Claim[]): HTMLElement {
  const root = document.createElement('div');
  const made = blocks(markdown);
  place(made, claims, WORDS);
  root.append(...made);
  return root;
}

function marks(root: HTMLElement): [string, string | undefined][] {
  return [...root.querySelectorAll('button')].map(node => [node.textContent ?? '', node.dataset.claim]);
}

test('a figure leads to the cell that proves it', () => {
  const root = placed('The mean price is 4,766,729.25.', [claim('4,766,729.25')]);
  expect(root.textContent).toBe('The mean price is 4,766,729.25.');
  const button = root.querySelector('button');
  expect(button?.textContent).toBe('4,766,729.25');
  expect(button?.getAttribute('aria-label')).toBe('4,766,729.25, verified, from cell [7]');
  expect(button?.title).toBe('verified, from cell [7]');
});

test('equal figures are taken in order', () => {
  expect(
    marks(
      placed(
        '3 of 5, then 3 again, and 5.',
        ['3', '5', '3', '5'].map(text => claim(text))
      )
    )
  ).toEqual([
    ['3', '0'],
    ['5', '1'],
    ['3', '2'],
    ['5', '3']
  ]);
});

test('a part of a longer figure is not the figure', () => {
  expect(marks(placed('In 2012 there were 1,012 and 12.5, so 12.', [claim('12')]))).toEqual([['12', '0']]);
  expect(
    placed('In 2012 there were 1,012 and 12.5, so 12.', [claim('12')]).querySelector('button')?.nextSibling
      ?.nodeValue
  ).toBe('.');
});

test('claims of free text come after those of references, and find their own places', () => {
  const claims = [claim('545'), claim('13'), claim('7', { path: null, status: 'unverified', cell: null })];
  const root = placed('About 7 reasons: 545 rows, 13 columns.', claims);
  expect(marks(root)).toEqual([
    ['7', '2'],
    ['545', '0'],
    ['13', '1']
  ]);
  expect(root.querySelector<HTMLButtonElement>('[data-claim="2"]')?.disabled).toBe(true);
  expect(root.querySelector<HTMLElement>('[data-claim="2"]')?.dataset.status).toBe('unverified');
});

test('escaped data is found as it is shown', () => {
  expect(
    marks(placed('The most frequent is semi\\-furnished \\<b\\>.', [claim('semi\\-furnished \\<b\\>')]))
  ).toEqual([['semi-furnished <b>', '0']]);
});

test('code and links keep their text', () => {
  expect(marks(placed('`42` and [42](https://x.example) and 42', [claim('42')]))).toHaveLength(1);
  expect(placed('`42` and 42', [claim('42')]).querySelector('code button')).toBeNull();
});

test('a table that is a claim as a whole says where it is from', () => {
  const table = '| area | price |\n| --- | ---: |\n| 16200 | 1 |\n\nThe largest is 16200.';
  const root = placed(table, [claim('c1 as a whole', { value: null }), claim('16200')]);
  expect(marks(root)).toEqual([
    ['from cell [7]', '0'],
    ['16200', '1']
  ]);
  expect(root.lastElementChild?.textContent).toBe('The largest is 16200.');
  expect(root.lastElementChild?.querySelector('button')).not.toBeNull();
});

test('a figure that is not in the text is left out', () => {
  expect(place(blocks('Nothing here.'), [claim('42'), claim('')], WORDS)).toBe(0);
});
