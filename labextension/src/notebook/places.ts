/**
 * Cells of a run that take the place of others, or leave: a corrected cell stands where the failed one stood,
 * and an undone turn gives the place back. Either is one step of the user's undo. What a failed cell showed
 * is known to this page only: it is not kept in the notebook.
 */
import type { ISharedNotebook } from '@jupyter/ydoc';
import type { PartialJSONObject } from '@lumino/coreutils';

import type { CellAsLeft, FormerCell, TabTakePlace, Withdrawn } from '../wire';
import type { Refusal } from './shared';
import { asOneStep, cellJson, cellOf, deleteCells, indexOf, unexpected } from './shared';

type Left = Omit<CellAsLeft, 'former'> & Partial<CellAsLeft>;
type CellJson = PartialJSONObject & { cell_type: string };

/** Cells that went, as they were. */
const gone = new WeakMap<ISharedNotebook, Map<string, CellJson>>();

/** Put a cell in the place of one that failed, unless somebody has changed that. */
export function takePlace(notebook: ISharedNotebook, { cell_id, former }: TabTakePlace): Refusal | null {
  const [corrected, failed] = [cellOf(notebook, cell_id), cellOf(notebook, former.cell_id)];
  const refusal = corrected ? unexpected(failed, former.source) : 'missing';
  if (corrected && failed && !refusal) {
    keep(notebook, former.cell_id, failed.toJSON() as unknown as CellJson);
    asOneStep(notebook, () => {
      // Whether outputs are trusted is each cell's own.
      corrected.setMetadata({ ...without(failed.getMetadata(), 'trusted'), ...corrected.getMetadata() });
      deleteCells(notebook, [former.cell_id]);
    });
  }
  return refusal;
}

/**
 * Take cells out, those that have the source that a run left them with. One that has taken the place of
 * another gives it back.
 */
export function withdraw(notebook: ISharedNotebook, cells: readonly Left[]): Required<Withdrawn> {
  const standing = cells.filter(each => indexOf(notebook, each.cell_id) !== -1);
  const isLeft = (each: Left) => !unexpected(cellOf(notebook, each.cell_id), each.expected);
  const removed = standing.filter(isLeft);
  const changes = removed
    .map(each => ({ at: indexOf(notebook, each.cell_id), former: formerJson(notebook, each) }))
    .sort((one, other) => other.at - one.at); // the list is as before until the step ends
  if (changes.length) {
    asOneStep(notebook, () =>
      changes.forEach(({ at, former }) => {
        notebook.deleteCell(at);
        if (former) {
          notebook.insertCell(at, former);
        }
      })
    );
  }
  const ids = removed.map(each => each.cell_id);
  return { removed: ids, kept: standing.map(each => each.cell_id).filter(id => !ids.includes(id)) };
}

/** The cell whose place another has taken, if it is not in the notebook. */
function formerJson(notebook: ISharedNotebook, { cell_id, former }: Left): CellJson | null {
  if (!former || indexOf(notebook, former.cell_id) !== -1) {
    return null;
  }
  const kept = gone.get(notebook)?.get(former.cell_id);
  return kept?.source === former.source ? kept : anew(notebook, cell_id, former);
}

/** What this page never saw: without outputs, and with the metadata that was handed on. */
function anew(notebook: ISharedNotebook, corrected: string, former: FormerCell): CellJson {
  const metadata = without(cellOf(notebook, corrected)?.getMetadata() ?? {}, 'trusted', 'autoanalyst');
  return cellJson({ ...former, metadata });
}

function keep(notebook: ISharedNotebook, id: string, cell: CellJson): void {
  const cells = gone.get(notebook) ?? new Map<string, CellJson>();
  gone.set(notebook, cells.set(id, cell));
}

function without(metadata: object, ...names: readonly string[]): PartialJSONObject {
  const kept = Object.entries(metadata).filter(([name]) => !names.includes(name));
  return Object.fromEntries(kept) as PartialJSONObject;
}
