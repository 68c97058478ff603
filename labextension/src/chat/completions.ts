/** What the composer completes: `@` agents and tables, `/` commands. Only what works now is offered. */
import type { ChatCommand, IChatCommandProvider, IInputModel } from '@jupyter/chat';

import { commands } from './composing';
import type { Desk } from './composing';
import { count } from './format';

/** A thing to complete to. */
export interface Completion {
  /** With its `@` or `/`. */
  readonly name: string;
  readonly about: string;
}

/** Completions of the word at the cursor; `isFirst`: nothing stands before it. */
export function completions(word: string, isFirst: boolean, desk: Desk): Completion[] {
  const typed = word.toLowerCase();
  const offered = word.startsWith('@')
    ? mentions(desk)
    : word.startsWith('/') && isFirst
      ? slashes(desk)
      : [];
  const found = offered.filter(({ name }) => name.toLowerCase().startsWith(typed));
  // What is typed in full needs no menu: Enter should send it.
  return found.some(({ name }) => name === word) ? [] : found;
}

function mentions({ model, words }: Desk): Completion[] {
  const { agents, surroundings } = model.state;
  const tables = surroundings?.tables ?? [];
  return [
    ...agents.map(agent => ({ name: `@${agent.name}`, about: agent.title })),
    ...tables.map(table => ({
      name: `@${table.name}`,
      about: words.__('%1 rows × %2 columns', count(table.rows), count(table.columns.length))
    }))
  ];
}

function slashes(desk: Desk): Completion[] {
  return commands(desk).map(({ name, takes, about }) => ({
    name,
    about: takes ? `${takes} · ${about}` : about
  }));
}

/** The same for the chat widget. */
export class Completer implements IChatCommandProvider {
  constructor(private readonly desk: Desk) {}

  readonly id = 'autoanalyst';

  async listCommandCompletions(input: IInputModel): Promise<ChatCommand[]> {
    const word = input.currentWord ?? '';
    const isFirst = input.value.trimStart().startsWith(word);
    return completions(word, isFirst, this.desk).map(({ name, about }) => ({
      name,
      description: about,
      providerId: this.id,
      spaceOnAccept: true
    }));
  }

  /** Commands are read when the text is sent (`composer.ts`). */
  async onSubmit(): Promise<void> {
    return undefined;
  }
}
