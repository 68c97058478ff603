/** JupyterLab's dialog around a body with fields and buttons of its own. */
import { Dialog, ReactWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useCallback, useEffect, useRef, useState } from 'react';

import { ProblemLine, TextButton } from './controls';
import { sentence } from './hooks';

/** Enter and the arrows belong to the body where it has the focus; JupyterLab's dialog would close on them. */
class BodyDialog extends Dialog<unknown> {
  protected _evtKeydown(event: KeyboardEvent): void {
    const inBody = event.target instanceof Element && event.target.closest('.jp-Analyst-dialog') !== null;
    if (!inBody || event.key === 'Escape' || event.key === 'Tab') {
      super._evtKeydown(event);
    }
  }
}

/** Show something until the user is done with it; the body can say `close`, too. */
export async function showBody(
  title: string,
  body: (close: () => void) => React.ReactElement,
  trans: TranslationBundle
): Promise<void> {
  const widget = ReactWidget.create(body(() => dialog.reject()));
  widget.addClass('jp-Analyst-dialog');
  const dialog = new BodyDialog({
    title,
    body: widget,
    hasClose: true,
    buttons: [Dialog.okButton({ label: trans.__('Done') })]
  });
  await dialog.launch();
}

/** What comes of a question to the server: waiting, the value, or why there is none and another try. */
export function Loaded<T>(props: {
  load: () => Promise<T>;
  trans: TranslationBundle;
  children: (value: T, reload: () => Promise<void>) => React.ReactNode;
}): React.ReactElement {
  const { load, trans } = props;
  const [value, setValue] = useState<{ readonly it: T } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const wanted = useRef(load);
  const reload = useCallback(async () => {
    wanted.current = load;
    setProblem(null);
    try {
      const it = await load();
      if (wanted.current === load) {
        setValue({ it });
      }
    } catch (reason) {
      if (wanted.current === load) {
        setProblem(sentence(reason)); // what was asked for since has an answer of its own
      }
    }
  }, [load]);
  useEffect(() => void reload(), [reload]);

  if (problem !== null) {
    return (
      <>
        <ProblemLine text={problem} />
        <TextButton onClick={() => void reload()}>{trans.__('Try again')}</TextButton>
      </>
    );
  }
  return value === null ? (
    <p role="status">{trans.__('Loading…')}</p>
  ) : (
    <>{props.children(value.it, reload)}</>
  );
}
