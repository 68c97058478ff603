/** The panel is told of changes at once, and then at most every 50 ms. */
import { Store } from '../store';

beforeEach(() => {
  jest.useFakeTimers();
});

test('a burst of changes is told twice: its first at once, the rest together', () => {
  const store = new Store();
  const heard: (string | null)[] = [];
  store.changed.connect(() => heard.push(store.state.refused));
  for (let number = 0; number < 100; number++) {
    store.set({ refused: String(number) });
  }
  expect(heard).toEqual(['0']);
  jest.advanceTimersByTime(50);
  expect(heard).toEqual(['0', '99']);
  jest.advanceTimersByTime(1000);
  expect(heard).toHaveLength(2);
});

test('setting what is there already tells nothing', () => {
  const store = new Store();
  let heard = 0;
  store.changed.connect(() => (heard += 1));
  store.set({ refused: null, looking: false });
  expect(heard).toBe(0);
});

test('a disposed store is silent', () => {
  const store = new Store();
  let heard = 0;
  store.changed.connect(() => (heard += 1));
  store.set({ refused: 'a' });
  store.set({ refused: 'b' });
  store.dispose();
  jest.advanceTimersByTime(1000);
  expect([heard, store.state.refused]).toEqual([1, 'b']);
});
