/** Sentences of the model. */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { Withdrawn } from '../wire';

/** What became of the cells of a turn. */
export function withdrawnSentence({ removed = [], kept = [] }: Withdrawn, trans: TranslationBundle): string {
  const sentences = [
    removed.length
      ? trans._n('%1 cell taken out.', '%1 cells taken out.', removed.length, removed.length)
      : '',
    kept.length
      ? trans._n(
          '%1 cell was changed since, so it stays.',
          '%1 cells were changed since, so they stay.',
          kept.length,
          kept.length
        )
      : '',
    removed.length ? trans.__("The notebook's undo brings them back.") : ''
  ].filter(Boolean);
  return sentences.join(' ') || trans.__('Its cells are not in the notebook any more.');
}
