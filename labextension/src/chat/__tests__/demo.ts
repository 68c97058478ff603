import { Signal } from '@lumino/signaling';

import type { IPanelModel, PanelState } from '../../model/panel';

/** A state in which nothing has been asked yet. */
export const STATE: PanelState = {
  connection: 'open',
  problem: null,
  me: null,
  agents: [
    {
      name: 'statistical_analytics_agent',
      title: 'Statistics',
      aliases: ['statistical_analyst_agent'],
      description: ''
    },
    { name: 'data_viz_agent', title: 'Charts', aliases: [], description: '' }
  ],
  models: [
    { name: 'offline:v1', title: 'offline', default: true, local: true, ready: true, why: '' },
    { name: 'openai:gpt-5', title: 'GPT-5', default: false, local: false, ready: false, why: 'No key.' }
  ],
  model: null,
  mode: null,
  target: { path: 'sales.ipynb', kernel: 'k', kernelName: 'Python 3', inFront: true },
  surroundings: {
    files: [],
    problem: '',
    sample: false,
    starters: [],
    tables: [{ name: 'housing', rows: 545, columns: ['area', 'price'], starters: [] }]
  },
  looking: false,
  chat: null,
  turns: [],
  earlier: false,
  live: null,
  running: [],
  refused: null,
  estimate: null,
  paidOff: null,
  history: { entries: [], more: false, loading: false, search: '', problem: null }
};

/** A panel's model that notes what it is asked to do. */
export class DemoModel {
  state = STATE;
  readonly calls: unknown[][] = [];
  readonly stateChanged = new Signal<this, void>(this);
  readonly draftWanted = new Signal<this, string>(this);

  /** The same as the panel's model; each method notes its name and arguments, and resolves to `result`. */
  asModel(result: unknown = undefined): IPanelModel {
    return new Proxy(this as unknown as IPanelModel, {
      get: (target, name) => {
        const found: unknown = Reflect.get(target, name);
        return found !== undefined
          ? found
          : (...values: unknown[]) => {
              this.calls.push([name, ...values]);
              return Promise.resolve(result);
            };
      }
    });
  }

  set(change: Partial<PanelState>): void {
    this.state = { ...this.state, ...change };
    this.stateChanged.emit();
  }
}
