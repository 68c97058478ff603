import { completions } from '../completions';
import { Composer } from '../composer';
import { carryOut, commands, isCommand, Recall } from '../composing';
import type { Desk } from '../composing';
import { DemoModel } from './demo';
import { run, turn } from './turns';
import { words } from './words';

function made(change: Partial<DemoModel['state']> = {}, result: unknown = undefined) {
  const demo = new DemoModel();
  demo.set(change);
  const sent: string[] = [];
  const desk: Desk = { model: demo.asModel(result), words, showSent: id => sent.push(id) };
  const composer = new Composer(desk);
  const input = { value: '', focus: jest.fn() };
  composer.attach(input);
  const press = (key: string, more: KeyboardEventInit = {}) =>
    composer.press(new KeyboardEvent('keydown', { key, ...more }));
  return { demo, desk, composer, input, press, sent };
}

const names = (desk: Desk) => commands(desk).map(command => command.name);

test('a question is asked', async () => {
  const { demo, composer } = made();
  await composer.submit(' List top 10 houses by area ');
  expect(demo.calls).toEqual([['ask', 'List top 10 houses by area']]);
});

test('a path or a fraction at the start is a question', () => {
  expect(isCommand('/new')).toBe(true);
  expect(isCommand('/load data/sales.csv')).toBe(true);
  expect(isCommand('/home/me/sales.csv has how many rows?')).toBe(false);
  expect(isCommand('1/2 of the rows')).toBe(false);
});

describe('commands', () => {
  test('only those that can do something are offered', () => {
    expect(names(made().desk)).toEqual(['/new', '/load', '/model', '/mode', '/usage', '/help']);
    expect(names(made({ turns: [turn()] }).desk)).toEqual(
      expect.arrayContaining(['/undo', '/retry', '/sent'])
    );
    const live = turn({ run: run({ phase: 'running', answer: null }) });
    const working = names(made({ turns: [live], live }).desk);
    expect(working).toContain('/stop');
    expect(working).not.toContain('/undo');
    expect(names(made({ target: null }).desk)).not.toContain('/load');
  });

  test('/load loads a file, or the sample', async () => {
    const { demo, desk } = made();
    await carryOut('/load my data.csv', desk);
    await carryOut('/load', desk);
    expect(demo.calls).toEqual([
      ['load', 'my data.csv'],
      ['load', null]
    ]);
  });

  test('/undo takes the last turn back and says what it took', async () => {
    const { demo, desk } = made({ turns: [turn()] }, 'Took 2 cells out.');
    expect(await carryOut('/undo', desk)).toEqual(['Took 2 cells out.']);
    expect(demo.calls[0][0]).toBe('undo');
  });

  test('/undo has nothing to do for a turn without cells', async () => {
    const { demo, desk } = made({ turns: [turn({ undone: true })] });
    expect(await carryOut('/undo', desk)).toEqual(['There is nothing to undo.']);
    expect(demo.calls).toEqual([]);
  });

  test('/model names what there is, and refuses what is not ready', async () => {
    const { demo, desk } = made();
    expect(await carryOut('/model', desk)).toEqual(['Models: offline:v1, openai:gpt-5']);
    expect(await carryOut('/model GPT-5', desk)).toEqual(['gpt-5 is not ready. No key.']);
    expect(await carryOut('/model offline', desk)).toEqual(['offline answers from now on.']);
    expect(await carryOut('/model openai:new', desk)).toEqual(['new answers from now on.']);
    expect(await carryOut('/model openai:', desk)).toEqual(['Models: offline:v1, openai:gpt-5']);
    expect(demo.calls).toEqual([
      ['pickModel', 'offline:v1'],
      ['pickModel', 'openai:new']
    ]);
  });

  test('/mode picks a mode', async () => {
    const { demo, desk } = made();
    expect(await carryOut('/mode suggest', desk)).toEqual(['Mode: Suggest only']);
    expect(await carryOut('/mode wild', desk)).toEqual(['Modes: auto, ask, suggest']);
    expect(demo.calls).toEqual([['pickMode', 'suggest']]);
  });

  test('/usage says what was used', async () => {
    const used = {
      cost_usd: '0.0042',
      estimated_requests: 0,
      requests: 3,
      unpriced_requests: 0,
      tokens: null
    };
    const { desk } = made({}, { today: used, month: used, all: used });
    expect((await carryOut('/usage', desk))[0]).toBe('Today: 3 requests · $0.0042');
  });

  test('/sent shows the last run', async () => {
    const { desk, sent } = made({ turns: [turn()] });
    await carryOut('/sent', desk);
    expect(sent).toEqual(['run-1']);
  });

  test('an unknown one is not asked as a question', async () => {
    const { demo, composer } = made();
    await composer.submit('/constructor');
    expect(composer.reply).toEqual(['There is no command /constructor. /help lists them.']);
    expect(demo.calls).toEqual([]);
  });
});

describe('completion', () => {
  const found = (word: string, isFirst = true) =>
    completions(word, isFirst, made().desk).map(each => each.name);

  test('@ completes agents and tables', () => {
    expect(found('@')).toEqual(['@statistical_analytics_agent', '@data_viz_agent', '@housing']);
    expect(found('@Ho', false)).toEqual(['@housing']);
    expect(completions('@ho', true, made().desk)[0].about).toBe('545 rows × 2 columns');
  });

  test('/ completes commands at the start only', () => {
    expect(found('/lo')).toEqual(['/load']);
    expect(found('/lo', false)).toEqual([]);
  });

  test('what is typed in full needs no menu', () => expect(found('/new')).toEqual([]));
});

describe('keys', () => {
  const turns = [turn({ id: 'a', question: 'first' }), turn({ id: 'b', question: 'second' })];

  test('Up recalls the last questions, Down goes back', () => {
    const { input, press } = made({ turns });
    expect(press('ArrowUp')).toBe(true);
    expect(input.value).toBe('second');
    press('ArrowUp');
    expect(input.value).toBe('first');
    expect(press('ArrowUp')).toBe(false);
    press('ArrowDown');
    press('ArrowDown');
    expect(input.value).toBe('');
  });

  test('Up stays in a text of the user', () => {
    const { input, press } = made({ turns });
    input.value = 'my own';
    expect(press('ArrowUp')).toBe(false);
    expect(input.value).toBe('my own');
  });

  test('an edited recall is the user’s own text', () => {
    const recall = new Recall();
    expect(recall.step(true, '', ['a'])).toBe('a');
    expect(recall.step(true, 'a, but by city', ['a'])).toBeNull();
  });
});

describe('a question that is asked while another is answered', () => {
  const live = turn({ run: run({ phase: 'running', answer: null }) });
  const chat = { id: 'one', title: 'One', created_at: '', active_at: '' };
  const ended = (phase: 'answered' | 'abstained' | 'interrupted') => turn({ run: run({ phase }) });

  async function waits() {
    const all = made({ turns: [live], live, chat });
    await all.composer.submit('second');
    await all.composer.submit('third');
    return all;
  }

  test('waits in line', async () => {
    const { demo, composer } = await waits();
    demo.set({});
    expect(composer.waiting.questions).toEqual(['second', 'third']);
    expect(demo.calls).toEqual([]);
  });

  test('waits for a question that is only being sent, too', async () => {
    const { demo, composer } = made({ turns: [turn({ run: null })] });
    await composer.submit('second');
    demo.set({ chat, turns: [live], live });
    expect(composer.waiting.questions).toEqual(['second']);
    expect(demo.calls).toEqual([]);
  });

  test.each(['answered', 'abstained'] as const)('is asked when the one before has %s', async phase => {
    const { demo, composer } = await waits();
    demo.set({ turns: [ended(phase)], live: null });
    expect(demo.calls).toEqual([['ask', 'second']]);
    expect(composer.waiting.questions).toEqual(['third']);
    demo.set({ turns: [ended(phase), turn({ run: null })] });
    expect(demo.calls).toHaveLength(1);
  });

  test('goes back to the field when the one before was stopped', async () => {
    const { demo, composer, input } = await waits();
    input.value = 'being typed';
    demo.set({ turns: [ended('interrupted')], live: null });
    expect(input.value).toBe('second\nthird\nbeing typed');
    expect(composer.waiting.questions).toEqual([]);
    expect(demo.calls).toEqual([]);
  });

  test('goes back to the field when the one before was refused, or the chat is left', async () => {
    const refused = await waits();
    refused.demo.set({ turns: [ended('answered')], live: null, refused: 'No such agent.' });
    expect(refused.input.value).toBe('second\nthird');
    const left = await waits();
    left.demo.set({ chat: { ...chat, id: 'two' }, turns: [], live: null });
    expect(left.input.value).toBe('second\nthird');
    expect(left.demo.calls).toEqual([]);
  });

  test('can be taken back', async () => {
    const { composer, input } = await waits();
    composer.waiting.takeBack(0);
    expect(input.value).toBe('second');
    expect(composer.waiting.questions).toEqual(['third']);
  });

  test('a command does not wait', async () => {
    const { demo, composer } = await waits();
    await composer.submit('/stop');
    expect(demo.calls).toEqual([['stop']]);
  });
});

test('a draft that the panel wants stands in the field', () => {
  const { demo, input } = made();
  demo.draftWanted.emit('refused question');
  expect(input.value).toBe('refused question');
  expect(input.focus).toHaveBeenCalled();
});
