/** What our components share: they show the model's state, and say what went wrong with what they began. */
import type { ISignal } from '@lumino/signaling';
import { useCallback, useEffect, useReducer, useRef, useState } from 'react';

import type { IPanelModel, PanelState } from '../model/panel';

/** Render again whenever the signal is emitted. */
export function useChanges(changed: ISignal<unknown, unknown>): void {
  const [, again] = useReducer((times: number) => times + 1, 0);
  useEffect(() => {
    const slot = () => again();
    changed.connect(slot);
    again(); // It may have changed between the first rendering and now.
    return () => {
      changed.disconnect(slot);
    };
  }, [changed]);
}

/** The model's state now, and at every change of it. */
export function usePanelState(model: IPanelModel): PanelState {
  useChanges(model.stateChanged);
  return model.state;
}

/** What was thrown, as a sentence. */
export function sentence(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}

/** Something that a component has begun. */
export interface Task {
  readonly busy: boolean;
  /** Why the last one failed. */
  readonly problem: string | null;
  /** Begin; resolves to false when it failed. */
  readonly run: (work: () => Promise<unknown>) => Promise<boolean>;
}

/** A place for work that can fail. */
export function useTask(): Task {
  const [state, setState] = useState<{ busy: boolean; problem: string | null }>({
    busy: false,
    problem: null
  });
  const here = useRef(true);
  useEffect(() => {
    here.current = true;
    return () => {
      here.current = false;
    };
  }, []);
  const run = useCallback(async (work: () => Promise<unknown>) => {
    setState({ busy: true, problem: null });
    let problem: string | null = null;
    try {
      await work();
    } catch (reason) {
      problem = sentence(reason);
    }
    if (here.current) {
      setState({ busy: false, problem });
    }
    return problem === null;
  }, []);
  return { ...state, run };
}
