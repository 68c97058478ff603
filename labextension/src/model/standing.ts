/**
 * Which turns have cells in their notebook, as it is now: the user's undo, an undone turn and a deleted cell
 * all show, and so does what was undone before a reload.
 */
import type { Store } from './store';
import type { RunState, TurnView } from './turn';
import { hasEnded } from './reduce';
import type { Workplace } from './workplace';

/** Ids of the cells that a run has put into its notebook. */
export function cellsOf(run: RunState): string[] {
  const made = run.steps.flatMap(step => step.cells.flatMap(cell => cell.cellId ?? []));
  return run.data ? [run.data.cell_id, ...made] : made;
}

/** The turns with what is true of them now. A notebook that cannot be seen changes nothing. */
export function withStanding(
  turns: readonly TurnView[],
  cellIds: (path: string) => ReadonlySet<string> | null
): readonly TurnView[] {
  const changed = turns.map(turn => {
    const ids = turn.run?.notebook && hasEnded(turn.run) ? cellIds(turn.run.notebook) : null;
    const made = turn.run && ids ? cellsOf(turn.run) : [];
    const undone = made.length ? !made.some(id => ids?.has(id)) : turn.undone;
    return undone === turn.undone ? turn : { ...turn, undone };
  });
  return changed.some((turn, index) => turn !== turns[index]) ? changed : turns;
}

/** Keeps `undone` of the turns true. */
export class Standing {
  constructor(
    private readonly place: Workplace,
    private readonly store: Store,
    private readonly show: (turns: readonly TurnView[]) => void
  ) {
    place.changed.connect(this.look, this);
    place.cellsChanged.connect(this.look, this);
    store.changed.connect(this.onChanged, this);
  }

  dispose(): void {
    this.place.changed.disconnect(this.look, this);
    this.place.cellsChanged.disconnect(this.look, this);
    this.store.changed.disconnect(this.onChanged, this);
  }

  private onChanged(): void {
    if (this.store.state.turns !== this._seen) {
      this.look();
    }
  }

  private look(): void {
    const known = new Map<string, ReadonlySet<string> | null>();
    const { turns } = this.store.state;
    this._seen = withStanding(turns, path => {
      const ids = known.has(path) ? (known.get(path) ?? null) : this.place.cellIds(path);
      known.set(path, ids);
      return ids;
    });
    if (this._seen !== turns) {
      this.show(this._seen);
    }
  }

  private _seen: readonly TurnView[] | null = null;
}
