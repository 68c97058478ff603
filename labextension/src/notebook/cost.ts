/**
 * What the analyst has cost in a notebook, in that notebook's toolbar. Nothing is fetched before the panel is
 * connected, and then only when something may have been spent; hidden while it has cost nothing.
 */
import type { ISignal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';

import { cost, type Words } from '../chat/format';
import { isZero } from '../decimal';
import type { IPanelModel } from '../model/panel';
import type { OwnUsage, Usage } from '../wire';

/** News of one answer come together: its end, and its chat that has moved to the top. */
const PAUSE_MS = 300;

export interface CostOptions {
  /** The notebook's path, now. */
  readonly path: () => string;
  readonly pathChanged: ISignal<unknown, unknown>;
  readonly model: Pick<IPanelModel, 'state' | 'stateChanged' | 'spent' | 'usage'>;
  readonly words: Words;
  /** Whether the user wants it; emitted when that has changed. */
  readonly isWanted: () => boolean;
  readonly wantedChanged: ISignal<unknown, unknown>;
  /** Show one's usage. */
  readonly open: () => void;
}

/** The badge. */
export class NotebookCost extends Widget {
  constructor(private readonly options: CostOptions) {
    super();
    const { pathChanged, model, wantedChanged, open } = options;
    this.addClass('jp-Analyst-cost');
    this._button.type = 'button';
    this._button.className = 'jp-ToolbarButtonComponent jp-mod-minimal';
    this._button.addEventListener('click', open);
    this.node.append(this._button);
    this.hide();
    model.spent.connect(this.onSpent, this);
    model.stateChanged.connect(this.onState, this);
    wantedChanged.connect(this.onSpent, this);
    pathChanged.connect(this.onSpent, this);
    this.onState();
  }

  dispose(): void {
    if (!this.isDisposed) {
      const { pathChanged, model, wantedChanged } = this.options;
      this.forgetWait();
      model.spent.disconnect(this.onSpent, this);
      model.stateChanged.disconnect(this.onState, this);
      wantedChanged.disconnect(this.onSpent, this);
      pathChanged.disconnect(this.onSpent, this);
      super.dispose();
    }
  }

  /** Connected for the first time, or again: what happened meanwhile is not known. */
  private onState(): void {
    const isOpen = this.options.model.state.connection === 'open';
    if (isOpen && !this._isOpen) {
      this.onSpent();
    }
    this._isOpen = isOpen;
  }

  private onSpent(): void {
    this.forgetWait();
    this._wait = setTimeout(() => {
      this._wait = null;
      void this.look();
    }, PAUSE_MS);
  }

  private async look(): Promise<void> {
    const { path, model, isWanted } = this.options;
    const call = ++this._call;
    if (!isWanted()) {
      this.hide();
    } else if (model.state.connection === 'open') {
      const usage = await model.usage({ notebook: path() }).catch(() => null);
      if (call === this._call && !this.isDisposed && usage !== null) {
        this.display(usage);
      }
    }
  }

  private display({ today, all }: OwnUsage): void {
    const { words } = this.options;
    const total = cost(all, words);
    // Others need the room, too: how much of it is today's is in the tooltip.
    this._button.textContent = total;
    const says = isSpent(today)
      ? words.__(
          'The analyst has cost %1 in this notebook, %2 of it today. Click for your usage.',
          total,
          cost(today, words)
        )
      : words.__('The analyst has cost %1 in this notebook, nothing today. Click for your usage.', total);
    this._button.title = says;
    this._button.setAttribute('aria-label', says);
    this.setHidden(!isSpent(all));
  }

  private forgetWait(): void {
    if (this._wait !== null) {
      clearTimeout(this._wait);
      this._wait = null;
    }
  }

  private readonly _button = document.createElement('button');
  private _isOpen = false;
  private _call = 0;
  private _wait: ReturnType<typeof setTimeout> | null = null;
}

/** Whether something was spent, as far as that is known. */
function isSpent(usage: Usage): boolean {
  return usage.cost_usd === null ? usage.unpriced_requests > 0 : !isZero(usage.cost_usd);
}
