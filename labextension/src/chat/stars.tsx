/** One to five stars for an answer, and a comment. A radio group, so the arrow keys choose. */
import React from 'react';

import type { TurnView } from '../model/turn';
import { useAction, useParts } from './context';
import { Icon } from './icons';

const STARS = [1, 2, 3, 4, 5] as const;

/** The stars of a turn whose answer is stored. */
export function Stars({ turn }: { readonly turn: TurnView }): JSX.Element {
  const { model, words } = useParts();
  const action = useAction();
  const name = React.useId();
  const rating = turn.feedback?.rating ?? 0;
  const [isCommenting, setCommenting] = React.useState(false);
  const rate = (stars: number) => {
    setCommenting(true);
    action.act(() => model.rate(turn, stars, turn.feedback?.comment ?? ''));
  };
  const save = (comment: string) =>
    action.act(async () => {
      await model.rate(turn, rating, comment);
      setCommenting(false);
      return words.__('Thank you.');
    });
  return (
    <>
      <span className="jp-AnalystChat-stars" role="radiogroup" aria-label={words.__('Rate this answer')}>
        {STARS.map(stars => (
          <label key={stars} data-on={stars <= rating} title={words._n('%1 star', '%1 stars', stars)}>
            <input
              type="radio"
              name={name}
              checked={stars === rating}
              aria-label={words._n('%1 star', '%1 stars', stars)}
              onChange={() => rate(stars)}
            />
            <Icon sign="star" />
          </label>
        ))}
      </span>
      {isCommenting && rating > 0 && (
        <Comment before={turn.feedback?.comment ?? ''} busy={action.busy} onSave={save} />
      )}
      <span className="jp-AnalystChat-quiet" role="status">
        {action.said}
      </span>
    </>
  );
}

function Comment(props: {
  readonly before: string;
  readonly busy: boolean;
  readonly onSave: (comment: string) => void;
}): JSX.Element {
  const { before, busy, onSave } = props;
  const { words } = useParts();
  const [text, setText] = React.useState(before);
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    onSave(text.trim());
  };
  return (
    <form className="jp-AnalystChat-comment" onSubmit={submit}>
      <input
        type="text"
        value={text}
        maxLength={2000}
        placeholder={words.__('What was good or wrong? (optional)')}
        aria-label={words.__('Comment on this answer')}
        onChange={event => setText(event.target.value)}
      />
      <button type="submit" className="jp-AnalystChat-textButton" disabled={busy}>
        {words.__('Save')}
      </button>
    </form>
  );
}
