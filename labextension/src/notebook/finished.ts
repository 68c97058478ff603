/**
 * Finished cells of a question that was asked in a cell (`%%analyst`): they are put below it, in place of
 * those of an earlier answer, and the receipt goes into its metadata, where the kernel finds it again.
 */
import type { ISharedCell, ISharedNotebook } from '@jupyter/ydoc';
import type { PartialJSONObject } from '@lumino/coreutils';

import { asOneStep, cellJson, cellOf, deleteCells, indexOf, isCode } from './shared';
import type { WantedCell } from './shared';

const KEY = 'autoanalyst';
const QUESTION = '%%analyst';

/** What a kernel wants to be put below one of its cells. */
export interface Finished {
  readonly after: string;
  readonly receipt: PartialJSONObject | null;
  readonly cells: readonly WantedCell[];
}

/** The message of a kernel, if it is one that we understand. */
export function finishedOf(data: unknown): Finished | null {
  const { after, receipt, cells } = record(record(data)?.insert) ?? {};
  if (typeof after !== 'string' || !Array.isArray(cells)) {
    return null;
  }
  return {
    after,
    receipt: (record(receipt) as PartialJSONObject | undefined) ?? null,
    cells: cells.flatMap(cell => {
      const { id, source, outputs, execution_count, metadata } = record(cell) ?? {};
      return typeof id === 'string' && typeof source === 'string'
        ? [{ cell_id: id, source, outputs, execution_count, metadata } as WantedCell]
        : [];
    })
  };
}

/** Put finished cells below their question. False: the question is not in this notebook. */
export function putBelow(notebook: ISharedNotebook, { after, receipt, cells }: Finished): boolean {
  const question = cellOf(notebook, after);
  if (!question) {
    return false;
  }
  const wanted = new Set(cells.map(cell => cell.cell_id));
  asOneStep(notebook, () => {
    deleteCells(
      notebook,
      standingCells(notebook, question).filter(each => !wanted.has(each))
    );
    const missing = cells.filter(cell => indexOf(notebook, cell.cell_id) === -1);
    missing.forEach((cell, offset) =>
      notebook.insertCell(indexOf(notebook, after) + 1 + offset, cellJson(cell))
    );
    if (receipt) {
      question.setMetadata(KEY, { ...held(question), receipt, standing: true });
    }
  });
  return true;
}

/**
 * Say in the metadata of a question whether all cells of its receipt stand below, unedited. It is called
 * before the cell runs: its metadata is sent along. No step of the user's undo.
 */
export function noteStanding(notebook: ISharedNotebook, question: ISharedCell): void {
  const kept = held(question);
  const receipt = record(kept.receipt);
  if (!receipt) {
    return;
  }
  const sources = receiptCells(question).map(cell => cell.source.trim());
  const standing = new Set(below(notebook, question).map(cell => cell.getSource().trim()));
  const stands = sources.length > 0 && sources.every(source => standing.has(source));
  if (kept.standing !== stands) {
    notebook.transact(() => question.setMetadata(KEY, { ...kept, standing: stands }), false);
  }
}

/** Ids of the cells of the last answer that nobody has changed. */
function standingCells(notebook: ISharedNotebook, question: ISharedCell): string[] {
  const left = new Map(receiptCells(question).map(cell => [cell.id, cell.source]));
  return below(notebook, question)
    .filter(cell => left.get(cell.getId()) === cell.getSource())
    .map(cell => cell.getId());
}

/** The code cells between a question and the next one. */
function below(notebook: ISharedNotebook, question: ISharedCell): ISharedCell[] {
  const after = notebook.cells.slice(indexOf(notebook, question.getId()) + 1);
  const end = after.findIndex(cell => cell.getSource().trimStart().startsWith(QUESTION));
  return (end === -1 ? after : after.slice(0, end)).filter(isCode);
}

function receiptCells(question: ISharedCell): { id: string; source: string }[] {
  const cells = record(held(question).receipt)?.cells;
  return (Array.isArray(cells) ? cells : []).flatMap(cell => {
    const { id, source } = record(cell) ?? {};
    return typeof id === 'string' && typeof source === 'string' ? [{ id, source }] : [];
  });
}

function held(cell: ISharedCell): PartialJSONObject {
  return (record(cell.getMetadata(KEY)) as PartialJSONObject | undefined) ?? {};
}

function record(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
