/**
 * Changes to a notebook's shared model: what a run, a magic or a panel wants of its cells. Every change is
 * one transaction, so it is one step of the user's undo. Cells that somebody changed are left alone.
 */
import type { MultilineString } from '@jupyterlab/nbformat';
import type { ISharedCell, ISharedCodeCell, ISharedNotebook } from '@jupyter/ydoc';
import type { PartialJSONObject } from '@lumino/coreutils';
import { JSONExt } from '@lumino/coreutils';

import type { TabCell, TabInsert, TabReplace } from '../wire';

/** Why a cell was left as it is. */
export type Refusal = 'missing' | 'changed';

/** A cell as a run or a magic wants it. */
export type WantedCell = Pick<TabCell, 'cell_id' | 'source'> & Partial<TabCell>;

/** The place of a cell; -1: it is not there. */
export function indexOf(notebook: ISharedNotebook, id: string): number {
  return notebook.cells.findIndex(cell => cell.getId() === id);
}

/** The cell with this id. */
export function cellOf(notebook: ISharedNotebook, id: string): ISharedCell | null {
  return notebook.cells[indexOf(notebook, id)] ?? null;
}

/** Put a cell below another, or at the end. One that is there already stays as it is. */
export function insert(notebook: ISharedNotebook, wanted: TabInsert): void {
  if (indexOf(notebook, wanted.cell_id) === -1) {
    const ids = notebook.cells.map(each => each.getId());
    const at = placeBelow(ids, wanted.after);
    asOneStep(notebook, () => notebook.insertCell(at, cellJson(wanted)));
  }
}

/** Give a cell another source; its outputs go. */
export function replace(notebook: ISharedNotebook, wanted: TabReplace): Refusal | null {
  const cell = cellOf(notebook, wanted.cell_id);
  if (cell?.getSource() === wanted.source) {
    return null;
  }
  const refusal = unexpected(cell, wanted.expected);
  if (cell && !refusal) {
    asOneStep(notebook, () => {
      cell.setSource(wanted.source);
      if (isCode(cell)) {
        cell.setOutputs([]);
        cell.execution_count = null;
      }
    });
  }
  return refusal;
}

/**
 * Make it so that finished cells stand below another, with their outputs. No step of the user's undo: it
 * brings back what was there already. Returns the cells that were there, as they were left, and show other
 * outputs: those are the bench's to change.
 */
export function restore(
  notebook: ISharedNotebook,
  after: string | null,
  cells: readonly WantedCell[]
): readonly WantedCell[] {
  const stale = cells.filter(wanted => isStale(cellOf(notebook, wanted.cell_id), wanted));
  notebook.transact(() => {
    const ids = notebook.cells.map(each => each.getId());
    let above = after;
    for (const wanted of cells) {
      if (!ids.includes(wanted.cell_id)) {
        const at = placeBelow(ids, above);
        notebook.insertCell(at, cellJson(wanted));
        ids.splice(at, 0, wanted.cell_id);
      }
      above = wanted.cell_id;
    }
    const former = cells.flatMap(wanted => (wanted.former ? [wanted.former] : []));
    former
      .filter(each => !unexpected(cellOf(notebook, each.cell_id), each.source))
      .map(each => ids.indexOf(each.cell_id))
      .sort((one, other) => other - one)
      .forEach(index => notebook.deleteCell(index));
  }, false);
  return stale;
}

/** Do several changes as one step of the user's undo, apart from what was typed before and after. */
export function asOneStep(notebook: ISharedNotebook, change: () => void): void {
  stopCapturing(notebook);
  notebook.transact(change);
  stopCapturing(notebook);
}

/** Take cells out, inside a transaction: the list of cells is as before until it ends, so the last goes first. */
export function deleteCells(notebook: ISharedNotebook, ids: readonly string[]): void {
  const indexes = ids.map(id => indexOf(notebook, id)).sort((one, other) => other - one);
  indexes.forEach(index => notebook.deleteCell(index));
}

/** A cell in the notebook's own format. What ran in the user's kernel is shown as it would be there. */
export function cellJson(wanted: WantedCell): PartialJSONObject & { cell_type: string } {
  const metadata = (wanted.metadata ?? {}) as PartialJSONObject;
  const { cell_id: id, source, cell_type = 'code', outputs = [], execution_count = null } = wanted;
  return cell_type === 'markdown'
    ? { id, cell_type, source, metadata }
    : {
        id,
        cell_type,
        source,
        metadata: outputs.length ? { ...metadata, trusted: true } : metadata,
        outputs: outputs as unknown as PartialJSONObject[],
        execution_count
      };
}

/** Where the cells of a chat go: below the active cell, and below what the chat has put there already. */
export function placeAfter(
  notebook: ISharedNotebook,
  active: string | null,
  isOwn: (run: string) => boolean
): string | null {
  const start = active === null ? -1 : indexOf(notebook, active);
  if (start === -1 || hasRun(notebook.cells[start], isOwn)) {
    return start === -1 ? null : active;
  }
  let last = start;
  while (last + 1 < notebook.cells.length && hasRun(notebook.cells[last + 1], isOwn)) {
    last += 1;
  }
  return notebook.cells[last].getId();
}

/** Whether this cell runs code. */
export function isCode(cell: ISharedCell): cell is ISharedCodeCell {
  return cell.cell_type === 'code';
}

/** The error that a cell's last run ended with. */
export function errorOf(cell: ISharedCell): { ename: string; evalue: string } | null {
  const error = isCode(cell) ? cell.getOutputs().find(output => output.output_type === 'error') : undefined;
  return error ? { ename: String(error.ename), evalue: text(error.evalue as MultilineString) } : null;
}

/** Why a cell must be left as it is; null: it may be changed. */
export function unexpected(cell: ISharedCell | null, expected: string): Refusal | null {
  return !cell ? 'missing' : cell.getSource() === expected ? null : 'changed';
}

/** Nobody has changed the cell, but it shows something else. */
function isStale(cell: ISharedCell | null, wanted: WantedCell): boolean {
  if (!cell || !isCode(cell) || cell.getSource() !== wanted.source) {
    return false;
  }
  const outputs = (wanted.outputs ?? []) as unknown as PartialJSONObject[];
  const count = wanted.execution_count ?? null;
  return cell.execution_count !== count || !JSONExt.deepEqual(cell.getOutputs(), outputs);
}

function placeBelow(ids: readonly string[], after: string | null): number {
  const index = after === null ? -1 : ids.indexOf(after);
  return index === -1 ? ids.length : index + 1;
}

function hasRun(cell: ISharedCell, isOwn: (run: string) => boolean): boolean {
  const held = cell.getMetadata('autoanalyst') as { run?: unknown } | undefined;
  return typeof held?.run === 'string' && isOwn(held.run);
}

/** The undo manager joins what lies within half a second; our step stands alone. */
function stopCapturing(notebook: ISharedNotebook): void {
  const { undoManager } = notebook as { undoManager?: { stopCapturing?: () => void } };
  undoManager?.stopCapturing?.();
}

function text(value: MultilineString): string {
  return Array.isArray(value) ? value.join('') : String(value);
}
