/** What a person has used: today, in 30 days, and in all. */
import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useState } from 'react';

import { cost, count } from '../chat/format';
import type { OwnUsage, Usage } from '../wire';
import type { PanelContext } from './context';
import { Loaded, showBody } from './dialog';

/** Open the dialog. */
export function showUsage(context: PanelContext): Promise<void> {
  const { trans } = context;
  return showBody(trans.__('Your usage'), () => <OwnFigures context={context} />, trans);
}

function OwnFigures({ context }: { context: PanelContext }): React.ReactElement {
  const { model, trans } = context;
  const [load] = useState(() => () => model.usage());
  return (
    <Loaded load={load} trans={trans}>
      {(usage: OwnUsage) => (
        <>
          <table className="jp-Analyst-usage">
            <thead>
              <tr>
                <td />
                <th scope="col">{trans.__('Requests')}</th>
                <th scope="col">{trans.__('Input tokens')}</th>
                <th scope="col">{trans.__('Output tokens')}</th>
                <th scope="col">{trans.__('Cost')}</th>
              </tr>
            </thead>
            <tbody>
              <Row name={trans.__('Today')} usage={usage.today} trans={trans} />
              <Row name={trans.__('30 days')} usage={usage.month} trans={trans} />
              <Row name={trans.__('All')} usage={usage.all} trans={trans} />
            </tbody>
          </table>
          {remarks(usage.all, trans).map(remark => (
            <p key={remark} className="jp-Analyst-aside">
              {remark}
            </p>
          ))}
        </>
      )}
    </Loaded>
  );
}

function Row(props: { name: string; usage: Usage; trans: TranslationBundle }): React.ReactElement {
  const { name, usage, trans } = props;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{count(usage.requests)}</td>
      <td>{count(usage.tokens.input_tokens)}</td>
      <td>{count(usage.tokens.output_tokens)}</td>
      <td title={usage.cost_usd === null ? undefined : `$${usage.cost_usd}`}>
        {usage.requests === 0 ? '$0.00' : cost(usage, trans)}
      </td>
    </tr>
  );
}

/** What the figures leave out or only estimate. */
function remarks(usage: Usage, trans: TranslationBundle): string[] {
  const { unpriced_requests: unpriced, estimated_requests: estimated } = usage;
  return [
    unpriced > 0
      ? trans._n(
          'The cost leaves out %1 request without a known price.',
          'The cost leaves out %1 requests without a known price.',
          unpriced
        )
      : '',
    estimated > 0
      ? trans._n(
          'The tokens of %1 request are an estimate.',
          'The tokens of %1 requests are an estimate.',
          estimated
        )
      : ''
  ].filter(remark => remark !== '');
}
