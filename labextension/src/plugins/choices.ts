/** The user's settings, as runs and the panel want them. */
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import type { Mode } from '../model/panel';
import type { RunSettings } from '../wire';

const MODES = ['auto', 'ask', 'suggest'];
const FIGURES = [
  'temperature',
  'max_tokens',
  'rounds',
  'repairs',
  'tokens',
  'seconds',
  'cell_seconds'
] as const;

/** What the settings say; whatever is not set is left to the server. */
export function choicesOf(settings: ReadonlyPartialJSONObject): {
  model: string | null;
  mode: Mode | null;
  run: RunSettings;
  askAbove: number | null;
} {
  const { model, mode, askAbove } = settings;
  const run: RunSettings = {};
  for (const name of FIGURES) {
    const value = settings[name];
    if (typeof value === 'number') {
      run[name] = value;
    }
  }
  return {
    model: typeof model === 'string' && model ? model : null,
    mode: typeof mode === 'string' && MODES.includes(mode) ? (mode as Mode) : null,
    run,
    askAbove: typeof askAbove === 'number' ? askAbove : null
  };
}
