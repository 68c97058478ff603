/** The widget in the side bar. It is light; what it shows is loaded when it is first seen. */
import { showErrorMessage } from '@jupyterlab/apputils';
import { Message, MessageLoop } from '@lumino/messaging';
import { Panel } from '@lumino/widgets';

import type { PanelBody } from './body';
import type { PanelContext } from './context';
import { analystIcon } from './icons';
import { widen } from './width';

/** Id of the widget in the shell. */
export const SIDE_ID = 'autoanalyst-panel';

/** Where it is kept that the side bar was made wide enough once, and how wide that is, in pixels. */
const WIDENED = 'autoanalyst:widened';
const ROOM = 360;

/** JupyterLab has its layout back. */
const RESTORED = new Message('autoanalyst-restored');

/** The side panel. */
export class SidePanel extends Panel {
  constructor(
    private readonly _context: PanelContext,
    private readonly _load: () => Promise<PanelBody>,
    private readonly _restored: Promise<void>
  ) {
    super();
    const { trans } = _context;
    this.id = SIDE_ID;
    this.title.icon = analystIcon;
    this.title.caption = trans.__('AutoAnalyst');
    this.addClass('jp-Analyst');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('AutoAnalyst'));
    // Posted, so that it comes after the activation of what a reload brings back.
    void _restored.then(() => MessageLoop.postMessage(this, RESTORED));
  }

  /** What is inside, once it is loaded. */
  body(): Promise<PanelBody> {
    this._body ??= this._make();
    return this._body;
  }

  processMessage(message: Message): void {
    if (message === RESTORED) {
      this._isRestored = true;
    } else {
      super.processMessage(message);
    }
  }

  protected onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this._seen();
  }

  protected onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    if (this.isVisible) {
      this._seen();
    }
  }

  protected onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    // A reload activates what was open; it must not take the cursor out of the notebook.
    if (this._isRestored) {
      void this._focus();
    }
  }

  private async _focus(): Promise<void> {
    (await this.body()).focus();
  }

  private async _make(): Promise<PanelBody> {
    try {
      const body = await this._load();
      this.addWidget(body);
      return body;
    } catch (reason) {
      this._body = null;
      throw reason;
    }
  }

  private _seen(): void {
    const { model, trans } = this._context;
    Promise.all([this.body(), model.open()]).catch(reason =>
      showErrorMessage(trans.__('The AutoAnalyst panel could not be opened'), reason as Error)
    );
    // It is only a convenience: where nothing is kept, the user's hand is enough.
    this._makeRoom().catch(reason => console.warn('AutoAnalyst: width', reason));
  }

  /** The side bar is narrow at first. Later its width is what the user made of it. */
  private async _makeRoom(): Promise<void> {
    const { state } = this._context;
    await this._restored;
    if (state !== null && this.isVisible && (await state.fetch(WIDENED)) === undefined) {
      await state.save(WIDENED, true);
      requestAnimationFrame(() => widen(this, ROOM));
    }
  }

  private _body: Promise<PanelBody> | null = null;
  private _isRestored = false;
}
