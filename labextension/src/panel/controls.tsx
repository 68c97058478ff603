/** Small controls that look like JupyterLab's. */
import type { LabIcon } from '@jupyterlab/ui-components';
import React from 'react';

/** A button that is only an icon; its label is its name and its tooltip. */
export function IconButton(
  props: {
    icon: LabIcon;
    label: string;
  } & React.ButtonHTMLAttributes<HTMLButtonElement>
): React.ReactElement {
  const { icon, label, className, ...rest } = props;
  return (
    <button
      type="button"
      {...rest}
      className={`jp-Analyst-iconButton ${className ?? ''}`}
      aria-label={label}
      title={label}
    >
      <icon.react tag="span" elementSize="normal" aria-hidden />
    </button>
  );
}

/** A button that reads as a part of a sentence. */
export function TextButton(props: React.ButtonHTMLAttributes<HTMLButtonElement>): React.ReactElement {
  return <button type="button" {...props} className={`jp-Analyst-textButton ${props.className ?? ''}`} />;
}

/** What went wrong, where it was begun. */
export function ProblemLine(props: { text: string | null }): React.ReactElement | null {
  return props.text === null ? null : (
    <p className="jp-Analyst-problem" role="alert">
      {props.text}
    </p>
  );
}
