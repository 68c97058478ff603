/** The translator that the tests use: no translation, the same placeholders. */
import type { Words } from '../../chat/format';

const filled = (text: string, args: unknown[]) =>
  text.replace(/%(\d+)/g, (_, place) => String(args[place - 1]));

export const words: Words = {
  __: (text, ...args) => filled(text, args),
  _n: (one, many, n, ...args) => filled(n === 1 ? one : many, [n, ...args])
};
