/** Everything inside the panel. Loaded when the panel is first shown. */
import { type IThemeManager, ReactWidget } from '@jupyterlab/apputils';
import {
  type IRenderMimeRegistry,
  RenderMimeRegistry,
  standardRendererFactories
} from '@jupyterlab/rendermime';
import { Panel, type Widget } from '@lumino/widgets';
import React from 'react';

import { createChat } from '../chat';
import type { PanelContext } from './context';
import { acceptFiles } from './drop';
import { Greeting } from './greeting';
import { Header } from './header';
import { HistoryPage } from './history';
import { showSent } from './sent';
import { PanelView } from './view';

/** What the body is made of. */
export interface BodyOptions extends PanelContext {
  readonly rendermime: IRenderMimeRegistry | null;
  readonly themeManager: IThemeManager | null;
}

/** Header, greeting, chat and history. */
export class PanelBody extends Panel {
  constructor(options: BodyOptions) {
    super();
    const { model, trans, commands } = options;
    this.addClass('jp-Analyst-body');
    this._model = model;
    this._chat = createChat({
      model,
      trans,
      rendermime:
        options.rendermime ?? new RenderMimeRegistry({ initialFactories: standardRendererFactories }),
      themeManager: options.themeManager,
      commands,
      showSent: runId => void showSent(options, runId)
    });
    this._chat.addClass('jp-Analyst-talk');
    this.addWidget(part(<Header context={options} view={this.view} />, 'jp-Analyst-top'));
    this.addWidget(part(<HistoryPage context={options} view={this.view} />, 'jp-Analyst-past'));
    this.addWidget(part(<Greeting context={options} />, 'jp-Analyst-welcome'));
    this.addWidget(this._chat);
    this._files = acceptFiles(this.node, model, trans);
    this.node.addEventListener('keydown', this);
    this.view.changed.connect(this._turn, this);
    model.stateChanged.connect(this._arrange, this);
    this._arrange();
  }

  /** What is shown. */
  readonly view = new PanelView();

  /** Put the cursor where one types: the composer, or the search of the history. */
  focus(): void {
    if (this.view.page === 'chat') {
      this._chat.focusComposer();
    } else {
      this.node.querySelector<HTMLElement>('.jp-Analyst-search input')?.focus();
    }
  }

  handleEvent(event: KeyboardEvent): void {
    const hasTitle = this.view.page === 'chat' && this._model.state.chat !== null;
    if (event.key === 'F2' && !event.defaultPrevented && hasTitle) {
      event.preventDefault();
      this.view.rename(true);
    }
  }

  dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this.node.removeEventListener('keydown', this);
    this._model.stateChanged.disconnect(this._arrange, this);
    this._files.dispose();
    super.dispose();
  }

  /** The page has been turned: what had the cursor is gone. The history and the title take it themselves. */
  private _turn(): void {
    const fromHistory = this.hasClass('jp-mod-history') && this.view.page === 'chat';
    this._arrange();
    if (fromHistory && !this.view.renaming) {
      this._chat.focusComposer();
    }
  }

  /** Widgets are hidden by classes, not taken out: the composer keeps its text and the list its place. */
  private _arrange(): void {
    const { turns, live } = this._model.state;
    this.toggleClass('jp-mod-history', this.view.page === 'history');
    this.toggleClass('jp-mod-empty', turns.length === 0 && live === null);
  }

  private readonly _model: PanelContext['model'];
  private readonly _chat: ReturnType<typeof createChat>;
  private readonly _files: { dispose(): void };
}

function part(element: React.ReactElement, name: string): Widget {
  const widget = ReactWidget.create(element);
  widget.addClass(name);
  return widget;
}
