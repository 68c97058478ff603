/** Offers to fix the cells that failed, in all notebooks of this page; not where a run is at work. */
import type { Cell, CodeCell } from '@jupyterlab/cells';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { NotebookActions } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';

import { FixOffer } from './offer';
import { contentsPath } from './opened';

const AT_WORK = 'jp-mod-analystAtWork';

export interface FixOffersOptions {
  readonly tracker: INotebookTracker;
  readonly trans: TranslationBundle;
  readonly fix: (path: string, cellId: string) => void;
  /** Whether a run acts on the notebook at this path. */
  readonly isAtWork: (path: string) => boolean;
}

/** The offers of this page. */
export class FixOffers {
  constructor(private readonly options: FixOffersOptions) {
    const { tracker } = options;
    tracker.forEach(panel => void this.add(panel));
    tracker.widgetAdded.connect((_, panel) => void this.add(panel));
    NotebookActions.executionScheduled.connect((_, { cell }) => this._offers.get(cell)?.sent());
  }

  /** Hide the offers of notebooks where a run is at work, and show those where none is any more. */
  update(): void {
    this.options.tracker.forEach(panel => this.mark(panel));
  }

  private async add(panel: NotebookPanel): Promise<void> {
    await panel.context.ready;
    const cells = panel.content.model?.cells;
    if (panel.isDisposed || !cells) {
      return;
    }
    this.mark(panel);
    this.follow(panel);
    cells.changed.connect((_, { type }) => {
      if (type !== 'remove' && !panel.isDisposed) {
        this.follow(panel);
      }
    });
  }

  private mark(panel: NotebookPanel): void {
    const isAtWork = this.options.isAtWork(contentsPath(panel.context.path));
    panel.content.node.classList.toggle(AT_WORK, isAtWork);
  }

  private follow(panel: NotebookPanel): void {
    const { trans, fix } = this.options;
    for (const cell of panel.content.widgets) {
      if (isCode(cell) && !this._offers.has(cell)) {
        const ask = () => fix(contentsPath(panel.context.path), cell.model.id);
        this._offers.set(cell, new FixOffer(cell, trans, ask));
      }
    }
  }

  private readonly _offers = new WeakMap<Cell, FixOffer>();
}

function isCode(cell: Cell): cell is CodeCell {
  return cell.model.type === 'code';
}
