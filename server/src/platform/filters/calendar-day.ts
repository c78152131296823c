/** The day a text begins with, as `2026-01-31`; undefined when there is no such day. JavaScript itself takes 30 February for 2 March. */
export function calendarDay(text: string): string | undefined {
  const day = /^\d{4}-\d{2}-\d{2}(?=$|T)/.exec(text)?.[0];
  if (!day || day.startsWith('0000')) return undefined;
  const time = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day) ? day : undefined;
}
