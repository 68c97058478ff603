/** The budgets that apply here: how they stand, one's own to set and to end, and whether paid calls are on. */
import { HTMLSelect } from '@jupyterlab/ui-components';
import React, { useRef, useState } from 'react';

import { timeZone } from '../api';
import { money } from '../chat/format';
import { isZero } from '../decimal';
import type { BudgetState, BudgetStates, NewBudget } from '../wire';
import type { PanelContext } from './context';
import { ProblemLine } from './controls';
import { dollarsOf, nextPeriod, paidOffWords } from './figures';
import { Loaded } from './dialog';
import { useTask } from './hooks';

/** All of it, with what the user may do about it. */
export function Budgets({ context }: { context: PanelContext }): React.ReactElement {
  const { model, trans } = context;
  const [load] = useState(() => () => model.budgets());
  const top = useRef<HTMLHeadingElement>(null);
  return (
    <section aria-label={trans.__('Budgets')}>
      <h3 ref={top} tabIndex={-1}>
        {trans.__('Budgets')}
      </h3>
      <Loaded load={load} trans={trans}>
        {(states: BudgetStates, reload) => (
          <>
            {states.paid_calls.on ? null : (
              <p className="jp-Analyst-problem">{paidOffWords(states.paid_calls, trans)}</p>
            )}
            {states.budgets.length === 0 ? <p>{trans.__('There are none.')}</p> : null}
            <ul className="jp-Analyst-budgets">
              {states.budgets.map(state => (
                <Budget
                  key={state.budget.id}
                  state={state}
                  context={context}
                  ended={async () => {
                    top.current?.focus(); // its button goes; the keyboard stays in the dialog
                    await reload();
                  }}
                />
              ))}
            </ul>
            <Add context={context} reload={reload} />
          </>
        )}
      </Loaded>
    </section>
  );
}

function Budget(props: {
  state: BudgetState;
  context: PanelContext;
  ended: () => Promise<void>;
}): React.ReactElement {
  const { state, context, ended } = props;
  const { model, trans } = context;
  const task = useTask();
  const end = async () => {
    if (await task.run(() => model.endBudget(state.budget.id))) {
      await ended();
    }
  };
  const held = isZero(state.held_usd) ? '' : trans.__(' · %1 set aside', money(state.held_usd));
  const spent = trans.__('%1 of %2', money(state.spent_usd), money(state.budget.limit_usd));
  const kind = state.reached ? 'jp-mod-reached' : state.warned ? 'jp-mod-warned' : '';
  return (
    <li className={kind}>
      <p>
        <bdi className="jp-Analyst-budgetName">{state.words}</bdi>
        {state.mine ? (
          <button
            type="button"
            className="jp-Button jp-mod-styled"
            aria-label={trans.__('End the %1', state.words)}
            disabled={task.busy}
            onClick={() => void end()}
          >
            {trans.__('End')}
          </button>
        ) : null}
      </p>
      <div
        className="jp-Analyst-meter"
        role="meter"
        aria-label={state.words}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.min(100, state.percent)}
        aria-valuetext={spent}
      >
        <span style={{ inlineSize: `${Math.min(100, state.percent)}%` }} />
      </div>
      <p className="jp-Analyst-aside">
        {spent}
        {held}
        {' · '}
        {state.reached
          ? trans.__('reached; paid calls are refused until %1', nextPeriod(state))
          : state.warned
            ? trans.__('nearly used up; begins anew %1', nextPeriod(state))
            : trans.__('begins anew %1', nextPeriod(state))}
      </p>
      <ProblemLine text={task.problem} />
    </li>
  );
}

type Whose = 'everything' | 'notebook' | 'chat';

function Add({
  context,
  reload
}: {
  context: PanelContext;
  reload: () => Promise<void>;
}): React.ReactElement {
  const { model, trans } = context;
  const { target, chat } = model.state;
  const field = useRef<HTMLInputElement>(null);
  const [scope, setScope] = useState<Whose>('everything');
  const [period, setPeriod] = useState<NonNullable<NewBudget['period']>>('month');
  const [missing, setMissing] = useState<string | null>(null);
  const task = useTask();
  const save = async (event: React.FormEvent) => {
    event.preventDefault();
    const limit = dollarsOf(field.current?.value ?? '');
    setMissing(limit === null ? trans.__('Write an amount of dollars, such as 5 or 0.50.') : null);
    if (limit === null) {
      field.current?.focus();
      return;
    }
    const name = { everything: '', notebook: target?.path ?? '', chat: chat?.id ?? '' }[scope];
    const budget = { scope, name, period, limit_usd: limit, zone: timeZone() };
    if (await task.run(() => model.addBudget(budget))) {
      if (field.current !== null) {
        field.current.value = '';
      }
      await reload();
    }
  };
  return (
    <form className="jp-Analyst-choices" onSubmit={event => void save(event)}>
      <label>
        {trans.__('Spend at most $')}{' '}
        <input
          ref={field}
          className="jp-mod-styled"
          inputMode="decimal"
          autoComplete="off"
          spellCheck={false}
          size={7}
          aria-invalid={missing !== null}
        />
      </label>
      <HTMLSelect
        aria-label={trans.__('Period')}
        value={period}
        onChange={event => setPeriod(event.currentTarget.value as typeof period)}
        options={[
          { value: 'day', label: trans.__('a day') },
          { value: 'week', label: trans.__('a week') },
          { value: 'month', label: trans.__('a month') }
        ]}
      />
      <HTMLSelect
        aria-label={trans.__('For what')}
        value={scope}
        onChange={event => setScope(event.currentTarget.value as Whose)}
        options={[
          { value: 'everything', label: trans.__('for all that I ask') },
          ...(target ? [{ value: 'notebook', label: trans.__('in this notebook') }] : []),
          ...(chat ? [{ value: 'chat', label: trans.__('in this chat') }] : [])
        ]}
      />
      <button type="submit" className="jp-Button jp-mod-styled" disabled={task.busy}>
        {trans.__('Set the budget')}
      </button>
      <ProblemLine text={missing ?? task.problem} />
    </form>
  );
}
