/** The line between a kernel that has the magic and the notebooks of this page: one comm per kernel. */
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { Kernel, KernelMessage } from '@jupyterlab/services';

import { finishedOf, putBelow } from './finished';

const TARGET = 'autoanalyst.notebook';
/** "We can insert cells"; the number is the protocol's. */
const HANDS = { hands: 1 };

/** Listens to the kernels of all notebooks. */
export function listenToMagics(tracker: INotebookTracker): void {
  tracker.forEach(panel => follow(panel));
  tracker.widgetAdded.connect((_, panel) => follow(panel));
}

function follow(panel: NotebookPanel): void {
  const { sessionContext } = panel;
  const listen = (kernel: Kernel.IKernelConnection | null | undefined) => {
    if (kernel) {
      void greet(kernel, panel);
    }
  };
  listen(sessionContext.session?.kernel);
  sessionContext.kernelChanged.connect((_, { newValue }) => listen(newValue));
}

/** Answer a kernel that announces itself; one that has done so before a reload is addressed first. */
async function greet(kernel: Kernel.IKernelConnection, panel: NotebookPanel): Promise<void> {
  kernel.registerCommTarget(TARGET, comm => {
    hear(comm, panel);
    comm.send(HANDS);
  });
  const reply = await kernel.requestCommInfo({ target_name: TARGET }).catch(() => null);
  const known = reply?.content.status === 'ok' ? Object.keys(reply.content.comms) : [];
  // Its comms are those of pages before this one: ours are not there yet.
  if (known.length && !kernel.isDisposed && !known.some(id => kernel.hasComm(id))) {
    const comm = kernel.createComm(TARGET);
    hear(comm, panel);
    comm.open(HANDS);
  }
}

function hear(comm: Kernel.IComm, panel: NotebookPanel): void {
  comm.onMsg = (message: KernelMessage.ICommMsgMsg) => {
    const finished = finishedOf(message.content.data);
    if (finished && panel.model) {
      putBelow(panel.model.sharedModel, finished);
    }
  };
}
