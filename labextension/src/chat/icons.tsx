/** The few signs of the chat, drawn in the colour of the text beside them. */
import React from 'react';

/** What a sign stands for. */
export type Sign =
  'done' | 'failed' | 'open' | 'waits' | 'unsure' | 'fold' | 'star' | 'send' | 'stop' | 'down';

const PATHS: Readonly<Record<Sign, string>> = {
  done: 'M6.2 12.2 2.4 8.4l1.2-1.2 2.6 2.6 6.2-6.2 1.2 1.2z',
  failed: 'M7.1 2h1.8v8H7.1zM7.1 12h1.8v2H7.1z',
  open: 'M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3zm0 1.4a3.6 3.6 0 1 1 0 7.2 3.6 3.6 0 0 1 0-7.2z',
  waits: 'M4 3h3v10H4zM9 3h3v10H9z',
  unsure:
    'M7.1 12h1.8v2H7.1zM8 2C6.1 2 4.6 3.3 4.5 5.2h1.8C6.4 4.3 7.1 3.7 8 3.7c1 0 1.7.6 1.7 1.5 0 .7-.4 1.1-1.2 1.7C7.6 7.6 7.1 8.3 7.1 9.5v.7h1.8v-.5c0-.7.3-1.1 1.1-1.7.9-.7 1.5-1.5 1.5-2.8C11.5 3.300 10 2 8 2z',
  fold: 'M6 3.600 10.400 8 6 12.400z',
  star: 'm8 1.600 1.900 4.200 4.500.500-3.400 3.100 1 4.500L8 11.600l-4 2.300 1-4.500L1.600 6.300l4.500-.500z',
  send: 'M2 2.500 14.500 8 2 13.500V9.200L9 8 2 6.800z',
  stop: 'M4 4h8v8H4z',
  down: 'M8 11.400 3 6.400l1.200-1.200L8 9l3.800-3.800L13 6.400z'
};

/** A sign beside words that say the same. */
export function Icon(props: { readonly sign: Sign; readonly className?: string }): JSX.Element {
  return (
    <svg
      className={`jp-AnalystChat-icon ${props.className ?? ''}`}
      viewBox="0 0 16 16"
      width="12"
      height="12"
      fill="currentColor"
      aria-hidden="true"
    >
      <path d={PATHS[props.sign]} />
    </svg>
  );
}
