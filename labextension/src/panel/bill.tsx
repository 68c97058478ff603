/** The what-if bill: what one's own tokens would have cost at another model. */
import React, { useCallback, useId, useRef, useState } from 'react';

import type { UsageQuery } from '../api';
import { modelTitle, money } from '../chat/format';
import type { Bill as BillFigures, OwnUsage } from '../wire';
import type { PanelContext } from './context';
import { Loaded } from './dialog';

interface Part {
  readonly context: PanelContext;
}

/** The choice of a model, any that has a name, and its bill once the server has made it. */
export function Bill(props: Part & { period: UsageQuery['period'] }): React.ReactElement {
  const { context, period } = props;
  const { model: panel, trans } = context;
  const [as, setAs] = useState('');
  const load = useCallback(() => panel.usage({ period, as }), [panel, period, as]);
  const field = useRef<HTMLInputElement>(null);
  const names = useId();
  const { models } = panel.state;
  const paid = models.filter(entry => !entry.name.startsWith('offline:'));
  const compare = (event: React.FormEvent) => {
    event.preventDefault();
    setAs(field.current?.value.trim() ?? '');
  };
  return (
    <>
      <form className="jp-Analyst-choices" onSubmit={compare}>
        <label>
          {trans.__('The same tokens at')}{' '}
          <input
            ref={field}
            className="jp-mod-styled"
            list={names}
            placeholder={trans.__('provider:model')}
            autoComplete="off"
            spellCheck={false}
          />
        </label>
        <datalist id={names}>
          {paid.map(entry => (
            <option key={entry.name} value={entry.name}>
              {trans.__('%1 (%2)', modelTitle(entry.name, models), entry.title)}
            </option>
          ))}
        </datalist>
        <button type="submit" className="jp-Button jp-mod-styled">
          {trans.__('Compare')}
        </button>
      </form>
      <div className="jp-Analyst-bill" role="status">
        {as === '' ? null : (
          <Loaded load={load} trans={trans}>
            {(usage: OwnUsage) => usage.bill && <Figures bill={usage.bill} context={context} />}
          </Loaded>
        )}
      </div>
    </>
  );
}

function Figures({ bill, context }: Part & { bill: BillFigures }): React.ReactElement {
  const { trans } = context;
  const { cost_usd: other, real_usd: real, saved_usd: saved, offline_questions: questions } = bill;
  return (
    <>
      <p>
        <strong>{other === null ? trans.__('%1 has no known price.', bill.model) : money(other)}</strong>
        {other === null || real === null ? null : ` ${trans.__('instead of %1', money(real))}`}
      </p>
      {saved === null || questions === 0 ? null : (
        <p>
          {trans._n(
            'The offline analyst answered %1 question and saved about %2.',
            'The offline analyst answered %1 questions and saved about %2.',
            questions,
            money(saved)
          )}
        </p>
      )}
      <p className="jp-Analyst-aside">{bill.basis}</p>
    </>
  );
}
