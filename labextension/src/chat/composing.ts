/**
 * What is typed into the composer: a question, or a `/` command; and the questions that Up recalls. The text
 * field itself belongs to the chat widget.
 */
import type { IPanelModel, Mode } from '../model/panel';
import type { TurnView } from '../model/turn';
import { cost, count, modelTitle } from './format';
import type { Words } from './format';

/** A command that can be typed. */
export interface Command {
  /** With its slash. */
  readonly name: string;
  /** What follows it; empty where nothing does. */
  readonly takes: string;
  readonly about: string;
}

/** What a command needs of the panel. */
export interface Desk {
  readonly model: IPanelModel;
  readonly words: Words;
  readonly showSent: (runId: string) => void;
}

/** A line above the composer: what a command answered. */
export type Reply = readonly string[];

const MODES: readonly Mode[] = ['auto', 'ask', 'suggest'];

interface Known {
  readonly takes?: (words: Words) => string;
  readonly about: (words: Words) => string;
  /** Whether it can do something now. */
  readonly fits?: (desk: Desk) => boolean;
  readonly run: (desk: Desk, rest: string) => Promise<Reply> | Reply;
}

const COMMANDS: Readonly<Record<string, Known>> = {
  '/new': { about: words => words.__('Begin a new chat'), run: ({ model }) => (model.newChat(), []) },
  '/stop': {
    about: words => words.__('Stop the run'),
    fits: ({ model }) => model.state.live !== null,
    run: async ({ model }) => (await model.stop(), [])
  },
  '/undo': {
    about: words => words.__('Take the last answer’s cells out'),
    fits: desk => undoable(desk) !== null,
    run: async desk => {
      const turn = undoable(desk);
      return turn === null ? [desk.words.__('There is nothing to undo.')] : [await desk.model.undo(turn)];
    }
  },
  '/retry': {
    about: words => words.__('Ask the last question again'),
    fits: ({ model }) => model.state.turns.length > 0 && model.state.live === null,
    run: async ({ model }) => {
      const last = model.state.turns.at(-1);
      await (last && model.ask(last.question));
      return [];
    }
  },
  '/load': {
    takes: words => words.__('PATH'),
    about: words => words.__('Load a data file; without a path, the sample'),
    fits: ({ model }) => model.state.target !== null,
    run: async ({ model }, rest) => (await model.load(rest || null), [])
  },
  '/model': {
    takes: words => words.__('NAME'),
    about: words => words.__('Answer with another model'),
    run: pickModel
  },
  '/mode': { takes: () => MODES.join(' | '), about: words => words.__('When code may run'), run: pickMode },
  '/usage': { about: words => words.__('What you have used'), run: usage },
  '/sent': {
    about: words => words.__('Show what the last question sent'),
    fits: ({ model }) => lastRun(model) !== null,
    run: ({ model, words, showSent }) => {
      const run = lastRun(model);
      return run === null ? [words.__('Nothing has been asked yet.')] : (showSent(run), []);
    }
  },
  '/help': { about: words => words.__('List the commands'), run: help }
};

/** The commands that can do something now. */
export function commands(desk: Desk): Command[] {
  return Object.entries(COMMANDS)
    .filter(([, known]) => known.fits?.(desk) ?? true)
    .map(([name, known]) => ({
      name,
      takes: known.takes?.(desk.words) ?? '',
      about: known.about(desk.words)
    }));
}

/** Whether a text is a command, known or not. A path or a fraction is none. */
export function isCommand(text: string): boolean {
  return /^\/[a-z]+(?:\s|$)/i.test(text.trim());
}

/** Carry a command out, and say what came of it. */
export async function carryOut(text: string, desk: Desk): Promise<Reply> {
  const [, name, rest] = /^(\S+)\s*([\s\S]*)$/.exec(text.trim()) ?? [];
  const key = (name ?? '').toLowerCase();
  if (!Object.hasOwn(COMMANDS, key)) {
    return [desk.words.__('There is no command %1. /help lists them.', name)];
  }
  return COMMANDS[key].run(desk, rest.trim());
}

/** The questions of a chat, for Up and Down. */
export class Recall {
  /** The question before, beginning at the last; null: the text is the user's own, or there is none before. */
  step(back: boolean, text: string, questions: readonly string[]): string | null {
    const isOurs = this.at !== null && questions.at(-this.at) === text;
    if (!isOurs && text !== '') {
      return null;
    }
    const next = (isOurs ? (this.at ?? 0) : 0) + (back ? 1 : -1);
    if (next > questions.length || next < 0 || (next === 0 && !isOurs)) {
      return null;
    }
    this.at = next === 0 ? null : next;
    return next === 0 ? '' : (questions.at(-next) ?? '');
  }

  private at: number | null = null;
}

function lastRun(model: IPanelModel): string | null {
  return model.state.turns.filter(turn => turn.run !== null).at(-1)?.run?.id ?? null;
}

function undoable({ model }: Desk): TurnView | null {
  const last = model.state.turns.at(-1);
  return last && canUndo(last) ? last : null;
}

/** Whether a turn has ended and left cells that are still there. */
export function canUndo(turn: TurnView): boolean {
  const run = turn.run;
  const hasCells =
    run?.data != null || (run?.steps.some(step => step.cells.some(cell => cell.cellId)) ?? false);
  const isLive = run !== null && ['sent', 'running', 'parked', 'approval'].includes(run.phase);
  return hasCells && !turn.undone && !isLive;
}

function pickModel({ model, words }: Desk, rest: string): Reply {
  const { models } = model.state;
  const wanted = rest.toLowerCase();
  const found = models.find(entry => [entry.name, entry.title].some(name => name.toLowerCase() === wanted));
  const isUnlisted = models.some(({ name }) => {
    const prefix = `${name.split(':')[0]}:`;
    return wanted.startsWith(prefix) && wanted !== prefix;
  });
  if (found === undefined && isUnlisted) {
    // The list names those worth offering; a provider takes any of its own.
    model.pickModel(rest);
    return [words.__('%1 answers from now on.', modelTitle(rest, models))];
  }
  if (found === undefined) {
    return [words.__('Models: %1', models.map(entry => entry.name).join(', '))];
  }
  if (!found.ready) {
    return [words.__('%1 is not ready. %2', modelTitle(found.name, models), found.why)];
  }
  model.pickModel(found.name);
  return [words.__('%1 answers from now on.', modelTitle(found.name, models))];
}

function pickMode({ model, words }: Desk, rest: string): Reply {
  const found = MODES.find(mode => mode === rest.toLowerCase());
  if (found === undefined) {
    return [words.__('Modes: %1', MODES.join(', '))];
  }
  model.pickMode(found);
  return [words.__('Mode: %1', modeTitle(found, words))];
}

/** A mode in words. */
export function modeTitle(mode: Mode, words: Words): string {
  return { auto: words.__('Auto'), ask: words.__('Ask first'), suggest: words.__('Suggest only') }[mode];
}

async function usage({ model, words }: Desk): Promise<Reply> {
  const own = await model.usage();
  const line = (label: string, used: typeof own.today) =>
    words.__(
      '%1: %2 · %3',
      label,
      words._n('%2 request', '%2 requests', used.requests, count(used.requests)),
      cost(used, words)
    );
  return [
    line(words.__('Today'), own.today),
    line(words.__('This month'), own.month),
    line(words.__('All'), own.all)
  ];
}

function help(desk: Desk): Reply {
  const lines = commands(desk).map(
    ({ name, takes, about }) => `${takes ? `${name} ${takes}` : name} · ${about}`
  );
  return [...lines, desk.words.__('@ names agents and tables. Enter sends, Shift-Enter begins a new line.')];
}
