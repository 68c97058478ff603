/** What a run says: words while they come, the answer with its figures proven, or why there is none. */
import React from 'react';

import type { RunState } from '../model/turn';
import type { Answer as AnswerValue, Claim } from '../wire';
import type { ClaimWords } from './claims';
import { useAction, usePanel, useParts } from './context';
import type { ChatParts } from './context';
import { plain } from './format';
import { Icon } from './icons';
import type { CodeAct, CodeLabels } from './markdown';
import { Prose, soFar } from './prose';
import { claimStatus, doubts, isLive } from './telling';

/** The text of a run. */
export function Answer({ run }: { readonly run: RunState }): JSX.Element | null {
  const answer = run.answer;
  if (isLive(run.phase)) {
    return run.text === '' ? null : <Words run={run} text={soFar(run.text)} />;
  }
  if (answer === null || (run.phase !== 'answered' && run.phase !== 'abstained')) {
    return null;
  }
  return (
    <>
      <Words run={run} text={answer.answer} claims={answer.claims} />
      {run.phase === 'answered' ? <Doubts answer={answer} /> : <Suggestions answer={answer} />}
    </>
  );
}

const LABELS = new WeakMap<ChatParts, CodeLabels>();

/** Labels that stay the same object, so that nothing is drawn for them. */
function labelsOf(parts: ChatParts): CodeLabels {
  const { words } = parts;
  const made = LABELS.get(parts) ?? {
    insert: words.__('Insert'),
    run: words.__('Run'),
    copy: words.__('Copy')
  };
  LABELS.set(parts, made);
  return made;
}

/** Markdown of a run, whose figures lead to cells. */
export function Words(props: {
  readonly run: RunState;
  readonly text: string;
  readonly claims?: readonly Claim[];
}): JSX.Element {
  const { run, text, claims } = props;
  const parts = useParts();
  const { model, words } = parts;
  const action = useAction();
  const claimWords = React.useMemo<ClaimWords>(() => {
    const source = (claim: Claim) => {
      const number = claim.cell === null ? null : numberOf(claim.cell, run, parts);
      return number === null ? words.__('from a cell of this notebook') : words.__('from cell [%1]', number);
    };
    const about = (claim: Claim) => {
      const status = claimStatus(claim.status, words);
      return claim.cell === null ? status : words.__('%1, %2', status, source(claim));
    };
    return { about, source };
  }, [run, parts, words]);
  const toClaim = (claim: Claim) =>
    action.act(async () =>
      claim.cell !== null && (await model.showCell(run.notebook, claim.cell))
        ? undefined
        : words.__('This cell is not in the notebook any more.')
    );
  const useCode = (act: CodeAct, source: string) =>
    action.act(async () => {
      if (act === 'copy') {
        await navigator.clipboard.writeText(source);
        return words.__('Copied.');
      }
      return model.insertCode(source, act === 'run');
    });
  return (
    <>
      <Prose
        text={text}
        claims={claims}
        claimWords={claimWords}
        labels={labelsOf(parts)}
        onClaim={toClaim}
        onCode={useCode}
      />
      <div className="jp-AnalystChat-remark" role="status">
        {action.said}
      </div>
    </>
  );
}

/** The execution count of a cell: of this run, or of an earlier one of the chat. */
function numberOf(cell: string, run: RunState, { state }: ChatParts): number | null {
  const runs = [run, ...state().turns.flatMap(turn => (turn.run === null ? [] : [turn.run]))];
  for (const { steps } of runs) {
    const found = steps.flatMap(step => step.cells).find(each => each.cellId === cell);
    if (found !== undefined) {
      return found.executionCount;
    }
  }
  return null;
}

function Doubts({ answer }: { readonly answer: AnswerValue }): JSX.Element | null {
  const { words } = useParts();
  const lines = doubts(answer, words);
  const signs = { verified: 'done', unverified: 'unsure', contradicted: 'failed' } as const;
  return lines.length === 0 ? null : (
    <p className="jp-AnalystChat-doubts">
      {lines.map(({ status, text }) => (
        <span key={text} data-status={status}>
          <Icon sign={signs[status]} /> {text}
        </span>
      ))}
    </p>
  );
}

/** Questions that can be answered instead. */
export function Suggestions({ answer }: { readonly answer: AnswerValue }): JSX.Element | null {
  const { model, words } = useParts();
  const isBusy = usePanel(state => state.live !== null);
  if (answer.suggestions.length === 0) {
    return null;
  }
  return (
    <>
      <p>{words.__('These questions can be answered:')}</p>
      <ul className="jp-AnalystChat-suggestions" aria-label={words.__('Ask instead')}>
        {answer.suggestions.map((question, index) => (
          <li key={index}>
            <button
              type="button"
              className="jp-AnalystChat-button"
              disabled={isBusy}
              onClick={() => void model.ask(question)}
            >
              {plain(question)}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
