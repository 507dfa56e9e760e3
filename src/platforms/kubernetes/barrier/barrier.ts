import type {
  BarrierConfig,
  BarrierEffect,
  BarrierEvent,
  BarrierState,
  BarrierStep,
  Question,
} from './types.ts';

export const initial: BarrierState = {
  generation: 0,
  stored: 0,
  nodes: new Map(),
  questions: [],
  deadlineMs: null,
};

/** One event, to completion. A `tick` before the deadline changes nothing. */
export function step(
  config: BarrierConfig,
  before: BarrierState,
  event: BarrierEvent,
  nowMs: number,
): BarrierStep {
  if (event.type === 'tick' && (before.deadlineMs === null || nowMs < before.deadlineMs))
    return { state: before, effects: [] };
  const known = takeIn(before, event, nowMs);
  const { state: answered, effects: passed } = answer(config, known, nowMs);
  const state = moveOn(answered);
  const effects: BarrierEffect[] = [...passed];
  if (state.generation !== before.generation || (event.type === 'tick' && isMoving(state)))
    effects.push({ type: 'move', generation: state.generation });
  if (event.type === 'tick' || lagging(state).join() !== lagging(before).join())
    effects.push({ type: 'probe', nodes: lagging(state) });
  return { state: { ...state, deadlineMs: nextDeadline(config, state, nowMs) }, effects };
}

function takeIn(state: BarrierState, event: BarrierEvent, nowMs: number): BarrierState {
  switch (event.type) {
    case 'ask':
      return ask(state, event.id, nowMs);
    case 'stored':
      return { ...state, stored: Math.max(state.stored, event.generation) };
    case 'nodes':
      return { ...state, nodes: new Map(event.names.map((name) => [name, state.nodes.get(name) ?? 0])) };
    case 'led':
      return led(state, event.node, event.generation);
    default:
      return state;
  }
}

/** A move that is under way may have been sent before what this question is about was written. */
function ask(state: BarrierState, id: number, askedAtMs: number): BarrierState {
  if (state.questions.some((question) => question.id === id)) return state;
  const question: Question = { id, generation: state.generation + 1, askedAtMs };
  return { ...state, questions: [...state.questions, question] };
}

function led(state: BarrierState, node: string, generation: number): BarrierState {
  const seen = state.nodes.get(node);
  // It is not among the nodes any more.
  if (seen === undefined || seen >= generation) return state;
  return { ...state, nodes: new Map(state.nodes).set(node, generation) };
}

function answer(config: BarrierConfig, state: BarrierState, nowMs: number): BarrierStep {
  const effects: BarrierEffect[] = [];
  const questions = state.questions.filter((question) => {
    const unseen = unseenBy(state, question);
    const isOver = nowMs >= question.askedAtMs + config.timeoutMs;
    const isAnswered = question.generation <= state.stored && unseen.length === 0;
    if (isOver || isAnswered) effects.push({ type: 'passed', id: question.id, unseen });
    return !isOver && !isAnswered;
  });
  return { state: { ...state, questions }, effects };
}

function unseenBy(state: BarrierState, { generation }: Question): readonly string[] {
  return [...state.nodes].filter(([, seen]) => seen < generation).map(([name]) => name);
}

/** One move at a time; the next one when somebody has asked since this one began. */
function moveOn(state: BarrierState): BarrierState {
  const isWanted = state.questions.some(({ generation }) => generation > state.generation);
  return isWanted && !isMoving(state) ? { ...state, generation: state.generation + 1 } : state;
}

function isMoving(state: BarrierState): boolean {
  return state.stored < state.generation;
}

/** Nodes that somebody waits for. */
function lagging(state: BarrierState): readonly string[] {
  const newest = Math.max(0, ...state.questions.map(({ generation }) => Math.min(generation, state.stored)));
  return [...state.nodes].filter(([, seen]) => seen < newest).map(([name]) => name);
}

function nextDeadline(config: BarrierConfig, state: BarrierState, nowMs: number): number | null {
  const [oldest] = state.questions;
  return oldest === undefined
    ? null
    : Math.min(nowMs + config.reassertMs, oldest.askedAtMs + config.timeoutMs);
}
