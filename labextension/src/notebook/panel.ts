/** A `Bench` from a notebook panel of JupyterLab: cells run and come into view as the user's own do. */
import type { CodeCell } from '@jupyterlab/cells';
import { CodeCell as CodeCells } from '@jupyterlab/cells';
import type { IOutput } from '@jupyterlab/nbformat';
import type { INotebookCellExecutor, NotebookPanel } from '@jupyterlab/notebook';
import { NotebookActions } from '@jupyterlab/notebook';
import type { KernelMessage } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ISharedNotebook } from '@jupyter/ydoc';
import type { ISignal, Signal } from '@lumino/signaling';

import type { TabExecuted } from '../wire';
import type { Bench, Execution } from './bench';
import type { WantedCell } from './shared';

/** A notebook panel as a bench. */
export class PanelBench implements Bench {
  constructor(
    private readonly panel: NotebookPanel,
    readonly shared: ISharedNotebook,
    private readonly executor: INotebookCellExecutor | null,
    private readonly trans: TranslationBundle
  ) {}

  get hindrance(): string | null {
    const { sessionContext } = this.panel;
    if (!sessionContext.session?.kernel || sessionContext.isTerminating) {
      return this.trans.__('The notebook has no kernel. Start it and ask again.');
    }
    return sessionContext.pendingInput ? this.trans.__('Another cell waits for your input.') : null;
  }

  execute(cellId: string): Execution {
    const cell = this.codeCell(cellId);
    if (!cell) {
      throw new Error(this.trans.__('The cell is not in the notebook any more.'));
    }
    const before = cell.outputArea.future;
    const ran = this.run(cell);
    // Both ways of running send the request before they first wait.
    const future = cell.outputArea.future;
    if (!future || future === before) {
      return { message: null, ended: ran.then(succeeded, failed) };
    }
    ran.catch(() => undefined); // the reply below says the same
    return { message: future.msg.header.msg_id, ended: future.done.then(replied, canceled) };
  }

  isRunning(cellId: string): boolean {
    return this.codeCell(cellId)?.model.executionState === 'running';
  }

  finish({ cell_id, outputs = [], execution_count = null }: WantedCell): void {
    const model = this.codeCell(cell_id)?.model;
    if (model) {
      // By the cell's own model: setting a stream in the shared one would join it to what was there.
      model.trusted = true;
      model.outputs.fromJSON(outputs as unknown as IOutput[]);
      model.executionCount = execution_count;
    }
  }

  reveal(cellId: string): void {
    const { content } = this.panel;
    if (!this.panel.isVisible || content.node.contains(document.activeElement)) {
      return;
    }
    const index = content.widgets.findIndex(cell => cell.model.id === cellId);
    const node = content.widgets[index]?.node;
    const view = content.outerNode.getBoundingClientRect();
    const place = node?.isConnected ? node.getBoundingClientRect() : null;
    if (!place || place.top > view.bottom || place.bottom < view.top) {
      void content.scrollToItem(index, 'smart');
    } else if (place.top > view.top && place.bottom > view.bottom) {
      content.outerNode.scrollBy(0, Math.min(place.bottom - view.bottom, place.top - view.top));
    }
  }

  private codeCell(cellId: string): CodeCell | null {
    const cell = this.panel.content.widgets.find(each => each.model.id === cellId);
    return cell?.model.type === 'code' ? (cell as CodeCell) : null;
  }

  /**
   * Run a cell. `NotebookActions.runCells` would do, but it scrolls to the active cell and takes the focus
   * from the composer; whoever listens to its signals hears the same as from it.
   */
  private run(cell: CodeCell): Promise<unknown> {
    const { content: notebook, sessionContext } = this.panel;
    if (!this.executor || !notebook.model) {
      return CodeCells.execute(cell, sessionContext);
    }
    return this.executor.runCell({
      cell,
      notebook: notebook.model,
      notebookConfig: notebook.notebookConfig,
      onCellExecuted: args => emit(NotebookActions.executed, { notebook, ...args }),
      onCellExecutionScheduled: args => emit(NotebookActions.executionScheduled, { notebook, ...args }),
      sessionContext
    });
  }
}

function emit<T>(signal: ISignal<unknown, T>, args: T): void {
  (signal as Signal<unknown, T>).emit(args);
}

function replied({ content }: KernelMessage.IExecuteReplyMsg): TabExecuted {
  const count = 'execution_count' in content ? content.execution_count : null;
  return {
    status: content.status === 'ok' ? 'ok' : content.status === 'error' ? 'error' : 'aborted',
    execution_count: count
  };
}

/** The kernel was restarted, or the cell is gone. */
function canceled(): TabExecuted {
  return { status: 'aborted' };
}

function succeeded(ran: unknown): TabExecuted {
  return { status: ran === false ? 'aborted' : 'ok' };
}

function failed(): TabExecuted {
  return { status: 'error' };
}
