import type { Words } from '../format';

function filled(text: string, values: readonly unknown[]): string {
  return text.replace(/%(\d)/g, (_, position: string) => String(values[Number(position) - 1]));
}

/** English, as JupyterLab's translator gives it where there is no language pack. */
export const words: Words = {
  __: (text, ...values) => filled(text, values),
  _n: (one, many, number, ...values) => filled(number === 1 ? one : many, [number, ...values])
};
