import { byDay, dayOf, longTime, shortTime } from '../days';

const at = (moment: string) => ({ active_at: moment });

describe('the days of the history', () => {
  const berlin = { now: new Date('2026-11-22T08:00:00Z'), timeZone: 'Europe/Berlin', locale: 'en-GB' };

  it('begins a day at midnight where the user is, not at midnight UTC', () => {
    expect(dayOf('2026-11-21T23:00:00Z', berlin)).toBe('today');
    expect(dayOf('2026-11-21T22:59:59Z', berlin)).toBe('yesterday');
    expect(dayOf('2026-11-20T23:00:00Z', berlin)).toBe('yesterday');
    expect(dayOf('2026-11-20T22:59:59Z', berlin)).toBe('earlier');
  });

  it('sees the same moment on another day elsewhere', () => {
    const now = new Date('2026-11-22T08:00:00Z');
    const moment = '2026-11-22T02:00:00Z';
    expect(dayOf(moment, { now, timeZone: 'Europe/Berlin' })).toBe('today');
    expect(dayOf(moment, { now, timeZone: 'America/Los_Angeles' })).toBe('yesterday');
    expect(dayOf('2026-11-22T05:00:00+05:30', { now, timeZone: 'Asia/Kolkata' })).toBe('today');
  });

  it.each([
    ['2026-10-25T22:30:00Z', '2026-10-24T22:00:00Z'], // 25 hours: clocks went back
    ['2026-03-29T21:30:00Z', '2026-03-28T23:00:00Z'] // 23 hours: clocks went ahead
  ])('counts days by the calendar when clocks change (%s)', (now, morning) => {
    const here = { now: new Date(now), timeZone: 'Europe/Berlin' };
    expect(dayOf(morning, here)).toBe('today');
    expect(dayOf(new Date(Date.parse(morning) - 1000).toISOString(), here)).toBe('yesterday');
  });

  it('finds yesterday across the turn of a month and a year', () => {
    const here = { now: new Date('2027-01-01T12:00:00Z'), timeZone: 'UTC' };
    expect(dayOf('2026-12-31T00:00:00Z', here)).toBe('yesterday');
    const march = { now: new Date('2028-03-01T00:00:00Z'), timeZone: 'UTC' };
    expect(dayOf('2028-02-29T12:00:00Z', march)).toBe('yesterday');
  });

  it('calls a moment of a clock that is ahead today', () => {
    expect(dayOf('2026-11-23T09:00:00Z', berlin)).toBe('today');
  });

  it('groups entries in the order they came in', () => {
    const entries = [
      '2026-11-22T07:00:00Z',
      '2026-11-22T06:00:00Z',
      '2026-11-21T12:00:00Z',
      '2026-01-01T12:00:00Z'
    ];
    expect(byDay(entries.map(at), berlin).map(group => [group.day, group.entries.length])).toEqual([
      ['today', 2],
      ['yesterday', 1],
      ['earlier', 1]
    ]);
    expect(byDay([], berlin)).toEqual([]);
  });

  it('shows a time of day for recent chats and a date for earlier ones', () => {
    expect(shortTime('2026-11-22T07:05:00Z', berlin)).toBe('8:05');
    expect(shortTime('2026-11-21T12:00:00Z', berlin)).toBe('13:00');
    expect(shortTime('2026-02-03T12:00:00Z', berlin)).toBe('3 Feb');
    expect(shortTime('2025-02-03T12:00:00Z', berlin)).toBe('3 Feb 2025');
    expect(longTime('2026-11-22T07:05:00Z', berlin)).toContain('22 November 2026');
  });
});
