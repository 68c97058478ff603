import { address, blocks, ELEMENTS } from '../markdown';
import { patch } from '../patch';
import { ATTACKS } from './attacks';

const LABELS = { insert: 'Insert', run: 'Run', copy: 'Copy' };
const CLASSES = /^(jp-AnalystChat-(codeBlock|codeBar|textButton|table|right))?$/;
const ATTRIBUTES: Readonly<Record<string, (value: string) => boolean>> = {
  class: value => CLASSES.test(value),
  href: value => /^(https?:\/\/|mailto:)/.test(value),
  rel: value => value === 'noopener noreferrer',
  target: value => value === '_blank',
  start: value => /^\d+$/.test(value),
  tabindex: value => value === '0',
  type: value => value === 'button',
  'data-act': value => ['insert', 'run', 'copy'].includes(value)
};

function shown(text: string): HTMLElement {
  const root = document.createElement('div');
  root.append(...blocks(text, LABELS));
  return root;
}

function strangers(root: Element): string[] {
  return [...root.querySelectorAll('*')].flatMap(node => {
    const tag = node.tagName.toLowerCase();
    const wrong = [...node.attributes].filter(({ name, value }) => !ATTRIBUTES[name]?.(value));
    const isOurs = tag !== 'button' || node.closest('.jp-AnalystChat-codeBar') !== null;
    return ELEMENTS.has(tag) && isOurs && wrong.length === 0
      ? []
      : [node.cloneNode(false) as Element].map(String);
  });
}

test('the corpus is large enough to mean something', () => expect(ATTACKS.length).toBeGreaterThanOrEqual(60));

test.each(ATTACKS)('only our elements come of %j', attack => {
  expect(strangers(shown(attack))).toEqual([]);
  expect(strangers(shown(`Before ${attack} after`))).toEqual([]);
});

test.each(ATTACKS)('nor while %j streams, wherever it is cut', attack => {
  const root = document.createElement('div');
  for (let end = 0; end <= attack.length; end++) {
    patch(root, blocks(attack.slice(0, end), LABELS));
    expect(strangers(root)).toEqual([]);
  }
  expect(root.isEqualNode(shown(attack))).toBe(true);
});

test('raw HTML shows as the text that it is', () => {
  expect(shown('<b>bold</b>').textContent).toBe('<b>bold</b>');
  expect(shown('a <i>b</i> c').textContent).toBe('a <i>b</i> c');
  expect(shown('`<b>`').querySelector('code')?.textContent).toBe('<b>');
});

test('escaped data shows as it is', () => {
  expect(shown('\\<b\\> semi\\-furnished &#96;x&#96; &amp; &lt; &unknown;').textContent).toBe(
    '<b> semi-furnished `x` & < &unknown;'
  );
});

test('pictures become their words', () => {
  const root = shown('![a chart](https://x.example/p.png)');
  expect(root.textContent).toBe('a chart');
  expect(root.querySelectorAll('*')).toHaveLength(1);
});

test('links lead to the web and to mail, and tell nothing', () => {
  const link = shown('[docs](https://pandas.pydata.org)').querySelector('a');
  expect(link?.getAttribute('rel')).toBe('noopener noreferrer');
  expect(link?.target).toBe('_blank');
  expect(address('mailto:a@b.example')).toBe('mailto:a@b.example');
  expect(address('javascript:alert(1)')).toBeNull();
  expect(address('relative/path')).toBeNull();
});

test('headings, lists, tables, code and quotes are there', () => {
  const root = shown(
    '# T\n\n1. a\n2. b\n\n- [x] c\n\n> q\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n```python\nx = 1\n```\n\n---'
  );
  expect([...root.children].map(node => node.tagName)).toEqual([
    'H3',
    'OL',
    'UL',
    'BLOCKQUOTE',
    'DIV',
    'FIGURE',
    'HR'
  ]);
  expect(root.querySelector('td:last-child')?.className).toBe('jp-AnalystChat-right');
  expect(root.querySelector('ul')?.textContent).toBe('[x] c');
  expect([...root.querySelectorAll('button')].map(button => button.textContent)).toEqual([
    'Insert',
    'Run',
    'Copy'
  ]);
});

test('code of other languages is not offered to be run', () => {
  expect(
    [...shown('```sql\nselect 1\n```').querySelectorAll('button')].map(node => node.textContent)
  ).toEqual(['Copy']);
});

test('text that nests without end is shown as text', () => {
  expect(shown('>'.repeat(20_000)).textContent).toContain('>>>>');
  expect(shown('['.repeat(20_000)).textContent).toContain('[[[[');
});

describe('while an answer streams', () => {
  test('what is there already stays the same node', () => {
    const root = document.createElement('div');
    patch(root, blocks('First paragraph.\n\nSecond'));
    const [first, second] = [...root.children].map(node => node.firstChild);
    patch(root, blocks('First paragraph.\n\nSecond one grows.'));
    expect([...root.children].map(node => node.firstChild)).toEqual([first, second]);
    expect(root.lastElementChild?.firstChild).toBe(second);
    expect(root.textContent).toBe('First paragraph.Second one grows.');
  });

  test('a selection in the growing text stays', () => {
    const root = document.createElement('div');
    document.body.append(root);
    patch(root, blocks('The average is'));
    const text = root.querySelector('p')?.firstChild as Text;
    document.getSelection()?.setBaseAndExtent(text, 4, text, 11);
    patch(root, blocks('The average is 42'));
    expect(document.getSelection()?.toString()).toBe('average');
    root.remove();
  });

  test('every cut of a rich text ends in the same page', () => {
    const text =
      'The **mean** is `4`.\n\n| a | b |\n| - | - |\n| 1 | *2* |\n\n- x\n  - y\n\n```py\nz = 1\n```\n\nEnd.';
    const root = document.createElement('div');
    for (let end = 0; end <= text.length; end += 1) {
      patch(root, blocks(text.slice(0, end), LABELS));
    }
    expect(root.isEqualNode(shown(text))).toBe(true);
  });
});
