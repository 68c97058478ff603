/** The chat's title, edited in place: Enter saves, Escape cancels. */
import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useRef } from 'react';

import { tidyTitle } from './names';

/** A field with a title to edit. Leaving it saves, like Enter. */
export function TitleField(props: {
  title: string;
  label: string;
  onSave: (title: string) => void;
  onCancel: () => void;
}): React.ReactElement {
  const field = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  useEffect(() => field.current?.select(), []);

  const end = (save: boolean) => {
    if (done.current) {
      return;
    }
    done.current = true;
    const title = tidyTitle(field.current?.value ?? '');
    if (save && title !== '' && title !== props.title) {
      props.onSave(title);
    } else {
      props.onCancel();
    }
  };
  const pressed = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing || !['Enter', 'Escape'].includes(event.key)) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    end(event.key === 'Enter');
  };
  return (
    <input
      ref={field}
      className="jp-Analyst-titleField jp-mod-styled"
      aria-label={props.label}
      defaultValue={props.title}
      maxLength={200}
      onKeyDown={pressed}
      onBlur={() => end(true)}
      autoFocus
    />
  );
}

/** The title; a click or F2 edits it. */
export function ChatTitle(props: {
  title: string | null;
  editing: boolean;
  trans: TranslationBundle;
  onEdit: (on: boolean) => void;
  onSave: (title: string) => void;
}): React.ReactElement {
  const { title, editing, trans, onEdit } = props;
  const button = useRef<HTMLButtonElement>(null);
  const wasEditing = useRef(false);
  useEffect(() => {
    if (wasEditing.current && !editing) {
      button.current?.focus();
    }
    wasEditing.current = editing;
  }, [editing]);

  if (title === null) {
    return <h2 className="jp-Analyst-title">{trans.__('New chat')}</h2>;
  }
  if (editing) {
    const save = (changed: string) => {
      onEdit(false);
      props.onSave(changed);
    };
    return (
      <TitleField
        title={title}
        label={trans.__('Title of this chat')}
        onSave={save}
        onCancel={() => onEdit(false)}
      />
    );
  }
  return (
    <h2 className="jp-Analyst-title">
      <button
        ref={button}
        type="button"
        title={trans.__('%1 (F2 renames)', title)}
        onClick={() => onEdit(true)}
      >
        {title}
      </button>
    </h2>
  );
}
