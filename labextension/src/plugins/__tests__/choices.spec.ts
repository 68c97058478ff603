/** The settings as runs want them: what is not set, or makes no sense, is the server's to choose. */
import { choicesOf } from '../choices';

test('what is set is taken', () => {
  expect(
    choicesOf({ model: 'openai:gpt', mode: 'ask', temperature: 0, rounds: 5, seconds: 30.5, askAbove: 0 })
  ).toEqual({
    model: 'openai:gpt',
    mode: 'ask',
    run: { temperature: 0, rounds: 5, seconds: 30.5 },
    askAbove: 0
  });
});

test.each([{}, { model: null, mode: null, temperature: null }, { model: '', mode: 'wild', tokens: 'many' }])(
  'the rest is left to the server: %j',
  settings => {
    expect(choicesOf(settings)).toEqual({ model: null, mode: null, run: {}, askAbove: null });
  }
);
