/** One's own usage: how much, where it went, what it would have cost elsewhere, and the budgets. */
import { HTMLSelect } from '@jupyterlab/ui-components';
import React, { useCallback, useState } from 'react';

import type { UsageQuery } from '../api';
import { cost, count } from '../chat/format';
import type { OwnUsage, Usage } from '../wire';
import { Bill } from './bill';
import { Budgets } from './budgets';
import type { PanelContext } from './context';
import { Loaded, showBody } from './dialog';
import { remarks } from './figures';

type By = NonNullable<UsageQuery['by']>;
type Period = NonNullable<UsageQuery['period']>;

/** How many rows are shown: the dearest. */
const ROWS = 20;

/** Open the dialog. */
export function showUsage(context: PanelContext): Promise<void> {
  const { trans } = context;
  return showBody(trans.__('Your usage'), () => <Page context={context} />, trans);
}

function Page({ context }: { context: PanelContext }): React.ReactElement {
  const { model, trans } = context;
  const [load] = useState(() => () => model.usage());
  return (
    <>
      <Loaded load={load} trans={trans}>
        {(usage: OwnUsage) => <Totals usage={usage} context={context} />}
      </Loaded>
      <Budgets context={context} />
      <Spent context={context} />
    </>
  );
}

function Totals({ usage, context }: { usage: OwnUsage; context: PanelContext }): React.ReactElement {
  const { trans } = context;
  return (
    <>
      <Table
        caption={trans.__('How much you have used')}
        first=""
        rows={[
          { name: trans.__('Today'), usage: usage.today },
          { name: trans.__('This week'), usage: usage.week },
          { name: trans.__('This month'), usage: usage.month },
          { name: trans.__('All'), usage: usage.all }
        ]}
        context={context}
      />
      {remarks(usage.all, trans).map(remark => (
        <p key={remark} className="jp-Analyst-aside">
          {remark}
        </p>
      ))}
    </>
  );
}

/** Where it went in a period, and what the same tokens cost at another model. */
function Spent({ context }: { context: PanelContext }): React.ReactElement {
  const { model, trans } = context;
  const [period, setPeriod] = useState<Period>('month');
  const [by, setBy] = useState<By>('model');
  const load = useCallback(() => model.usage({ period, by }), [model, period, by]);
  const periods: readonly [Period, string][] = [
    ['today', trans.__('Today')],
    ['week', trans.__('This week')],
    ['month', trans.__('This month')],
    ['all', trans.__('All')]
  ];
  const groups: readonly [By, string][] = [
    ['model', trans.__('By model')],
    ['agent', trans.__('By agent')],
    ['chat', trans.__('By chat')],
    ['notebook', trans.__('By notebook')],
    ['day', trans.__('By day')]
  ];
  return (
    <section aria-label={trans.__('Where it went')}>
      <h3>{trans.__('Where it went')}</h3>
      <p className="jp-Analyst-choices">
        <Choice label={trans.__('Period')} value={period} options={periods} onPick={setPeriod} />
        <Choice label={trans.__('By what')} value={by} options={groups} onPick={setBy} />
      </p>
      <Loaded load={load} trans={trans}>
        {(usage: OwnUsage) => <Rows usage={usage} context={context} />}
      </Loaded>
      <Bill period={period} context={context} />
    </section>
  );
}

function Choice<T extends string>(props: {
  label: string;
  value: T;
  options: readonly (readonly [T, string])[];
  onPick: (value: T) => void;
}): React.ReactElement {
  return (
    <HTMLSelect
      aria-label={props.label}
      value={props.value}
      onChange={event => props.onPick(event.currentTarget.value as T)}
      options={props.options.map(([value, label]) => ({ value, label }))}
    />
  );
}

function Rows({ usage, context }: { usage: OwnUsage; context: PanelContext }): React.ReactElement {
  const { trans } = context;
  const { rows } = usage;
  if (rows.length === 0) {
    return <p>{trans.__('Nothing was used.')}</p>;
  }
  const named = rows
    .slice(0, ROWS)
    .map(row => ({ name: row.title || trans.__('Not known'), usage: row.usage }));
  return (
    <>
      <Table caption={trans.__('Where it went')} first={trans.__('Name')} rows={named} context={context} />
      {rows.length > ROWS ? (
        <p className="jp-Analyst-aside">
          {trans._n('%1 more is not shown.', '%1 more are not shown.', rows.length - ROWS)}
        </p>
      ) : null}
    </>
  );
}

function Table(props: {
  caption: string;
  first: string;
  rows: readonly { name: string; usage: Usage }[];
  context: PanelContext;
}): React.ReactElement {
  const { trans } = props.context;
  return (
    <table className="jp-Analyst-usage" aria-label={props.caption}>
      <thead>
        <tr>
          {props.first === '' ? <td /> : <th scope="col">{props.first}</th>}
          <th scope="col">{trans.__('Requests')}</th>
          <th scope="col">{trans.__('Input tokens')}</th>
          <th scope="col">{trans.__('Output tokens')}</th>
          <th scope="col">{trans.__('Cost')}</th>
        </tr>
      </thead>
      <tbody>
        {props.rows.map(({ name, usage }, place) => (
          <tr key={place}>
            <th scope="row" title={name}>
              <bdi>{name}</bdi>
            </th>
            <td>{count(usage.requests)}</td>
            <td>{count(usage.tokens.input_tokens)}</td>
            <td>{count(usage.tokens.output_tokens)}</td>
            <td title={usage.cost_usd === null ? undefined : `$${usage.cost_usd}`}>
              {usage.requests === 0 ? '$0.00' : cost(usage, trans)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
