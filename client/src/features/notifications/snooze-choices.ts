export interface SnoozeChoice { key: 'hour' | 'tomorrow' | 'week'; until: Date }

const MORNING = 9;
function morning(now: Date, days: number): Date {
  const at = new Date(now);
  at.setDate(at.getDate() + days);
  at.setHours(MORNING, 0, 0, 0);
  return at;
}

/** Until when something can be put off: an hour, tomorrow morning, next Monday's. */
export function snoozeChoices(now = new Date()): SnoozeChoice[] {
  return [
    { key: 'hour', until: new Date(now.getTime() + 3_600_000) },
    { key: 'tomorrow', until: morning(now, 1) },
    { key: 'week', until: morning(now, ((8 - now.getDay()) % 7) || 7) },
  ];
}
