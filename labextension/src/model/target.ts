/**
 * The notebook that the chat acts on: the one in front, until something is asked. Then it stays, whatever
 * is in front, until the user says otherwise.
 */
import type { Target } from './panel';
import type { Store } from './store';
import type { Workplace } from './workplace';

/** Keeps `state.target` true. */
export class TargetNotebook {
  constructor(
    private readonly place: Workplace,
    private readonly store: Store
  ) {
    place.changed.connect(this.update, this);
    place.renamed.connect(this.onRenamed, this);
    this.update();
  }

  /** The chat stays on this notebook. */
  stay(path: string | null): void {
    this._path = path;
    this.update();
  }

  /** The chat goes on with the notebook in front; once something is asked, it stays there. */
  follow(): void {
    this.stay(this._path === null ? null : this.place.frontPath);
  }

  dispose(): void {
    this.place.changed.disconnect(this.update, this);
    this.place.renamed.disconnect(this.onRenamed, this);
  }

  private update(): void {
    const path = this._path ?? this.place.frontPath;
    const kernel = path === null ? null : this.place.kernel(path);
    const target: Target | null =
      path === null
        ? null
        : {
            path,
            kernel: kernel?.id ?? null,
            kernelName: kernel?.name ?? '',
            inFront: path === this.place.frontPath
          };
    if (JSON.stringify(target) !== JSON.stringify(this.store.state.target)) {
      this.store.set({ target });
    }
  }

  private onRenamed(_: unknown, { from, to }: { from: string; to: string }): void {
    if (this._path === from) {
      this.stay(to);
    }
  }

  private _path: string | null = null;
}
