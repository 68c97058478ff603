/**
 * Carries out what runs want of the notebooks of this page, each request once. Which notebooks there are,
 * and how a cell is run, is not known here: a `Bench` does it.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { CellSent, TabExecute, TabMessage, TabReplied, TabWanted } from '../wire';
import type { Bench } from './bench';
import { takePlace, withdraw } from './places';
import type { Refusal } from './shared';
import { cellOf, insert, replace, restore, unexpected } from './shared';

const REPLIES_KEPT = 500;

export interface HandsOptions {
  /** The notebook at this path, once it is loaded; null: it is not open here. */
  readonly find: (path: string) => Promise<Bench | null>;
  readonly say: (message: TabMessage) => void;
  readonly trans: TranslationBundle;
}

/** What was told of a request so far. */
interface Told {
  sent: CellSent | null;
  replied: TabReplied | null;
}

/** The page's hands. */
export class Hands {
  constructor(private readonly options: HandsOptions) {}

  /** Carry out a request, and reply. One that has come before is only answered again. */
  async take(wanted: TabWanted): Promise<void> {
    const known = this._told.get(wanted.request);
    if (known) {
      [known.sent, known.replied].forEach(message => message && this.options.say(message));
      return;
    }
    const told: Told = { sent: null, replied: null };
    this._told.set(wanted.request, told);
    told.replied = await this.carryOut(wanted, told);
    this.options.say(told.replied);
    this.forget();
  }

  private async carryOut(wanted: TabWanted, told: Told): Promise<TabReplied> {
    const { trans, find } = this.options;
    const bench = await find(wanted.notebook);
    if (!bench) {
      const error = trans.__('The notebook %1 is not open in this page.', wanted.notebook);
      return { kind: 'replied', request: wanted.request, error, gone: true };
    }
    try {
      return await this.done(wanted, bench, told);
    } catch (error) {
      // The engine must hear of it, else the run would wait for ever.
      const message = error instanceof Error ? error.message : String(error);
      return { kind: 'replied', request: wanted.request, error: message };
    }
  }

  private async done({ request, do: wish }: TabWanted, bench: Bench, told: Told): Promise<TabReplied> {
    const { shared } = bench;
    switch (wish.op) {
      case 'insert':
        insert(shared, wish);
        bench.reveal(wish.cell_id);
        return this.reply(request);
      case 'replace':
        return this.reply(request, replace(shared, wish));
      case 'remove': {
        const refusal = unexpected(cellOf(shared, wish.cell_id), wish.expected);
        withdraw(shared, [wish]);
        return this.reply(request, refusal === 'missing' ? null : refusal);
      }
      case 'take_place': {
        const refusal = takePlace(shared, wish);
        bench.reveal(wish.cell_id); // a long traceback above it is gone
        return this.reply(request, refusal);
      }
      case 'execute':
        return this.execute(request, wish, bench, told);
      case 'restore':
        restore(shared, wish.after, wish.cells)
          .filter(cell => !bench.isRunning(cell.cell_id)) // it gets them from the kernel
          .forEach(cell => bench.finish(cell));
        return this.reply(request);
      case 'withdraw':
        return this.reply(request, null, { ...withdraw(shared, wish.cells) });
    }
  }

  private async execute(request: string, wish: TabExecute, bench: Bench, told: Told): Promise<TabReplied> {
    const refusal = unexpected(cellOf(bench.shared, wish.cell_id), wish.expected);
    if (refusal) {
      return this.reply(request, refusal);
    }
    if (bench.hindrance) {
      return { kind: 'replied', request, error: bench.hindrance };
    }
    const execution = bench.execute(wish.cell_id);
    if (execution.message !== null) {
      told.sent = { kind: 'sent', request, message: execution.message };
      this.options.say(told.sent);
    }
    const ended = await execution.ended;
    bench.reveal(wish.cell_id);
    return this.reply(request, null, { ...ended });
  }

  private reply(
    request: string,
    refusal: Refusal | null = null,
    value: Record<string, unknown> = {}
  ): TabReplied {
    const { trans } = this.options;
    switch (refusal) {
      case 'missing':
        return { kind: 'replied', request, error: trans.__('The cell is not in the notebook any more.') };
      case 'changed':
        return {
          kind: 'replied',
          request,
          error: trans.__('The cell was changed meanwhile, so it was left as it is.')
        };
      case null:
        return { kind: 'replied', request, value };
    }
  }

  /** The oldest replies go; the engine asks again only for what it has not heard. */
  private forget(): void {
    for (const [request, told] of this._told) {
      if (this._told.size <= REPLIES_KEPT) {
        return;
      }
      if (told.replied) {
        this._told.delete(request);
      }
    }
  }

  private readonly _told = new Map<string, Told>();
}
