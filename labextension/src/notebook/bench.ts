/** A notebook that this page has open, as the hands use it. */
import type { ISharedNotebook } from '@jupyter/ydoc';

import type { TabExecuted } from '../wire';
import type { WantedCell } from './shared';

/** A cell that was sent to the kernel. */
export interface Execution {
  /** Id of the execute request's message; null where another executor sends it. */
  readonly message: string | null;
  readonly ended: Promise<TabExecuted>;
}

/** A notebook and what can be done in it. `panel.ts` makes them from JupyterLab's panels. */
export interface Bench {
  readonly shared: ISharedNotebook;
  /** Why no cell can be run now, in words for the user; null: one can. */
  readonly hindrance: string | null;
  /** Run a cell as the user would, without touching focus or selection. */
  execute(cellId: string): Execution;
  isRunning(cellId: string): boolean;
  /** Give a cell that ran elsewhere its outputs. */
  finish(cell: WantedCell): void;
  /** Bring a cell into view, unless the user looks at or types something else. */
  reveal(cellId: string): void;
}
