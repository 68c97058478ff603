/** Room for a widget in a side bar. How the application splits its window is found by going up from the widget. */
import { SplitPanel, type Widget } from '@lumino/widgets';

/** Not more than this part of the window is taken. */
const MOST = 0.4;

/** Make the column that a widget is in at least so many pixels wide, at the cost of the widest one. */
export function widen(widget: Widget, pixels: number): void {
  let column = widget;
  while (column.parent !== null && !isColumns(column.parent)) {
    column = column.parent;
  }
  const split = column.parent;
  if (split === null || !isColumns(split) || column.isHidden) {
    return;
  }
  const sizes = split.relativeSizes();
  const wide = grown(sizes, split.widgets.indexOf(column), Math.min(pixels / split.node.clientWidth, MOST));
  split.setRelativeSizes(wide);
}

/** The shares with one of them at least `least`; what it lacks is taken from the largest. */
export function grown(shares: readonly number[], place: number, least: number): number[] {
  const lacking = least - shares[place];
  const largest = shares.indexOf(Math.max(...shares));
  if (lacking <= 0 || largest === place) {
    return [...shares];
  }
  return shares.map((share, at) => share + (at === place ? lacking : at === largest ? -lacking : 0));
}

function isColumns(widget: Widget): widget is SplitPanel {
  return widget instanceof SplitPanel && widget.orientation === 'horizontal';
}
