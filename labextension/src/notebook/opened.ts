/** The notebooks that this page has open, by their path, and the one in front. */
import type { INotebookCellExecutor, INotebookTracker, Notebook, NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { OpenNotebook } from '../wire';
import type { Bench } from './bench';
import { PanelBench } from './panel';

/** A path of the server's contents: no slash in front, no drive of real-time collaboration. */
export function contentsPath(path: string): string {
  return path.replace(/^RTC:/, '').replace(/^\/+/, '');
}

/** Follows the notebooks of this page. */
export class OpenedNotebooks implements IDisposable {
  constructor(
    private readonly tracker: INotebookTracker,
    private readonly executor: INotebookCellExecutor | null,
    private readonly trans: TranslationBundle
  ) {
    tracker.forEach(panel => this.add(panel));
    tracker.widgetAdded.connect(this.onAdded, this);
    tracker.currentChanged.connect(this.onFront, this);
  }

  /** A notebook was opened or closed, has another kernel, or another one is in front. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** A notebook has another path. */
  get renamed(): ISignal<this, { from: string; to: string }> {
    return this._renamed;
  }

  /** Cells were put into the notebook at this path, or taken out. */
  get cellsChanged(): ISignal<this, string> {
    return this._cellsChanged;
  }

  /** The kernel of the notebook at this path was restarted. */
  get restarted(): ISignal<this, string> {
    return this._restarted;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Those that are loaded. A run knows a renamed notebook by the path that it had, so that is told too. */
  get all(): OpenNotebook[] {
    const loaded = [...this._paths.keys()].filter(panel => panel.context.isReady);
    const told = new Map<string, OpenNotebook>();
    for (const panel of loaded) {
      const kernel = panel.sessionContext.session?.kernel?.id ?? null;
      this.pathsOf(panel).forEach(path => told.set(path, { path, kernel }));
    }
    return [...told.values()];
  }

  /** The notebook in front, or that was the last. */
  get front(): NotebookPanel | null {
    return this.tracker.currentWidget;
  }

  /** Path of the notebook in front. */
  get frontPath(): string | null {
    return this.front && pathOf(this.front);
  }

  /** The notebook at this path; of several views the one in front. */
  find(path: string): NotebookPanel | null {
    const panels = [...this._paths.keys()].filter(panel => this.pathsOf(panel).includes(path));
    return panels.find(panel => panel === this.front) ?? panels[0] ?? null;
  }

  /** Path of the notebook that this is the content of. */
  pathOfContent(content: Notebook): string | null {
    const panel = [...this._paths.keys()].find(each => each.content === content);
    return panel ? pathOf(panel) : null;
  }

  /** Whether the user has been in it since it was opened: clicked, typed, gone to another cell. */
  isTouched(content: Notebook): boolean {
    return this._touched.has(content);
  }

  /** A notebook as the hands use it, once it is loaded. */
  async bench(path: string): Promise<Bench | null> {
    const panel = this.find(path);
    await panel?.context.ready;
    if (!panel?.model || panel.isDisposed) {
      return null;
    }
    return new PanelBench(panel, panel.model.sharedModel, this.executor, this.trans);
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this.tracker.widgetAdded.disconnect(this.onAdded, this);
    this.tracker.currentChanged.disconnect(this.onFront, this);
    Signal.clearData(this);
  }

  private onAdded(_: unknown, panel: NotebookPanel): void {
    this.add(panel);
  }

  private onFront(): void {
    this._changed.emit();
  }

  private add(panel: NotebookPanel): void {
    this._paths.set(panel, pathOf(panel));
    const { content } = panel;
    for (const gesture of ['pointerdown', 'keydown']) {
      content.node.addEventListener(gesture, () => this._touched.add(content), { once: true });
    }
    content.activeCellChanged.connect(() => content.activeCellIndex > 0 && this._touched.add(content));
    panel.sessionContext.kernelChanged.connect(this.onFront, this);
    panel.sessionContext.statusChanged.connect((_, status) => {
      if (status === 'restarting' || status === 'autorestarting') {
        this._restarted.emit(pathOf(panel));
      }
    });
    panel.context.pathChanged.connect(() => this.rename(panel));
    panel.disposed.connect(() => {
      this._paths.delete(panel);
      [...this._former].forEach(([path, each]) => each === panel && this._former.delete(path));
      this._changed.emit();
    });
    void panel.context.ready.then(() => {
      panel.model?.cells.changed.connect(() => this._cellsChanged.emit(pathOf(panel)));
      this._changed.emit();
    });
  }

  /** The path of a panel, and those that it had and nobody else has now. */
  private pathsOf(panel: NotebookPanel): string[] {
    const taken = new Set(this._paths.values());
    const former = [...this._former].filter(([path, each]) => each === panel && !taken.has(path));
    return [pathOf(panel), ...former.map(([path]) => path)];
  }

  private rename(panel: NotebookPanel): void {
    const [from, to] = [this._paths.get(panel), pathOf(panel)];
    if (from !== undefined && from !== to) {
      this._paths.set(panel, to);
      this._former.set(from, panel);
      this._renamed.emit({ from, to });
      this._changed.emit();
    }
  }

  private readonly _paths = new Map<NotebookPanel, string>();
  private readonly _touched = new WeakSet<Notebook>();
  private readonly _former = new Map<string, NotebookPanel>();
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
  private readonly _cellsChanged = new Signal<this, string>(this);
  private readonly _restarted = new Signal<this, string>(this);
  private readonly _renamed = new Signal<this, { from: string; to: string }>(this);
}

function pathOf(panel: NotebookPanel): string {
  return contentsPath(panel.context.path);
}
