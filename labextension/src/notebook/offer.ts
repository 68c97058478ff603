/**
 * "Fix" at the error of one cell: there as long as the outputs show an error and the cell is the one that
 * failed. It is a node of ours among the outputs and no output, so nothing of it is saved.
 */
import type { CodeCell } from '@jupyterlab/cells';
import type { TranslationBundle } from '@jupyterlab/translation';

/** The offer to fix a cell. It ends with the cell. */
export class FixOffer {
  constructor(
    private readonly cell: CodeCell,
    private readonly trans: TranslationBundle,
    fix: () => void
  ) {
    this._button = buttonOf(trans.__('Fix'), fix);
    this._line = lineOf(this._button);
    const { outputs, sharedModel } = cell.model;
    outputs.changed.connect(this.onOutputs, this);
    sharedModel.changed.connect(this.update, this);
    cell.disposed.connect(() => {
      outputs.changed.disconnect(this.onOutputs, this);
      sharedModel.changed.disconnect(this.update, this);
    });
    this.onOutputs();
  }

  /** The cell was sent to the kernel: what it is now is what may fail. */
  sent(): void {
    this._sent = this.source;
  }

  private get source(): string {
    return this.cell.model.sharedModel.getSource();
  }

  private onOutputs(): void {
    const ename = errorName(this.cell);
    if (ename === null) {
      this._failed = null;
    } else if (this._failed === null) {
      this._failed = this._sent ?? this.source;
      this._sent = null;
      this.name(ename);
    }
    this.update();
  }

  private update(): void {
    const isOffered = this._failed !== null && this._failed === this.source;
    const { node } = this.cell.outputArea;
    node.classList.toggle('jp-mod-analystFix', isOffered);
    if (!isOffered) {
      this._line.remove();
    } else if (node.lastElementChild !== this._line) {
      // Always the last: outputs find their places by counting the nodes before them.
      node.append(this._line);
    }
  }

  private name(ename: string): void {
    const label = this.trans.__('Fix this cell, which failed with %1', ename);
    this._button.setAttribute('aria-label', label);
    this._button.title = this.trans.__('Ask the analyst to fix this cell');
  }

  /** The source that failed; null: no error is shown. */
  private _failed: string | null = null;
  private _sent: string | null = null;
  private readonly _button: HTMLButtonElement;
  private readonly _line: HTMLElement;
}

function buttonOf(label: string, press: () => void): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = label;
  button.addEventListener('click', press);
  return button;
}

function lineOf(button: HTMLElement): HTMLElement {
  const line = document.createElement('div');
  line.className = 'jp-Analyst-fix';
  // The notebook's keys are not meant while the button has the focus.
  line.dataset.lmSuppressShortcuts = 'true';
  line.addEventListener('keydown', event => event.stopPropagation());
  line.append(button);
  return line;
}

/** The class of the error that a cell shows. */
function errorName({ model: { outputs } }: CodeCell): string | null {
  for (let at = outputs.length - 1; at >= 0; at--) {
    const output = outputs.get(at);
    if (output.type === 'error') {
      return String(output.toJSON().ename);
    }
  }
  return null;
}
