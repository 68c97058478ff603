/** The `Workplace` of JupyterLab and of Notebook 7: notebooks by their tracker, files by the contents. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ISessionContext } from '@jupyterlab/apputils';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { Notebook, NotebookPanel } from '@jupyterlab/notebook';
import { NotebookActions } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { KernelView, Workplace } from '../model/workplace';
import type { Bench } from './bench';
import { flash } from './flash';
import type { OpenedNotebooks } from './opened';
import { upload } from './upload';

export interface LabWorkplaceOptions {
  readonly app: JupyterFrontEnd;
  readonly opened: OpenedNotebooks;
  readonly documents: IDocumentManager | null;
  readonly dialogs: ISessionContext.IDialogs;
  /** Id of the panel's widget. */
  readonly panelId: string;
  /** Where one signs out. */
  readonly signOutAddress: string;
}

/** The page around the panel. */
export class LabWorkplace implements Workplace, IDisposable {
  constructor(private readonly options: LabWorkplaceOptions) {
    NotebookActions.executed.connect(this.onExecuted, this);
    options.opened.restarted.connect(this.onRestarted, this);
  }

  get changed(): ISignal<unknown, void> {
    return this.options.opened.changed;
  }

  get renamed(): ISignal<unknown, { from: string; to: string }> {
    return this.options.opened.renamed;
  }

  get cellsChanged(): ISignal<unknown, string> {
    return this.options.opened.cellsChanged;
  }

  get worked(): ISignal<this, string> {
    return this._worked;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  get frontPath(): string | null {
    return this.options.opened.frontPath;
  }

  get isPanelShown(): boolean {
    return !document.hidden && !!document.getElementById(this.options.panelId)?.getClientRects().length;
  }

  kernel(path: string): KernelView | null {
    const context = this.options.opened.find(path)?.sessionContext;
    const id = context?.session?.kernel?.id;
    return context && id !== undefined ? { id, name: context.kernelDisplayName } : null;
  }

  async startKernel(path: string): Promise<KernelView | null> {
    const context = this.options.opened.find(path)?.sessionContext;
    await context?.ready;
    if (context && !context.session?.kernel && (await context.startKernel())) {
      await this.options.dialogs.selectKernel(context);
    }
    return this.kernel(path);
  }

  cellIds(path: string): ReadonlySet<string> | null {
    const panel = this.options.opened.find(path);
    const cells = panel?.context.isReady && panel.model?.sharedModel.cells;
    return cells ? new Set(cells.map(cell => cell.getId())) : null;
  }

  /** A notebook that was just loaded has its first cell active, which nobody has chosen. */
  activeCell(path: string): string | null {
    const content = this.options.opened.find(path)?.content;
    const chosen = content && (content.activeCellIndex > 0 || this.options.opened.isTouched(content));
    return (chosen && content.activeCell?.model.id) || null;
  }

  activate(path: string, cellId: string): void {
    const content = this.options.opened.find(path)?.content;
    if (content) {
      content.deselectAll();
      content.activeCellIndex = indexIn(content, cellId);
    }
  }

  bench(path: string): Promise<Bench | null> {
    return this.options.opened.bench(path);
  }

  async open(path: string): Promise<void> {
    const { app, opened, documents } = this.options;
    const panel = opened.find(path);
    if (panel) {
      app.shell.activateById(panel.id);
    } else {
      documents?.openOrReveal(path);
    }
  }

  async show(path: string, cellId: string, options: { edit?: boolean } = {}): Promise<boolean> {
    const panel = await this.panel(path);
    if (!panel || indexIn(panel.content, cellId) === -1) {
      return false;
    }
    this.options.app.shell.activateById(panel.id);
    this.activate(path, cellId);
    const { content } = panel;
    content.mode = options.edit ? 'edit' : 'command';
    await content.scrollToItem(content.activeCellIndex, 'smart');
    if (content.activeCell) {
      flash(content.activeCell.node);
    }
    return true;
  }

  upload(notebook: string, file: File): Promise<string> {
    const { contents } = this.options.app.serviceManager;
    return upload(contents, notebook.split('/').slice(0, -1).join('/'), file);
  }

  signOut(): void {
    window.location.assign(this.options.signOutAddress);
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    NotebookActions.executed.disconnect(this.onExecuted, this);
    this.options.opened.restarted.disconnect(this.onRestarted, this);
    Signal.clearData(this);
  }

  /** The panel of a notebook; one that is closed is opened. */
  private async panel(path: string): Promise<NotebookPanel | null> {
    const { opened, documents } = this.options;
    if (!opened.find(path)) {
      const opening = documents?.openOrReveal(path);
      await opening?.context.ready;
    }
    return opened.find(path);
  }

  private onExecuted(_: unknown, { notebook }: { notebook: Notebook }): void {
    const path = this.options.opened.pathOfContent(notebook);
    if (path !== null) {
      this._worked.emit(path);
    }
  }

  private onRestarted(_: unknown, path: string): void {
    this._worked.emit(path);
  }

  private _isDisposed = false;
  private readonly _worked = new Signal<this, string>(this);
}

function indexIn(content: Notebook, cellId: string): number {
  return content.widgets.findIndex(cell => cell.model.id === cellId);
}
