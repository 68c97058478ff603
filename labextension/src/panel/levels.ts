/** What a payload was allowed to hold, and what its parts are, in words. */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { SentCall, SentPart } from '../wire';

/** What of the data a call could see. */
export function levelWords(level: SentCall['level'], trans: TranslationBundle): string {
  const words: Record<SentCall['level'], string> = {
    names: trans.__('names of tables'),
    schema: trans.__('names and types of columns'),
    statistics: trans.__('names, types and statistics; no rows'),
    masked: trans.__('names, types, statistics and masked samples'),
    rows: trans.__('rows of the data')
  };
  return words[level];
}

/** What a part of a payload is. */
export function partWords(part: SentPart, trans: TranslationBundle): string {
  switch (part.role) {
    case 'instructions':
      return trans.__('Instructions');
    case 'user':
      return trans.__('Question');
    case 'assistant':
      return trans.__('Model');
    case 'tool_call':
      return trans.__('The model calls %1', part.name);
    case 'tool_return':
      return trans.__('What %1 returned', part.name);
  }
}
