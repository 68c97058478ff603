/** What the model needs of the page around it. Types only; `notebook/workplace.ts` is JupyterLab's. */
import type { ISignal } from '@lumino/signaling';

import type { Bench } from '../notebook/bench';

/** The kernel of a notebook. */
export interface KernelView {
  readonly id: string;
  /** For people. */
  readonly name: string;
}

/** The page around the panel: notebooks, files, and whether the panel is seen. */
export interface Workplace {
  /** A notebook was opened or closed, has another kernel, or another one is in front. */
  readonly changed: ISignal<unknown, void>;
  /** Cells were put into the notebook at this path, or taken out, by whomever. */
  readonly cellsChanged: ISignal<unknown, string>;
  readonly renamed: ISignal<unknown, { from: string; to: string }>;
  /** The user has run a cell to its end, or a kernel has begun anew, in the notebook at this path. */
  readonly worked: ISignal<unknown, string>;
  /** Path of the notebook in front; null: none is open. */
  readonly frontPath: string | null;
  /** The panel is on the screen. */
  readonly isPanelShown: boolean;

  kernel(path: string): KernelView | null;
  /** The notebook's kernel; where it has none, one is started as JupyterLab would. Null: none was chosen. */
  startKernel(path: string): Promise<KernelView | null>;
  /** Ids of the cells of a notebook; null: it is not open here, or not loaded yet. */
  cellIds(path: string): ReadonlySet<string> | null;
  /** Id of the active cell. */
  activeCell(path: string): string | null;
  /** Make a cell the active one, without taking the focus. */
  activate(path: string, cellId: string): void;
  bench(path: string): Promise<Bench | null>;
  /** Bring a notebook to the front; one that is closed is opened. */
  open(path: string): Promise<void>;
  /** Bring a cell to the front, make it the active one, and flash it. False: it is not there. */
  show(path: string, cellId: string, options?: { edit?: boolean }): Promise<boolean>;
  /** Put a file beside the notebook, never over another; resolves to its name. */
  upload(notebook: string, file: File): Promise<string>;
  signOut(): void;
}
