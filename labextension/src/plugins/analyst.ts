/** Provides the panel's model, and lends the engine this page's hands. Nothing is fetched until it is asked for. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Dialog, ISessionContextDialogs, SessionContextDialogs, showDialog } from '@jupyterlab/apputils';
import { PageConfig, URLExt } from '@jupyterlab/coreutils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { INotebookCellExecutor, INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { Api } from '../api';
import { Memory } from '../model/memory';
import { PanelModel } from '../model/model';
import type { IPanelModel } from '../model/panel';
import { Hands } from '../notebook/hands';
import { OpenedNotebooks } from '../notebook/opened';
import { LabWorkplace } from '../notebook/workplace';
import { SIDE_ID } from '../panel/side';
import { Stream, streamAddress } from '../stream';
import { IAnalyst, SETTINGS } from '../tokens';
import { VERSION } from '../version';
import { choicesOf } from './choices';

/** The analyst of this page. */
export const analyst: JupyterFrontEndPlugin<IPanelModel> = {
  id: 'autoanalyst:analyst',
  description: 'The analyst of this page: chats, runs, and the hands in its notebooks.',
  autoStart: true,
  provides: IAnalyst,
  requires: [INotebookTracker],
  optional: [
    ISettingRegistry,
    IStateDB,
    ITranslator,
    IDocumentManager,
    ISessionContextDialogs,
    INotebookCellExecutor
  ],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    registry: ISettingRegistry | null,
    state: IStateDB | null,
    translator: ITranslator | null,
    documents: IDocumentManager | null,
    dialogs: ISessionContextDialogs | null,
    executor: INotebookCellExecutor | null
  ): IPanelModel => {
    const trans = (translator ?? nullTranslator).load('autoanalyst');
    const { serverSettings } = app.serviceManager;
    const opened = new OpenedNotebooks(tracker, executor, trans);
    const stream = new Stream({
      connect: () => new serverSettings.WebSocket(streamAddress(serverSettings)),
      version: VERSION,
      notebooks: () => opened.all,
      page: { window, document }
    });
    lendHands(
      stream,
      new Hands({ find: path => opened.bench(path), say: m => void stream.send(m), trans }),
      opened
    );

    let settings: ISettingRegistry.ISettings | null = null;
    const model = new PanelModel({
      api: new Api(serverSettings),
      stream,
      place: new LabWorkplace({
        app,
        opened,
        documents,
        dialogs: dialogs ?? new SessionContextDialogs({ translator: translator ?? nullTranslator }),
        panelId: SIDE_ID,
        signOutAddress: URLExt.join(PageConfig.getBaseUrl(), 'logout')
      }),
      memory: new Memory(state),
      trans,
      settings: () => choicesOf(settings?.composite ?? {}),
      confirm: async (title, body) => {
        const buttons = [
          Dialog.cancelButton({ label: trans.__('Don’t send') }),
          Dialog.okButton({ label: trans.__('Ask anyway') })
        ];
        return (await showDialog({ title, body, buttons })).button.accept;
      }
    });
    void registry?.load(SETTINGS).then(loaded => {
      settings = loaded;
      loaded.changed.connect(() => model.settingsChanged());
      model.settingsChanged();
    });
    return model;
  }
};

/** Carry out what runs want of this page's notebooks, and tell which ones it has. */
function lendHands(stream: Stream, hands: Hands, opened: OpenedNotebooks): void {
  stream.messageReceived.connect((_, message) => {
    if (message.kind === 'request') {
      void hands.take(message);
    }
  });
  let told = '';
  const tell = () => {
    const notebooks = opened.all;
    const now = JSON.stringify(notebooks);
    if (now !== told && stream.send({ kind: 'notebooks', notebooks })) {
      told = now;
    }
  };
  opened.changed.connect(tell);
  // What has changed since the hello was written is not in it.
  stream.connectionChanged.connect(tell);
}
