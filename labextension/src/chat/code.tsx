/** Code of a cell, or what changed in it. */
import React from 'react';

import { diff } from './diff';

/** Code; with `before`, line by line what is taken out and put in. */
export function Code(props: {
  readonly source: string;
  readonly before?: string | null;
  readonly label: string;
}): JSX.Element {
  const { source, before = null, label } = props;
  const lines = React.useMemo(() => (before === null ? null : diff(before, source)), [before, source]);
  return (
    <pre className="jp-AnalystChat-code" tabIndex={0} aria-label={label}>
      {lines === null
        ? source
        : lines.map(({ sign, text }, index) => (
            <span key={index} className="jp-AnalystChat-diffLine" data-sign={sign}>
              {`${sign} ${text}\n`}
            </span>
          ))}
    </pre>
  );
}
