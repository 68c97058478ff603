/**
 * Data files dropped on the panel: from the user's machine they are put beside the notebook and loaded, from
 * JupyterLab's file browser they are loaded from where they are. Anything else is refused with a sentence.
 */
import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { MimeData } from '@lumino/coreutils';
import { DisposableDelegate, type IDisposable } from '@lumino/disposable';

import type { IPanelModel } from '../model/panel';
import { sorted } from './files';
import { sentence } from './hooks';
import { baseName, besideNotebook } from './names';

/** Paths of the contents manager, as JupyterLab's file browser drags them. */
const CONTENTS = 'application/x-jupyter-icontents';

/** Long enough to be read; without it JupyterLab only counts the notification. */
const SHOWN = { autoClose: 10_000 } as const;

/** What we need of Lumino's drag event (`@lumino/dragdrop`). */
interface ContentsDrag extends DragEvent {
  dropAction: string;
  readonly proposedAction: string;
  readonly mimeData: MimeData;
}

/** Make a node take data files. */
export function acceptFiles(node: HTMLElement, model: IPanelModel, trans: TranslationBundle): IDisposable {
  const target = new DropTarget(node, model, trans);
  const events = ['dragenter', 'dragover', 'dragleave', 'drop'].flatMap(name => [name, `lm-${name}`]);
  // Before anything inside the panel sees them: the composer would attach files.
  events.forEach(name => node.addEventListener(name, target, true));
  return new DisposableDelegate(() => events.forEach(name => node.removeEventListener(name, target, true)));
}

class DropTarget {
  constructor(
    private _node: HTMLElement,
    private _model: IPanelModel,
    private _trans: TranslationBundle
  ) {
    this._cover.className = 'jp-Analyst-drop';
    this._cover.textContent = _trans.__('Drop to load as a table');
  }

  handleEvent(event: DragEvent): void {
    const ours = isContents(event)
      ? event.mimeData.hasData(CONTENTS)
      : (event.dataTransfer?.types.includes('Files') ?? false);
    if (!ours) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    switch (event.type.replace('lm-', '')) {
      case 'dragleave':
        if (!(event.relatedTarget instanceof Node && this._node.contains(event.relatedTarget))) {
          this._cover.remove();
        }
        break;
      case 'drop':
        this._cover.remove();
        void this._take(event);
        break;
      default:
        this._node.append(this._cover);
        if (isContents(event)) {
          event.dropAction = event.proposedAction;
        } else if (event.dataTransfer) {
          event.dataTransfer.dropEffect = 'copy';
        }
    }
  }

  private async _take(event: DragEvent): Promise<void> {
    if (isContents(event)) {
      event.dropAction = event.proposedAction;
      const dragged: unknown = event.mimeData.getData(CONTENTS);
      const paths = Array.isArray(dragged) ? dragged.filter(path => typeof path === 'string') : [];
      await this._each(paths, baseName, found => this._loadAll(found));
    } else {
      await this._each(
        Array.from(event.dataTransfer?.files ?? []),
        file => file.name,
        found => this._model.upload(found)
      );
    }
  }

  private async _each<T>(all: readonly T[], name: (one: T) => string, load: (found: T[]) => Promise<void>) {
    const { loadable, refused } = sorted(all, name);
    if (refused.length > 0) {
      Notification.warning(
        this._trans.__(
          '%1: not loaded. Tables come from CSV, Excel, Parquet, Feather and JSON files.',
          refused.join(', ')
        ),
        SHOWN
      );
    }
    if (loadable.length === 0) {
      return;
    }
    if (this._model.state.target === null) {
      Notification.warning(this._trans.__('Open a notebook first: a file is loaded by a cell of it.'), SHOWN);
      return;
    }
    try {
      await load(loadable);
    } catch (reason) {
      Notification.error(sentence(reason), SHOWN);
    }
  }

  private async _loadAll(paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      const notebook = this._model.state.target?.path ?? '';
      await this._model.load(besideNotebook(path, notebook));
    }
  }

  private readonly _cover = document.createElement('div');
}

function isContents(event: DragEvent): event is ContentsDrag {
  return event.type.startsWith('lm-');
}
