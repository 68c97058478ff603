/** Texts that must never become anything but text. The tests in the browser read the same file. */
export const ATTACKS: readonly string[] = jest.requireActual<string[]>('../../../../tests/data/xss.json');
