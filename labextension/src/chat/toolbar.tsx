/** Below and above the text field: what a command answered, model and mode, Send or Stop. */
import React from 'react';

import type { InputToolbarRegistry } from '@jupyter/chat';

import { modeTitle } from './composing';
import type { Composer } from './composer';
import { useAction, usePanel, useParts } from './context';
import type { Estimate } from '../wire';
import { modelTitle, range } from './format';
import type { Words } from './format';
import { Icon } from './icons';
import { currentMode, modeChoices, openMenu } from './pickers';
import { announcement } from './telling';

/** Describes the text field. */
export const ESTIMATE_ID = 'autoanalyst-estimate';

/** What the bar needs beside the parts. */
export interface BarOptions {
  readonly composer: Composer;
  /** The bar is in the page: what stands around it can be given names. */
  readonly onReady: (bar: HTMLElement) => void;
  /** The end of the list, once there is a list. */
  readonly end: {
    readonly inView: () => boolean;
    readonly subscribe: (listener: () => void) => () => void;
    readonly show: () => void;
  };
}

/** Makes the one item of the chat widget's input toolbar. */
export function barOf(options: BarOptions): (props: InputToolbarRegistry.IToolbarItemProps) => JSX.Element {
  return ({ model }) => <Bar {...options} input={model} />;
}

function Bar(
  props: BarOptions & { readonly input: InputToolbarRegistry.IToolbarItemProps['model'] }
): JSX.Element {
  const { composer, input, onReady, end } = props;
  const node = React.useRef<HTMLDivElement>(null);
  React.useEffect(() => {
    composer.attach(input);
    if (node.current !== null) {
      onReady(node.current);
    }
    const typed = () => composer.typed(input.value);
    input.valueChanged.connect(typed);
    return () => void input.valueChanged.disconnect(typed);
  }, [composer, input, onReady]);
  return (
    <>
      <Lines composer={composer} />
      <div ref={node} className="jp-AnalystChat-bar">
        <ModelPicker />
        <ModePicker />
        <span className="jp-AnalystChat-gap" />
        <SendOrStop composer={composer} input={input} />
      </div>
      <MayCost />
      <ToEnd end={end} />
      <Announcer />
    </>
  );
}

/** Why the last question was refused, or what a command answered. */
function Lines({ composer }: { readonly composer: Composer }): JSX.Element | null {
  const { words } = useParts();
  const refused = usePanel(state => state.refused);
  const [hidden, setHidden] = React.useState<string | null>(null);
  const reply = React.useSyncExternalStore(
    React.useCallback(
      (listener: () => void) => {
        composer.replyChanged.connect(listener);
        return () => void composer.replyChanged.disconnect(listener);
      },
      [composer]
    ),
    () => composer.reply
  );
  React.useEffect(() => setHidden(null), [refused]);
  const lines = reply.length > 0 ? reply : refused !== null && refused !== hidden ? [refused] : [];
  if (lines.length === 0) {
    return null;
  }
  const close = () => (reply.length > 0 ? composer.say([]) : setHidden(refused));
  return (
    <div className="jp-AnalystChat-lines" role="status">
      <div>
        {lines.map((line, index) => (
          <div key={index}>{line}</div>
        ))}
      </div>
      <button type="button" className="jp-AnalystChat-textButton" onClick={close}>
        {words.__('Close')}
      </button>
    </div>
  );
}

function ModelPicker(): JSX.Element {
  const { words, chooseModel } = useParts();
  const models = usePanel(state => state.models);
  const picked = usePanel(state => state.model);
  const me = usePanel(state => state.me);
  const name = picked ?? models.find(entry => entry.default)?.name ?? me?.model ?? null;
  const title = name === null ? words.__('Model') : modelTitle(name, models);
  return (
    <button
      type="button"
      className="jp-AnalystChat-picker"
      aria-haspopup="menu"
      aria-label={words.__('Model: %1', title)}
      title={words.__('Which model answers')}
      onClick={event => chooseModel(event.currentTarget)}
    >
      {title}
    </button>
  );
}

function ModePicker(): JSX.Element {
  const { model, words } = useParts();
  usePanel(state => state.me);
  usePanel(state => state.mode);
  const title = modeTitle(currentMode(model), words);
  return (
    <button
      type="button"
      className="jp-AnalystChat-picker"
      aria-haspopup="menu"
      aria-label={words.__('Mode: %1', title)}
      title={words.__('When code may run')}
      onClick={event => openMenu(event.currentTarget, modeChoices(model, words))}
    >
      {title}
    </button>
  );
}

/** What the question that is being written may cost. */
function MayCost(): JSX.Element {
  const { words } = useParts();
  const found = usePanel(state => state.estimate);
  return (
    <div id={ESTIMATE_ID} className="jp-AnalystChat-estimate" title={found?.basis || undefined}>
      {found === null ? '' : estimateWords(found, words)}
    </div>
  );
}

function SendOrStop(props: {
  readonly composer: Composer;
  readonly input: InputToolbarRegistry.IToolbarItemProps['model'];
}): JSX.Element {
  const { input } = props;
  const { model, words } = useParts();
  const action = useAction();
  const isLive = usePanel(state => state.live !== null);
  const isEmpty = React.useSyncExternalStore(
    React.useCallback(
      (listener: () => void) => {
        input.valueChanged.connect(listener);
        return () => void input.valueChanged.disconnect(listener);
      },
      [input]
    ),
    () => input.value.trim() === ''
  );
  if (isLive) {
    return (
      <button
        type="button"
        className="jp-AnalystChat-button"
        disabled={action.busy}
        onClick={() => action.act(() => model.stop())}
      >
        <Icon sign="stop" /> {words.__('Stop')}
      </button>
    );
  }
  return (
    <button
      type="button"
      className="jp-AnalystChat-button jp-mod-accept"
      disabled={isEmpty}
      onClick={() => input.send(input.value)}
    >
      <Icon sign="send" /> {words.__('Send')}
    </button>
  );
}

function ToEnd({ end }: Pick<BarOptions, 'end'>): JSX.Element | null {
  const { words } = useParts();
  const inView = React.useSyncExternalStore(end.subscribe, end.inView);
  return inView ? null : (
    <button
      type="button"
      className="jp-AnalystChat-toEnd"
      title={words.__('Go to the end')}
      aria-label={words.__('Go to the end')}
      onClick={end.show}
    >
      <Icon sign="down" />
    </button>
  );
}

/** Tells a screen reader how the last run goes; the words themselves are not read out piece by piece. */
function Announcer(): JSX.Element {
  const { words } = useParts();
  const last = usePanel(state => state.turns.at(-1) ?? null);
  return (
    <div className="jp-AnalystChat-hidden" role="status">
      {announcement(last?.run ?? null, words)}
    </div>
  );
}

function estimateWords(found: Estimate, words: Words): string {
  switch (found.kind) {
    case 'free':
      return words.__('Free');
    case 'unpriced':
      return words.__('Price unknown');
    case 'priced':
      return words.__('May cost %1', range(found, words));
  }
}
