/** An answer's Markdown on the page, kept in step with the text: claims lead to cells, code can be used. */
import React from 'react';

import type { Claim } from '../wire';
import { place } from './claims';
import type { ClaimWords } from './claims';
import { blocks } from './markdown';
import type { CodeAct, CodeLabels } from './markdown';
import { patch } from './patch';

const NO_CLAIMS: readonly Claim[] = [];
/** A reference that is not filled yet, or the beginning of one. */
const REFERENCE = /\{\{[^{}]*(?:\}\}|\}?$)/g;

/** A text that a model is still writing: figures that are filled in at the end are left open. */
export function soFar(text: string): string {
  return text.replace(REFERENCE, '…');
}

/** What the prose shows, and what its buttons do. */
export interface ProseProps {
  readonly text: string;
  readonly claims?: readonly Claim[];
  readonly claimWords: ClaimWords;
  readonly labels: CodeLabels;
  readonly onClaim?: (claim: Claim) => void;
  readonly onCode: (act: CodeAct, source: string) => void;
}

/** Markdown, as nodes that only we make. */
export function Prose(props: ProseProps): JSX.Element {
  const { text, claims = NO_CLAIMS, claimWords, labels } = props;
  const node = React.useRef<HTMLDivElement>(null);
  React.useLayoutEffect(() => {
    const wanted = blocks(text, labels);
    place(wanted, claims, claimWords);
    if (node.current !== null) {
      patch(node.current, wanted);
    }
  }, [text, claims, claimWords, labels]);
  return <div ref={node} className="jp-AnalystChat-prose" onClick={event => clicked(event.target, props)} />;
}

function clicked(target: EventTarget, { claims = NO_CLAIMS, onClaim, onCode }: ProseProps): void {
  const button = target instanceof Element ? target.closest('button') : null;
  const { act, claim } = button?.dataset ?? {};
  if (claim !== undefined) {
    onClaim?.(claims[Number(claim)]);
  } else if (act !== undefined) {
    const source = button?.closest('figure')?.querySelector('code')?.textContent ?? '';
    onCode(act as CodeAct, source);
  }
}
