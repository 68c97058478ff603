/** What the panel itself does in the target notebook: puts code there, loads data, shows and runs cells. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { UUID } from '@lumino/coreutils';

import type { Api } from '../api';
import type { Bench, Execution } from '../notebook/bench';
import { insert, placeAfter } from '../notebook/shared';
import type { Store } from './store';
import type { Workplace } from './workplace';

/** Acts on cells for the user, not for a run. */
export class Cells {
  constructor(
    private readonly api: Api,
    private readonly store: Store,
    private readonly place: Workplace,
    private readonly trans: TranslationBundle
  ) {}

  /**
   * Put code below the active cell of the target notebook; `run` runs it too. What belongs to the chat goes
   * below the cells of its runs (`isOwn`).
   */
  async insertCode(
    source: string,
    run: boolean,
    isOwn: (run: string) => boolean = () => false
  ): Promise<Execution | null> {
    const path = this.target();
    const cellId = UUID.uuid4();
    const bench = await this.open(path);
    const after = placeAfter(bench.shared, this.place.activeCell(path), isOwn);
    insert(bench.shared, { op: 'insert', cell_id: cellId, after, source, cell_type: 'code', metadata: {} });
    if (run) {
      // What comes next goes below it; the focus stays where it is.
      this.place.activate(path, cellId);
      return this.execute(path, cellId);
    }
    await this.place.show(path, cellId, { edit: true });
    return null;
  }

  /** Run a cell; false: it is not there any more. */
  async run(path: string, cellId: string): Promise<boolean> {
    return (await this.execute(path, cellId)) !== null;
  }

  /** Insert and run a cell that loads a file; null: the sample. */
  async load(file: string | null): Promise<void> {
    const sent = this.sendLoading(file);
    const ended = sent.then(execution => execution?.ended);
    this._loading = Promise.allSettled([this._loading, ended]);
    await sent;
  }

  /** Done when all data that was to be loaded is loaded, or could not be. */
  get loaded(): Promise<unknown> {
    return this._loading;
  }

  /** Put files beside the notebook, and load them. */
  async upload(files: readonly File[]): Promise<void> {
    const notebook = this.target();
    for (const file of files) {
      await this.load(await this.place.upload(notebook, file));
    }
  }

  private async sendLoading(file: string | null): Promise<Execution | null> {
    const notebook = this.target();
    const kernel = await this.place.startKernel(notebook);
    const { source } = await this.api.loading({ notebook, kernel: kernel?.id ?? null, path: file });
    return this.insertCode(source, true);
  }

  /** Send a cell to the kernel; null: it is not there any more. */
  private async execute(path: string, cellId: string): Promise<Execution | null> {
    const bench = await this.place.bench(path);
    if (!bench?.shared.cells.some(cell => cell.getId() === cellId)) {
      return null;
    }
    await this.place.startKernel(path);
    if (bench.hindrance) {
      throw new Error(bench.hindrance);
    }
    const execution = bench.execute(cellId);
    void execution.ended.then(() => bench.reveal(cellId));
    return execution;
  }

  private target(): string {
    const path = this.store.state.target?.path;
    if (path === undefined) {
      throw new Error(this.trans.__('Open a notebook to work in.'));
    }
    return path;
  }

  private async open(path: string): Promise<Bench> {
    const bench = await this.place.bench(path);
    if (!bench) {
      throw new Error(this.trans.__('%1 is not open. Open it first.', path));
    }
    return bench;
  }

  private _loading: Promise<unknown> = Promise.resolve();
}
