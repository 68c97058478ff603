/** Above the text field: the questions that wait for their turn, each with its place and a way back. */
import React from 'react';

import { useParts } from './context';
import type { Waiting } from './waiting';

/** Makes the item of the chat widget's input toolbar that shows who waits. */
export function lineOf(waiting: Waiting): () => JSX.Element {
  return () => <Line waiting={waiting} />;
}

function Line({ waiting }: { readonly waiting: Waiting }): JSX.Element {
  const { words } = useParts();
  const questions = React.useSyncExternalStore(
    React.useCallback(
      (listener: () => void) => {
        waiting.changed.connect(listener);
        return () => void waiting.changed.disconnect(listener);
      },
      [waiting]
    ),
    () => waiting.questions
  );
  return (
    <>
      {questions.map((question, place) => (
        <div
          key={place}
          className="jp-AnalystChat-lines"
          role="group"
          aria-label={words.__('Waits for its turn: place %1', place + 1)}
        >
          <div role="status">
            <span className="jp-AnalystChat-quiet">
              {place === 0 ? words.__('Next:') : words.__('Place %1:', place + 1)}
            </span>{' '}
            {question}
          </div>
          <button type="button" className="jp-AnalystChat-textButton" onClick={() => waiting.takeBack(place)}>
            {words.__('Take back')}
          </button>
        </div>
      ))}
    </>
  );
}
