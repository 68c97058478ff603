/** Turns of a chat from its stored messages, and changes to one of them. Pure. */
import type { RunningRun, RunTold, RunRefused, ShownMessage } from '../wire';
import { hasEnded, reduce, shown, unheard } from './reduce';
import type { TurnView } from './turn';

type Turns = readonly TurnView[];

/** Questions with their answers, oldest first. An answer whose question is not among them is left out. */
export function turnsOf(messages: readonly ShownMessage[]): Turns {
  const turns: TurnView[] = [];
  for (const message of messages) {
    if (message.role === 'user') {
      turns.push(asked(message));
    } else if (turns.length) {
      turns.push(answered(turns.pop() as TurnView, message));
    }
  }
  return turns;
}

/** A question that has just been sent. */
export function sentTurn(id: string, question: string, askedAt: string): TurnView {
  return { id, question, askedAt, run: null, messageId: null, feedback: null, undone: false, sent: true };
}

/** Runs that are under way and that the messages do not show yet: they wait for their turn. */
export function withRunning(turns: Turns, running: readonly RunningRun[], now: string): Turns {
  const missing = running.filter(each => !turns.some(turn => turn.run?.id === each.run));
  const added = missing.map(each => ({
    ...sentTurn(each.run, each.question, now),
    run: unheard(each.run, each.notebook)
  }));
  return added.length ? [...turns, ...added] : turns;
}

/** The turns after something that a run said. */
export function withItem(turns: Turns, item: RunTold | RunRefused): Turns {
  return changeTurn(turns, item.run, turn => (turn.run ? { ...turn, run: reduce(turn.run, item) } : turn));
}

/** Change the turn that a run belongs to. */
export function changeTurn(turns: Turns, run: string, change: (turn: TurnView) => TurnView): Turns {
  return turns.map(turn => (turn.run?.id === run ? change(turn) : turn));
}

/** Whether a question is on its way to the server. */
export function isOnItsWay(turn: TurnView | undefined): boolean {
  return turn !== undefined && turn.sent && turn.run === null;
}

/** The turn whose run is under way; a question that is only being sent has none yet. */
export function liveTurn(turns: Turns): TurnView | null {
  return turns.find(turn => turn.run && !hasEnded(turn.run)) ?? null;
}

function asked(message: ShownMessage): TurnView {
  const turn = sentTurn(message.id, message.text, message.created_at);
  return { ...turn, run: message.run ? shown(message.run) : null, sent: false };
}

function answered(turn: TurnView, message: ShownMessage): TurnView {
  return {
    ...turn,
    run: message.run ? shown(message.run) : turn.run,
    messageId: message.id,
    feedback: message.feedback
  };
}
