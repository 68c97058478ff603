import React, { act } from 'react';
import { createRoot } from 'react-dom/client';

import type { TurnView } from '../../model/turn';
import { Parts } from '../context';
import type { ChatParts } from '../context';
import { Footer } from '../footer';
import { Turn } from '../turn';
import { DemoModel } from './demo';
import { answer, cell, run, step, turn } from './turns';
import { words } from './words';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

const cleanups: (() => void)[] = [];
afterEach(() => cleanups.splice(0).forEach(cleanup => cleanup()));

function shown(first: TurnView, options: { draft?: string; result?: unknown; key?: boolean } = {}) {
  const demo = new DemoModel();
  demo.set({ turns: [first] });
  const told: unknown[][] = [];
  const parts: ChatParts = {
    model: demo.asModel(options.result ?? true),
    words,
    state: () => demo.state,
    subscribe: listener => {
      demo.stateChanged.connect(listener);
      return () => void demo.stateChanged.disconnect(listener);
    },
    turn: () => demo.state.turns[0] ?? null,
    showSent: id => told.push(['sent', id]),
    draft: text => told.push(['draft', text]),
    composerIsEmpty: () => (options.draft ?? '') === '',
    chooseModel: () => told.push(['choose']),
    addKey: () => (options.key ? () => told.push(['key']) : null),
    showUsage: () => () => told.push(['usage'])
  };
  const node = document.createElement('div');
  node.className = 'jp-AnalystChat';
  document.body.append(node);
  const root = createRoot(node);
  act(() =>
    root.render(
      <Parts.Provider value={parts}>
        <Turn message={{ id: 'turn-1:answer' }} />
        <Footer message={{ id: 'turn-1:answer' }} />
      </Parts.Provider>
    )
  );
  cleanups.push(() => {
    act(() => root.unmount());
    node.remove();
  });
  const button = (label: string) =>
    [...node.querySelectorAll('button')].find(each => each.textContent?.trim() === label) ?? null;
  const click = async (label: string) => act(async () => button(label)?.click());
  const update = (next: TurnView) => act(() => demo.set({ turns: [next] }));
  return { demo, node, told, button, click, update };
}

test('an answered turn folds its steps and keeps its chips', async () => {
  const { node, demo, click } = shown(turn());
  expect(node.textContent).toContain('1 step · 1 cell');
  expect(node.textContent).toContain('Sort housing by area.');
  await click('[7]');
  expect(demo.calls).toEqual([['showCell', 'sales.ipynb', 'cell-7']]);
});

test('a figure leads to the cell that proves it', async () => {
  const { node, demo, click } = shown(turn());
  expect(node.querySelector('[data-claim]')?.getAttribute('title')).toBe('verified, from cell [7]');
  await click('16200');
  expect(demo.calls).toEqual([['showCell', 'sales.ipynb', 'cell-7']]);
  expect(node.textContent).toContain('1 figure verified');
});

test('the offline analyst says whether it came to the same', () => {
  const agreed = answer({ check: { agrees: true, text: 'Offline check agrees.' } });
  const { node, update } = shown(turn({ run: run({ answer: agreed }) }));
  expect(node.textContent).toContain('1 figure verified Offline check agrees');
  const differs = { agrees: false, text: 'Offline check differs. The mean of `area` is 3.' };
  update(turn({ run: run({ answer: answer({ check: differs }) }) }));
  expect(node.querySelector('[data-status=unverified]')?.textContent).toContain('The mean of area is 3.');
});

test('what the offline analyst could not answer is handed to a model that is ready', async () => {
  const silent = turn({
    question: 'Why?',
    run: run({ phase: 'abstained', answer: answer({ status: 'abstained' }) })
  });
  const { demo, button, click, update } = shown(silent);
  expect(button('Ask gpt-5')).toBeNull(); // it has no key
  const models = demo.state.models.map(entry => ({ ...entry, ready: true }));
  act(() => demo.set({ models }));
  await click('Ask gpt-5');
  expect(demo.calls).toEqual([
    ['pickModel', 'openai:gpt-5'],
    ['ask', 'Why?']
  ]);
  update(turn({ run: run({ phase: 'abstained', model: 'openai:gpt-5' }) }));
  expect(button('Ask gpt-5')).toBeNull();
  update(turn());
  expect(button('Ask gpt-5')).toBeNull();
  const first = { kind: 'notice' as const, code: 'offline_first', text: 'openai:gpt-5 is not asked.' };
  update(turn({ run: run({ notices: [first] }) }));
  expect(button('Ask gpt-5')).not.toBeNull();
});

test('a cell that is gone is said to be gone', async () => {
  const { node, click } = shown(turn(), { result: false });
  await click('[7]');
  expect(node.textContent).toContain('This cell is not in the notebook any more.');
});

test('keys on a chip run, insert and show the code', async () => {
  const repaired = cell({ repaired: 1, before: "housing.nlargest(10, 'aera')" });
  const { node, demo, button } = shown(turn({ run: run({ steps: [step({ cells: [repaired] })] }) }));
  const press = (key: string) =>
    act(async () => button('[7]')?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })));
  await press('r');
  await press('I');
  await press('d');
  expect(demo.calls.map(call => call[0])).toEqual(['runCell', 'insertCode']);
  expect(node.querySelectorAll('[data-sign="-"]')).toHaveLength(1);
  expect(node.textContent).toContain('1 attempt repaired');
});

test('while it streams, references are left open and the live step spins', () => {
  const live = run({
    phase: 'running',
    answer: null,
    text: 'It is {{c1.mean|.2f}} and {{c',
    steps: [step({ live: true })]
  });
  const { node, update } = shown(turn({ run: live }));
  expect(node.textContent).toContain('It is … and …');
  expect(node.querySelectorAll('.jp-AnalystChat-spinner')).toHaveLength(1);
  update(turn());
  expect(node.querySelectorAll('.jp-AnalystChat-spinner')).toHaveLength(0);
});

test('a parked run says why, and can open its notebook', async () => {
  const parked = { kind: 'parked', why: 'notebook_closed', text: 'sales.ipynb is closed.' } as const;
  const { node, demo, click } = shown(
    turn({ run: run({ phase: 'parked', answer: null, parked, steps: [] }) })
  );
  expect(node.textContent).toContain('sales.ipynb is closed.');
  await click('Open it');
  expect(demo.calls).toEqual([['openNotebook', 'sales.ipynb']]);
});

describe('approval', () => {
  const approval = {
    kind: 'approval_needed',
    call_id: 'call-1',
    code_hash: 'h',
    reason: 'The code writes a file.',
    source: "df.to_csv('out.csv')",
    findings: [{ effect: 'write', fails: false, line: 1, words: 'writes ./out.csv' }]
  } as const;
  const waiting = turn({
    run: run({
      phase: 'approval',
      answer: null,
      approval: { ...approval, findings: [...approval.findings] },
      steps: [step({ cells: [cell({ status: 'approval' })] })]
    })
  });

  test('shows the code and what it could do, and takes four answers', async () => {
    const { node, demo, click } = shown(waiting);
    expect(node.textContent).toContain('writes ./out.csv');
    expect(node.querySelector('pre')?.textContent).toBe("df.to_csv('out.csv')");
    for (const label of ['Run', 'Run, and safe cells from now on in this notebook', 'Edit', 'Skip']) {
      await click(label);
    }
    expect(demo.calls).toEqual([
      ['answerApproval', true],
      ['answerApproval', true, true],
      ['editApproval'],
      ['answerApproval', false]
    ]);
  });

  test('takes the focus when nobody types', () => {
    const { button } = shown(waiting);
    expect(document.activeElement).toBe(button('Run'));
  });

  test('leaves the focus to who types', () => {
    const { button } = shown(waiting, { draft: 'my next question' });
    expect(document.activeElement).not.toBe(button('Run'));
  });
});

describe('a run without an answer', () => {
  const failed = (code: string) =>
    turn({ run: run({ phase: 'failed', answer: null, error: { code, message: `It failed: ${code}.` } }) });

  test('can be tried again', async () => {
    const { node, demo, click } = shown(failed('rate_limited'));
    expect(node.textContent).toContain('It failed: rate_limited.');
    await click('Try again');
    expect(demo.calls).toEqual([['ask', 'List top 10 houses by area']]);
  });

  test('asks for a key where one is missing', async () => {
    const { told, click } = shown(failed('key_missing'), { key: true });
    await click('Add a key');
    expect(told).toEqual([['key']]);
  });

  test('offers another model where the model is the trouble', async () => {
    const { told, click } = shown(failed('model_unavailable'));
    await click('Switch model');
    expect(told).toEqual([['choose']]);
  });

  test.each(['paid_calls_off', 'unpriced'])('offers another model after %s', async code => {
    const { told, click } = shown(failed(code));
    await click('Switch model');
    expect(told).toEqual([['choose']]);
  });

  test('shows the budgets where one is reached, and offers another model', async () => {
    const { told, click } = shown(failed('budget_reached'));
    await click('Show budgets');
    await click('Switch model');
    expect(told).toEqual([['usage'], ['choose']]);
  });

  test('gives the question back where the question is the trouble', async () => {
    const { told, click } = shown(failed('unknown_agent'));
    await click('Edit the question');
    expect(told).toEqual([['draft', 'List top 10 houses by area']]);
  });

  test('that abstained says why and what could be asked', async () => {
    const said = answer({ answer: 'No column is called sky.', claims: [], suggestions: ['How many rows?'] });
    const { node, demo, click } = shown(turn({ run: run({ phase: 'abstained', answer: said }) }));
    expect(node.textContent).toContain('No column is called sky.');
    await click('How many rows?');
    expect(demo.calls).toEqual([['ask', 'How many rows?']]);
  });
});

describe('the footer', () => {
  test('says model, time and cost', () => {
    expect(shown(turn()).node.querySelector('footer')?.textContent).toContain('offline · 0.3 s · $0.00');
  });

  test('undoes the turn and says what it took', async () => {
    const { node, click } = shown(turn(), { result: 'Took 1 cell out.' });
    await click('Undo turn');
    expect(node.querySelector('footer')?.textContent).toContain('Took 1 cell out.');
  });

  test('shows what was sent', async () => {
    const { told, click } = shown(turn());
    await click('What was sent');
    expect(told).toEqual([['sent', 'run-1']]);
  });

  test('rates by a radio group', async () => {
    const first = turn();
    const { node, demo } = shown(first);
    const stars = node.querySelectorAll<HTMLInputElement>('[role="radiogroup"] input[type="radio"]');
    expect([...stars].map(star => star.getAttribute('aria-label'))).toEqual([
      '1 star',
      '2 stars',
      '3 stars',
      '4 stars',
      '5 stars'
    ]);
    await act(async () => stars[3].click());
    expect(demo.calls).toEqual([['rate', first, 4, '']]);
  });

  test('is not there while the run is under way', () => {
    expect(
      shown(turn({ run: run({ phase: 'running', answer: null }) })).node.querySelector('footer')
    ).toBeNull();
  });
});
