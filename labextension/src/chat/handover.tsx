/** Where the offline analyst could not answer, or answered before a model: the question for that model. */
import React from 'react';

import type { RunState } from '../model/turn';
import { usePanel, useParts } from './context';
import { modelTitle } from './format';

const OFFLINE = 'offline:';

/** One button; nothing where a model has answered, or where there is none with a key. */
export function HandOver(props: { readonly run: RunState; readonly question: string }): JSX.Element | null {
  const { run, question } = props;
  const { model, words } = useParts();
  const isBusy = usePanel(state => state.live !== null);
  const models = usePanel(state => state.models);
  const ready = models.filter(entry => entry.ready && !entry.name.startsWith(OFFLINE));
  const next = ready.find(entry => entry.default) ?? ready[0];
  const wasFirst = run.phase === 'answered' && run.notices.some(notice => notice.code === 'offline_first');
  const isSilent = run.phase === 'abstained' && run.model?.startsWith(OFFLINE);
  if (next === undefined || !(wasFirst || isSilent)) {
    return null;
  }
  const ask = () => {
    model.pickModel(next.name);
    void model.ask(question);
  };
  return (
    <button type="button" className="jp-AnalystChat-button" disabled={isBusy} onClick={ask}>
      {words.__('Ask %1', modelTitle(next.name, models))}
    </button>
  );
}
