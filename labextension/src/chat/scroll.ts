/**
 * Where the list of messages stands: at its end while it was at its end, and on the same message while earlier
 * ones are put before it. Who reads further up is left alone.
 */
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

/** How near to an end counts as there, in pixels. */
const NEAR = 32;
/** A fold that the user opens just now is not scrolled away from the pointer, in milliseconds. */
const JUST_NOW = 400;
/** Keys that scroll. */
const MOVES = new Set(['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End', ' ']);

/** Keeps a scrolling box where its reader wants it. */
export class Scroll implements IDisposable {
  constructor(private readonly box: HTMLElement) {
    box.addEventListener('scroll', this.onScroll, { passive: true });
    box.addEventListener('wheel', this.onWish, { passive: true });
    box.addEventListener('touchmove', this.onWish, { passive: true });
    box.addEventListener('pointerdown', this.onTouch, { passive: true });
    box.addEventListener('keydown', this.onTouch);
    this.observer.observe(box);
    for (const child of box.children) {
      this.observer.observe(child);
    }
  }

  /** Whether the end is in view. */
  get atEnd(): boolean {
    return this._atEnd;
  }

  /** The end has come into view, or has left it. */
  get atEndChanged(): ISignal<this, void> {
    return this._atEndChanged;
  }

  /** The start is near. */
  get startReached(): ISignal<this, void> {
    return this._startReached;
  }

  /** Go to the end, and stay there. */
  toEnd(): void {
    this.touchedAt = this.wishedAt = -Infinity;
    this.set(true);
    this.box.scrollTop = this.box.scrollHeight;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this.observer.disconnect();
      this.box.removeEventListener('scroll', this.onScroll);
      this.box.removeEventListener('wheel', this.onWish);
      this.box.removeEventListener('touchmove', this.onWish);
      this.box.removeEventListener('pointerdown', this.onTouch);
      this.box.removeEventListener('keydown', this.onTouch);
      Signal.clearData(this);
    }
  }

  private readonly onScroll = (): void => {
    const { scrollTop, scrollHeight, clientHeight } = this.box;
    // What grows or shrinks scrolls, too, and that is nobody's wish. But whoever scrolls brings messages into
    // view that turn out to have another height, so the height alone does not tell.
    const isWish = performance.now() - this.wishedAt < JUST_NOW;
    if (isWish) {
      this.wishedAt = performance.now();
    }
    if (isWish || scrollHeight === this.height) {
      this.set(scrollHeight - scrollTop - clientHeight < NEAR);
    }
    if (scrollTop === 0 && scrollHeight > clientHeight) {
      // At the very top the browser would not hold the place when earlier messages come.
      this.box.scrollTop = 1;
    }
    if (scrollTop < 5 * NEAR && scrollHeight > clientHeight) {
      this._startReached.emit();
    }
  };

  private readonly onTouch = (event: Event): void => {
    this.touchedAt = event.timeStamp;
    // In a message it is a click or a selection; outside of them there is the scroll bar.
    if (event instanceof KeyboardEvent ? MOVES.has(event.key) : event.target === this.box) {
      this.onWish();
    }
  };

  private readonly onWish = (): void => {
    this.wishedAt = performance.now();
  };

  private onResize(): void {
    this.height = this.box.scrollHeight;
    if (this._atEnd && performance.now() - this.touchedAt > JUST_NOW) {
      this.box.scrollTop = this.height;
    }
  }

  private set(atEnd: boolean): void {
    if (atEnd !== this._atEnd) {
      this._atEnd = atEnd;
      this._atEndChanged.emit();
    }
  }

  private readonly observer = new ResizeObserver(() => this.onResize());
  private height = 0;
  private wishedAt = -Infinity;
  private touchedAt = -Infinity;
  private _atEnd = true;
  private readonly _atEndChanged = new Signal<this, void>(this);
  private readonly _startReached = new Signal<this, void>(this);
  private _isDisposed = false;
}
